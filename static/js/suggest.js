// Suggestions under a search box. Without this file the box is a plain form and works the same.
"use strict";

(() => {
  const WAIT = 150; // milliseconds after the last letter
  const kept = new Map();

  const load = async (address) => {
    if (!kept.has(address)) {
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      if (!answer.ok) return "";
      kept.set(address, await answer.text());
    }
    return kept.get(address);
  };

  document.querySelectorAll("form[data-suggest]").forEach((form) => {
    const field = form.querySelector("input[type=search]");
    const panel = document.createElement("ul");
    panel.className = "suggest";
    panel.setAttribute("role", "listbox");
    panel.setAttribute("aria-label", form.querySelector("label").textContent);
    panel.hidden = true;
    panel.id = `${field.id}-list`;
    form.append(panel);
    let timer = 0;
    let chosen = -1;
    let composing = false;

    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-controls", panel.id);

    const options = () => [...panel.querySelectorAll("[role=option]")];

    const close = () => {
      clearTimeout(timer);
      panel.hidden = true;
      chosen = -1;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    };

    const mark = (index) => {
      const rows = options();
      chosen = rows.length ? (index + rows.length) % rows.length : -1;
      rows.forEach((row, n) => row.setAttribute("aria-selected", String(n === chosen)));
      if (chosen < 0) return;
      field.setAttribute("aria-activedescendant", rows[chosen].id);
      rows[chosen].scrollIntoView({ block: "nearest" });
    };

    const show = async () => {
      const typed = field.value.trim();
      if (!typed) { close(); return; }
      const html = await load(`${form.dataset.suggest}?q=${encodeURIComponent(typed)}`).catch(() => "");
      if (typed !== field.value.trim() || document.activeElement !== field) return;
      panel.innerHTML = html;
      if (!options().length) { close(); return; }
      options().forEach((row, n) => { row.id = `${panel.id}-${n}`; row.setAttribute("aria-selected", "false"); });
      chosen = -1;
      field.removeAttribute("aria-activedescendant");
      panel.hidden = false;
      field.setAttribute("aria-expanded", "true");
    };

    const later = () => {
      clearTimeout(timer);
      if (!composing) timer = setTimeout(show, WAIT);
    };

    field.addEventListener("compositionstart", () => { composing = true; });
    field.addEventListener("compositionend", () => { composing = false; later(); });
    field.addEventListener("input", later);
    field.addEventListener("blur", () => setTimeout(close, WAIT));
    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape" && !panel.hidden) { event.preventDefault(); close(); return; }
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        if (panel.hidden) show(); else mark(chosen < 0 && step < 0 ? -1 : chosen + step);
        return;
      }
      const row = panel.hidden ? undefined : options()[chosen];
      if (event.key === "Enter" && row) { event.preventDefault(); location.assign(row.dataset.href); }
    });
    panel.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps its focus
    panel.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) location.assign(row.dataset.href);
    });
  });
})();
