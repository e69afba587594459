// Marks the sentence that is spoken, and keeps an entry that could not be sent until there is a connection again.
"use strict";
(() => {
  const audio = document.querySelector("audio[data-marks]");
  const lines = [...document.querySelectorAll(".said")];

  const follow = (marks) => {
    let place = 0; // the lines stand in the order in which they are spoken
    const timed = marks.flatMap((mark) => {
      const found = lines.findIndex((line, at) => at >= place && line.textContent === mark.text);
      if (found < 0) return [];
      place = found + 1;
      return [{ start: mark.start, end: mark.end, line: lines[found] }];
    });
    let shown = null;
    audio.addEventListener("timeupdate", () => {
      const at = audio.currentTime;
      const line = timed.find((one) => at >= one.start && at < one.end)?.line ?? null;
      if (line === shown) return;
      shown?.classList.remove("now");
      line?.classList.add("now");
      if (line && !audio.paused) line.scrollIntoView({ block: "center", behavior: "auto" });
      shown = line;
    });
  };
  if (audio && lines.length) {
    fetch(audio.dataset.marks).then((answer) => answer.json()).then((record) => follow(record.marks)).catch(() => {});
  }

  const NAME = "airing:" + location.pathname;
  const told = document.querySelector("[data-kept]");
  const say = (words) => {
    if (!told) return;
    told.textContent = words;
    told.hidden = !words;
  };
  const clock = () => new Date().toTimeString().slice(0, 5);
  const read = () => { try { return JSON.parse(localStorage.getItem(NAME)); } catch { return null; } };
  const keep = (entry) => { try { localStorage.setItem(NAME, JSON.stringify(entry)); } catch { /* private window */ } };
  const drop = () => { try { localStorage.removeItem(NAME); } catch { /* private window */ } };

  const send = async (entry) => {
    let answer;
    try {
      answer = await fetch(entry.address, { method: "POST", body: new URLSearchParams(entry.fields) });
    } catch { // the key of the form makes it one entry, however often it is sent
      keep(entry);
      say(`Chưa có mạng. Đã giữ lại lúc ${entry.at}, tự gửi khi có mạng. Đừng xóa dữ liệu trình duyệt.`);
      return;
    }
    if (answer.status === 401 || answer.status === 403) {
      keep(entry);
      say("Phiên làm việc đã hết. Đăng nhập lại rồi mở trang này: mục đã ghi còn giữ trên máy.");
      return;
    }
    drop();
    if (answer.ok) location.assign(answer.url);
    else say("Máy chủ không nhận mục ghi lúc mất mạng. Tải lại trang, xem buổi phát đã ghi chưa rồi ghi lại.");
  };

  for (const form of document.querySelectorAll("form[data-offline]")) {
    form.addEventListener("submit", (event) => {
      if (navigator.onLine) return; // the usual way: the browser sends it
      event.preventDefault();
      const fields = [...new FormData(form)].map(([name, value]) => [name, name === "ended" && !value ? clock() : value]);
      send({ address: form.action, fields, at: clock() });
    });
  }
  const again = (entry) => { // signed in anew, the page has another token than the one that was kept
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
    const fields = entry.fields.map(([name, value]) => [name, name === "csrfmiddlewaretoken" && token ? token : value]);
    send({ ...entry, fields });
  };
  const kept = read();
  if (kept) {
    say(`Có mục ghi lúc ${kept.at} chưa gửi được, đang gửi lại.`);
    if (navigator.onLine) again(kept);
  }
  window.addEventListener("online", () => {
    const waiting = read();
    if (waiting) again(waiting);
  });
})();
