// Pictures: handed in by dropping, pasting or choosing, one after the other with its progress; the middle of one set by
// touch or keys, with the cuts drawn anew at once. Without this script the forms and their numbers do all of it.
"use strict";
(() => {
  const form = document.getElementById("adding");
  if (form) adding(form);
  const focus = document.querySelector("[data-focus]");
  if (focus) choosing(focus);

  function adding(form) {
    const drop = form.querySelector(".drop");
    const files = form.querySelector("input[type=file]");
    const list = form.querySelector(".arriving");
    const most = Number(form.dataset.most);
    form.querySelector("[data-drop]").hidden = false;
    let queue = Promise.resolve();

    const take = (given) => {
      for (const file of given) {
        const row = list.appendChild(document.createElement("li"));
        row.textContent = `${file.name}: chờ gửi`;
        queue = queue.then(() => send(file, row));
      }
    };
    const send = (file, row) => new Promise((done) => {
      if (file.size > most) {
        refuse(row, `${file.name}: nặng hơn ${Math.round(most / 1048576)} MB, hãy thu nhỏ rồi tải lại.`);
        return done();
      }
      const words = new FormData(form);
      words.delete("files");
      words.append("files", file, file.name);
      const request = new XMLHttpRequest();
      const bar = document.createElement("progress");
      bar.max = 100;
      bar.setAttribute("aria-label", `Đang gửi ${file.name}`);
      row.replaceChildren(`${file.name} `, bar);
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
        if (event.loaded === event.total) bar.removeAttribute("value"); // it is being looked at now
      });
      request.addEventListener("load", () => {
        if (request.status === 200 || request.status === 422) row.innerHTML = request.responseText;
        else refuse(row, `${file.name}: máy chủ không nhận (${request.status}). Tải lại trang rồi thử lại.`);
        done();
      });
      request.addEventListener("error", () => {
        refuse(row, `${file.name}: mất kết nối khi gửi. Hãy gửi lại ảnh này.`);
        done();
      });
      request.open("POST", form.action || location.pathname);
      request.setRequestHeader("X-Progress", "1");
      request.send(words);
    });
    const refuse = (row, words) => {
      const said = document.createElement("span");
      said.className = "refused";
      said.textContent = words;
      row.replaceChildren(said);
    };

    form.addEventListener("submit", (event) => {
      if (!files.files.length) return; // the server says what is missing
      event.preventDefault();
      take([...files.files]);
      files.value = "";
    });
    const carries = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
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
      take(event.dataTransfer.files);
    });
    document.addEventListener("paste", (event) => {
      const pasted = [...(event.clipboardData?.files ?? [])];
      if (!pasted.length) return;
      event.preventDefault();
      form.closest("details").open = true;
      take(pasted);
    });
  }

  function choosing(box) {
    const image = box.querySelector("img");
    const mark = box.querySelector(".mark");
    const across = document.getElementById("id_focus_x");
    const down = document.getElementById("id_focus_y");
    const cuts = [...document.querySelectorAll("[data-crop]")].map(canvasIn);
    box.classList.add("is-ready");
    mark.hidden = false;

    const share = (field) => Math.min(100, Math.max(0, Math.round(Number(field.value) || 0)));
    const show = () => {
      mark.style.left = `${share(across)}%`;
      mark.style.top = `${share(down)}%`;
      if (image.complete && image.naturalWidth) for (const cut of cuts) draw(cut, share(across) / 100, share(down) / 100);
    };
    const set = (x, y) => {
      across.value = Math.min(100, Math.max(0, Math.round(x)));
      down.value = Math.min(100, Math.max(0, Math.round(y)));
      across.dispatchEvent(new Event("input", { bubbles: true })); // words that are not saved yet
    };
    box.addEventListener("click", (event) => {
      if (event.target === mark) return;
      const at = image.getBoundingClientRect();
      set((100 * (event.clientX - at.left)) / at.width, (100 * (event.clientY - at.top)) / at.height);
      mark.focus({ preventScroll: true });
    });
    mark.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 10 : 1;
      const [x, y] = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key] ?? [0, 0];
      if (!x && !y) return;
      event.preventDefault();
      set(share(across) + x, share(down) + y);
    });
    for (const field of [across, down]) field.addEventListener("input", show);
    image.addEventListener("load", show);
    show();

    function canvasIn(frame) {
      const [width, height] = frame.dataset.crop.split("x").map(Number);
      const canvas = document.createElement("canvas");
      canvas.width = 480;
      canvas.height = Math.round((480 * height) / width);
      return { frame, canvas };
    }
    function draw({ frame, canvas }, x, y) { // as assets.pictures.crop_box does
      const scale = Math.min(image.naturalWidth / canvas.width, image.naturalHeight / canvas.height);
      const [wide, high] = [canvas.width * scale, canvas.height * scale];
      const left = Math.min(Math.max(x * image.naturalWidth - wide / 2, 0), image.naturalWidth - wide);
      const top = Math.min(Math.max(y * image.naturalHeight - high / 2, 0), image.naturalHeight - high);
      canvas.getContext("2d").drawImage(image, left, top, wide, high, 0, 0, canvas.width, canvas.height);
      frame.replaceChildren(canvas);
    }
  }
})();
