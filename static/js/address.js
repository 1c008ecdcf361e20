// Address form: lists follow the chosen province, a pasted lump fills the fields. Without this file
// the two buttons beside them do the same through the page.
"use strict";

document.querySelectorAll("[data-places]").forEach((box) => {
  const form = box.closest("form");
  const field = (name) => form.elements.namedItem(name);
  const [province, city, county] = ["province_code", "city_code", "county_code"].map(field);
  const said = box.querySelector("[data-said]");
  const words = box.dataset;
  let cities = [];

  const offer = (select, head, rows) => {
    const kept = select.value;
    select.replaceChildren(new Option(head, ""), ...rows.map(([code, name]) => new Option(name, code)));
    select.value = rows.some(([code]) => code === kept) ? kept : rows.length === 1 ? rows[0][0] : "";
  };
  const below = () => {
    const found = cities.find(([code]) => code === city.value);
    offer(county, found ? words.county : words.cityFirst, found ? found[2] : []);
  };
  const load = async () => {
    cities = [];
    if (province.value) {
      const answer = await fetch(words.places.replace("00", province.value)).catch(() => null);
      if (!answer || !answer.ok) return;
      cities = (await answer.json()).cities;
    }
    const settled = city.value || county.value.slice(0, 4);
    offer(city, cities.length ? words.city : words.provinceFirst, cities);
    if (cities.some(([code]) => code === settled)) city.value = settled;
    below();
  };
  const read = async (event) => {
    event.preventDefault();
    const answer = await fetch(words.read, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (!answer || !answer.ok) return form.requestSubmit(event.target);
    const { fields, said: sentence } = await answer.json();
    for (const [name, value] of Object.entries(fields)) if (value && field(name) && !name.endsWith("_code")) field(name).value = value;
    if (fields.province_code && !province.querySelector(`[value="${fields.province_code}"]`).disabled) {
      province.value = fields.province_code;
      await load();
      city.value = fields.city_code;
      below();
      county.value = fields.county_code;
      form.dispatchEvent(new Event("placed"));
    }
    if (Object.values(fields).some(Boolean)) field("paste").value = "";
    said.textContent = sentence;
  };

  province.addEventListener("change", load);
  city.addEventListener("change", below);
  box.querySelector("[value=read]").addEventListener("click", read);
  field("paste").addEventListener("paste", () => setTimeout(() => box.querySelector("[value=read]").click()));
  box.querySelector("[value=places]").hidden = true;
  if (province.value) load();
});
