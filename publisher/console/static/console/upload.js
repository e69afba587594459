// Handing files in: dropped or chosen, with the share of bytes that has arrived. Without this script the form does it.
"use strict";
(() => {
  const form = document.getElementById("upload");
  if (!form) return;
  const drop = form.querySelector(".drop");
  const files = form.querySelector("input[type=file]");
  const sending = form.querySelector(".sending");
  const bar = sending.querySelector("progress");
  const words = sending.querySelector("output");
  const button = form.querySelector("button[type=submit]");
  form.querySelector("[data-drop]").hidden = false;

  const carries = (event) => [...event.dataTransfer.types].includes("Files");
  drop.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    drop.classList.add("is-over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    drop.classList.remove("is-over");
    files.files = event.dataTransfer.files;
    form.requestSubmit();
  });

  form.addEventListener("htmx:beforeSend", () => {
    sending.hidden = false;
    button.disabled = true;
    bar.value = 0;
    words.textContent = "Đang gửi";
  });
  form.addEventListener("htmx:xhr:progress", (event) => {
    const { loaded, total, lengthComputable } = event.detail;
    if (!lengthComputable) return;
    bar.value = (100 * loaded) / total;
    words.textContent = loaded < total ? `Đang gửi ${Math.round(bar.value)} %` : "Đã gửi xong, đang đọc";
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== form) return;
    sending.hidden = true;
    button.disabled = false;
    if (event.detail.successful) form.reset();
  });
})();
