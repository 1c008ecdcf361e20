// The sums of checkout follow the form: the page itself counts them, this only puts them in place.
// Without this file the button beside the voucher does the same through the page.
"use strict";

document.querySelectorAll("form[data-sum]").forEach((form) => {
  let asked = 0;

  const count = async () => {
    const mine = (asked += 1);
    const body = new FormData(form);
    body.set("step", "sum");
    const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
    if (!answer || !answer.ok || mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelectorAll("[data-bill]").forEach((place) => {
      const fresh = page.querySelector(`[data-bill="${place.dataset.bill}"]`);
      if (fresh) place.replaceChildren(...fresh.childNodes);
    });
  };
  const moves = new Set(["pay", "voucher", "use_credit", "province_code"]);
  form.addEventListener("change", (event) => {
    if (moves.has(event.target.name)) count();
  });
  form.addEventListener("placed", count);
  form.querySelector("[value=sum]")?.addEventListener("click", (event) => {
    event.preventDefault();
    count();
  });
});
