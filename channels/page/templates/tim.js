// The search box. Reads the index of the site in shards, newest first, and finds words typed with marks or without.
// The index and the folding are those of channels/page/search.py.

const ENOUGH = 20; // finds after which older shards wait to be asked for

/** Lower case, without marks, đ as d: the letters of `text`, each with the place it came from. */
function letters(text) {
  const found = [];
  for (let at = 0; at < text.length; at += 1) {
    const plain = text[at].toLowerCase().replace("đ", "d").normalize("NFD").replace(/[\u0300-\u036f]/g, "");
    for (const letter of plain) found.push([/[a-z0-9]/.test(letter) ? letter : " ", at]);
  }
  return found;
}

export function folded(text) {
  return letters(text).map(([letter]) => letter).join("").replace(/ +/g, " ").trim();
}

/** Whether every word begins a word of `text`, which is folded. */
export function holds(text, words) {
  return words.every((word) => (" " + text).includes(" " + word));
}

/** [start, end) of the parts of `title` where one of the words stands. */
export function places(title, words) {
  const known = letters(title);
  const line = known.map(([letter]) => letter).join("");
  const found = [];
  for (const word of words) {
    for (let at = (" " + line).indexOf(" " + word); at !== -1; at = (" " + line).indexOf(" " + word, at + 1)) {
      found.push([known[at][1], known[at + word.length - 1][1] + 1]);
    }
  }
  found.sort((one, other) => one[0] - other[0] || other[1] - one[1]);
  return found.filter(([, end], at) => !found.slice(0, at).some(([, before]) => before >= end));
}

/** The nearest first: as it was typed, then in the title, then anywhere; the newest first among equals. */
export function ranked(articles, typed, words) {
  const exact = typed.toLowerCase().normalize("NFC");
  const rank = ([, title]) => (title.toLowerCase().includes(exact) ? 0 : holds(folded(title), words) ? 1 : 2);
  return articles.map((article, at) => [rank(article), at, article]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, , article]) => article);
}

function begin(form) {
  const { base, index } = form.dataset;
  const box = form.elements.namedItem("q");
  const told = document.getElementById("dem");
  const list = document.getElementById("ket-qua");
  const more = document.getElementById("tim-tiep");
  let shards = null; // [{path, mark, count}], then with `articles` once they are here
  let turn = 0; // only the latest question may answer

  async function fetched(path) {
    const answer = await fetch(base + path);
    if (!answer.ok) throw new Error(path + ": " + answer.status);
    return answer.json();
  }

  async function articles(shard) {
    if (!shard.articles) shard.articles = (await fetched(shard.path + "?v=" + shard.mark)).articles;
    return shard.articles;
  }

  async function search(all) {
    const mine = (turn += 1);
    const typed = box.value.trim();
    const words = folded(typed).split(" ").filter(Boolean);
    remember(typed);
    if (!words.length) return show([], words, typed ? "Hãy gõ ít nhất một chữ hoặc một số." : "", false);
    told.textContent = "Đang tìm…";
    try {
      if (!shards) shards = (await fetched(index)).shards;
      const found = [];
      let read = 0;
      for (const shard of shards) {
        if (read && found.length >= ENOUGH && !all) break;
        const known = await articles(shard);
        if (mine !== turn) return undefined;
        found.push(...known.filter((article) => holds(article[3], words)));
        read += 1;
      }
      return show(ranked(found, typed, words), words, said(found.length, read), read < shards.length);
    } catch (error) {
      if (mine === turn) show([], words, "Chưa tải được mục lục: hãy kiểm tra kết nối mạng rồi bấm Tìm lần nữa.", false);
      return undefined;
    }
  }

  function said(count, read) {
    const within = read < shards.length ? ` trong ${number(shards.slice(0, read).reduce((sum, shard) => sum + shard.count, 0))} bài mới nhất` : "";
    return count ? `Tìm thấy ${number(count)} bài${within}.` : `Không tìm thấy bài nào. Hãy thử ít chữ hơn, hoặc xem theo mục ở dưới.`;
  }

  function show(found, words, message, older) {
    told.textContent = message;
    list.replaceChildren(...found.map((article) => item(article, words)));
    more.hidden = !older;
  }

  function item([path, title, date], words) {
    const link = document.createElement("a");
    link.href = base + path;
    let done = 0;
    for (const [start, end] of places(title, words)) {
      const from = Math.max(start, done);
      link.append(title.slice(done, from), Object.assign(document.createElement("mark"), { textContent: title.slice(from, end) }));
      done = end;
    }
    link.append(title.slice(done));
    const time = Object.assign(document.createElement("time"), { dateTime: date, textContent: date.split("-").map(Number).reverse().join("/") });
    const about = Object.assign(document.createElement("p"), { className: "about" });
    about.append(time);
    const row = document.createElement("li");
    row.append(link, about);
    return row;
  }

  function remember(typed) {
    const address = new URL(location.href);
    if (typed) address.searchParams.set("q", typed);
    else address.searchParams.delete("q");
    history.replaceState(null, "", address);
  }

  let wait = 0;
  box.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(search, 200, false);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(wait);
    search(false);
  });
  more.addEventListener("click", () => search(true));

  form.hidden = false;
  box.value = new URL(location.href).searchParams.get("q") || "";
  if (box.value) search(false);
  else box.focus();
}

const number = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ".");

const form = document.getElementById("tim");
if (form) begin(form);
