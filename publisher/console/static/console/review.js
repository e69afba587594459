// Which lines say a finding, and which findings a line says: lit on both sides. Without this script the links jump there
// and the browser marks the first line by itself.
"use strict";
(() => {
  const review = document.querySelector(".review");
  if (!review) return;
  const source = document.getElementById("van-ban");
  const live = document.getElementById("review-told");
  const lit = [];

  const unlight = () => { while (lit.length) lit.pop().classList.remove("is-lit"); };
  const light = (element) => { element.classList.add("is-lit"); lit.push(element); };
  const lines = (from, to) => {
    for (let no = from; no <= to; no += 1) {
      const line = document.getElementById(`L${no}`);
      if (line) light(line);
    }
  };
  const findingsAt = (no) => [...review.querySelectorAll(".finding[data-from]:not(.is-out)")]
    .filter((one) => Number(one.dataset.from) <= no && no <= Number(one.dataset.to))
    .sort((a, b) => (a.dataset.to - a.dataset.from) - (b.dataset.to - b.dataset.from));

  const show = (finding) => {
    unlight();
    light(finding);
    lines(Number(finding.dataset.from), Number(finding.dataset.to));
  };

  document.addEventListener("click", (event) => {
    const mark = event.target.closest(".marks a");
    if (mark) {
      const finding = document.querySelector(mark.hash);
      if (finding) show(finding);
      return;
    }
    const at = event.target.closest("a.at");
    if (at) {
      const finding = at.closest(".finding");
      unlight();
      if (finding) light(finding);
      lines(Number(at.dataset.from), Number(at.dataset.to));
      return;
    }
    const edit = event.target.closest("[data-edit]");
    if (edit) {
      document.getElementById(edit.dataset.edit)?.click();
      return;
    }
    const cancel = event.target.closest("a.cancel");
    if (cancel && review.contains(cancel)) {
      event.preventDefault();
      const place = cancel.closest(".form-place");
      const form = place.querySelector("[data-form-of]");
      const back = form && document.getElementById(form.dataset.formOf);
      place.replaceChildren();
      if (back) back.focus();
      return;
    }
    if (event.target.closest("a, button, input, select, textarea, label, summary") || String(getSelection())) return;
    const line = event.target.closest(".line.is-read");
    if (line) {
      const found = findingsAt(Number(line.dataset.no));
      if (!found.length) return;
      unlight();
      light(line);
      found.forEach(light);
      if (found[0].checkVisibility()) found[0].scrollIntoView({ block: "center" });
      else location.hash = found[0].id;
      live.textContent = `Từ dòng này máy hiểu: ${found.length} mục.`;
      return;
    }
    const finding = event.target.closest(".finding[data-from]");
    if (finding && source.checkVisibility()) {
      show(finding);
      document.getElementById(`L${finding.dataset.from}`)?.scrollIntoView({ block: "center" });
    }
  });

  let answered = -1; // which warning was dealt with: the list comes anew, and a keyboard goes on with the next
  const doubts = () => [...document.querySelectorAll("#can-xem form")];
  document.addEventListener("htmx:beforeRequest", (event) => { answered = doubts().indexOf(event.target); });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (answered >= 0) {
      const next = doubts()[Math.min(answered, doubts().length - 1)];
      answered = -1;
      (next?.querySelector("button") ?? document.getElementById("h-todo")).focus();
      return;
    }
    const told = review.querySelector("[data-focus]");
    if (told) {
      const next = document.getElementById(told.dataset.focus) ?? told.closest("section");
      delete told.dataset.focus;
      if (!next.hasAttribute("tabindex") && next.tagName === "SECTION") next.tabIndex = -1;
      next.focus();
      return;
    }
    const form = event.detail.elt.querySelector?.(".correct");
    if (form) form.querySelector("#errors, input:not([type=hidden]), textarea, select")?.focus();
  });
})();
