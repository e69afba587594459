// A file that is downloaded leaves the page where it is: the words in the form are still unsaved.
"use strict";
(() => {
  const form = document.getElementById("making");
  const shown = document.getElementById("made");
  if (!form || !shown) return;

  form.addEventListener("submit", (event) => {
    if (event.submitter && "download" in event.submitter.dataset) {
      setTimeout(() => form.dispatchEvent(new Event("input")), 0);
    }
  });
  shown.addEventListener("htmx:beforeRequest", () => shown.setAttribute("aria-busy", "true"));
  shown.addEventListener("htmx:afterRequest", () => shown.setAttribute("aria-busy", "false"));
})();
