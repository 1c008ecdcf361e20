// Niceties only: every page works without this file.
"use strict";

// A button that was pressed says so and is not pressed twice; going back in the browser frees it again.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || !button.classList.contains("btn")) return;
  if (button.getAttribute("aria-busy") === "true") { event.preventDefault(); return; }
  button.style.minWidth = `${button.offsetWidth}px`;
  button.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll(".btn[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
});
