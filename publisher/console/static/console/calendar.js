// Moving an entry of the calendar: with the mouse by dragging it, with the keyboard by “Dời”, arrows and Enter.
// Without this script “Dời” leads to a form that does the same.
"use strict";
(() => {
  const box = document.getElementById("calendar");
  const live = document.getElementById("calendar-told");
  if (!box) return;

  let dragged = null; // what the mouse carries
  let held = null; // {entry, cell}: what the keyboard carries, and where it would be put

  // A week stands on the page twice, as hours and as a list; one of them is shown.
  const cells = () => [...box.querySelectorAll("[data-day]")].filter((cell) => cell.offsetParent);
  const key = (cell) => `${cell.dataset.day} ${cell.dataset.hour ?? ""}`;
  const say = (words) => { live.textContent = words; };

  let moving = ""; // the address of what was sent, to find it again

  const send = (entry, cell) => {
    moving = entry.dataset.move;
    const clock = entry.dataset.clock;
    const hour = cell.dataset.hour ? `${cell.dataset.hour.padStart(2, "0")}:${clock.slice(3)}` : clock;
    htmx.ajax("POST", entry.dataset.move, {
      target: "#calendar",
      swap: "innerHTML",
      values: {
        csrfmiddlewaretoken: box.dataset.token,
        luc: entry.dataset.at,
        day: cell.dataset.day,
        hour,
        xem: box.querySelector("[data-asked]").dataset.asked,
      },
    });
  };

  const unmark = () => box.querySelectorAll(".is-target").forEach((cell) => cell.classList.remove("is-target"));
  const mark = (cell) => { unmark(); cell.classList.add("is-target"); };

  box.addEventListener("dragstart", (event) => {
    const entry = event.target.closest("[data-move]");
    if (!entry) return;
    dragged = entry;
    event.dataTransfer.setData("text/plain", entry.dataset.title);
    event.dataTransfer.effectAllowed = "move";
  });
  box.addEventListener("dragover", (event) => {
    const cell = event.target.closest("[data-day]");
    if (!cell || !dragged) return;
    event.preventDefault();
    mark(cell);
  });
  box.addEventListener("dragend", unmark);
  box.addEventListener("drop", (event) => {
    const cell = event.target.closest("[data-day]");
    if (!cell || !dragged) return;
    event.preventDefault();
    unmark();
    if (!cell.contains(dragged)) send(dragged, cell);
    dragged = null;
  });

  const place = (cell) => `${cell.dataset.named}${cell.dataset.hour ? `, ${cell.dataset.hour} giờ` : ""}`;
  const drop = () => {
    held.entry.classList.remove("is-held");
    unmark();
    held = null;
  };
  const grab = (entry) => {
    held = { entry, cell: entry.closest("[data-day]") };
    entry.classList.add("is-held");
    mark(held.cell);
    say(`Đang dời “${entry.dataset.title}” từ ${place(held.cell)}. Dùng phím mũi tên để chọn chỗ, Enter để đặt, Esc để thôi.`);
  };

  // A click made by a key has no click count; a mouse or a finger follows the link to the form.
  box.addEventListener("click", (event) => {
    const link = event.target.closest("a.grab");
    if (!link || event.detail !== 0) return;
    event.preventDefault();
    grab(link.closest("[data-move]"));
  });

  const beside = (cell, arrow) => {
    const all = cells();
    const days = [...new Set(all.map((one) => one.dataset.day))].sort();
    const byHour = Boolean(cell.dataset.hour);
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: byHour ? 0 : -7, ArrowDown: byHour ? 0 : 7 };
    const day = days[days.indexOf(cell.dataset.day) + steps[arrow]];
    if (!byHour || arrow === "ArrowLeft" || arrow === "ArrowRight") {
      return all.find((one) => one.dataset.day === day && one.dataset.hour === cell.dataset.hour);
    }
    const column = all.filter((one) => one.dataset.day === cell.dataset.day);
    return column[column.indexOf(cell) + (arrow === "ArrowUp" ? -1 : 1)];
  };

  box.addEventListener("keydown", (event) => {
    if (!held) return;
    if (event.key.startsWith("Arrow")) {
      event.preventDefault();
      const next = beside(held.cell, event.key);
      if (!next) { say("Hết trang lịch. Chọn “Dời” bằng chuột để ghi ngày khác."); return; }
      held.cell = next;
      mark(next);
      next.scrollIntoView({ block: "nearest" });
      say(place(next));
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      const { entry, cell } = held;
      const same = key(cell) === key(entry.closest("[data-day]"));
      drop();
      if (!same) send(entry, cell);
    } else if (event.key === "Escape" || event.key === "Tab") {
      drop();
      say("Thôi, không dời.");
    }
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== box) return;
    held = null;
    const told = box.querySelector("[data-told]");
    say(told ? told.textContent : "");
    const moved = [...box.querySelectorAll(`[data-move="${moving}"] .grab`)].find((link) => link.offsetParent);
    (box.querySelector("#asking") ?? moved)?.focus();
    moving = "";
  });
})();
