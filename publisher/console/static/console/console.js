// What HTML and htmx leave to do: the menu on narrow screens, unsaved words, a lost connection, where the focus goes.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");

  const button = document.querySelector(".menu-button");
  const menu = document.getElementById("menu");
  if (button && menu) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const open = menu.classList.toggle("open");
      button.setAttribute("aria-expanded", String(open));
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu.classList.contains("open")) {
        button.click();
        button.focus();
      }
    });
  }

  const errors = document.getElementById("errors");
  if (errors) errors.focus();

  let unsaved = false;
  for (const form of document.querySelectorAll("form[data-guard]")) {
    form.addEventListener("input", () => { unsaved = true; });
    form.addEventListener("submit", () => { unsaved = false; });
  }
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });

  for (const form of document.querySelectorAll("form[data-busy]")) {
    form.addEventListener("submit", (event) => {
      const pressed = event.submitter;
      if (!pressed) return;
      const words = pressed.textContent;
      pressed.textContent = form.dataset.busy; // not disabled: a disabled button is not sent
      window.addEventListener("pageshow", () => { pressed.textContent = words; }, { once: true });
    });
  }

  for (const copy of document.querySelectorAll("button[data-copy]")) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      const words = document.getElementById(copy.dataset.copy);
      const said = copy.nextElementSibling;
      try {
        await navigator.clipboard.writeText(words.textContent);
        said.textContent = "Đã chép.";
      } catch { // no clipboard without https: the words are marked, and the keys do the rest
        getSelection().selectAllChildren(words);
        said.textContent = "Đã bôi đen: bấm Ctrl+C để chép.";
      }
    });
  }

  const notice = document.getElementById("connection");
  const say = (words) => {
    if (notice.textContent === words) return;
    notice.textContent = words;
    notice.hidden = !words;
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && event.target.hasAttribute("data-live")) event.preventDefault();
  });
  document.addEventListener("htmx:sendError", () => {
    say("Mất kết nối với máy chủ, đang thử lại. Những gì bạn thấy có thể đã cũ.");
  });
  document.addEventListener("htmx:responseError", (event) => {
    const told = {
      401: "Phiên làm việc đã hết. Đăng nhập lại ở một thẻ khác rồi trở lại đây lưu; chữ của bạn còn nguyên.",
      403: "Trang đã mở quá lâu hoặc bạn không còn quyền. Chép chữ bạn vừa viết, rồi tải lại trang.",
    };
    say(told[event.detail.xhr.status] ?? "Máy chủ báo lỗi. Những gì bạn thấy có thể đã cũ; tải lại trang sau ít phút.");
  });
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (event.detail.xhr.status < 400) say("");
  });
})();
