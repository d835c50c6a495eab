/* หน้าค้นหา: รับคำค้น แสดงผลเป็นหน้าและหัวข้อ บอกจำนวนที่พบ ใช้แป้นพิมพ์ได้ */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const PAGES = 20, SECTIONS = 3, WAIT = 150;
  const input = document.querySelector(".bd-search-container input[name=q]");
  const status = document.getElementById("search-status"), list = document.getElementById("search-results");
  const book = castSearch.prepare(castSearchIndex);
  let waiting = 0, shown = null;

  /* An element with text or other elements in it; text is never read as HTML. */
  function make(tag, attributes, ...inside) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...inside);
    return element;
  }

  const marked = (parts) => parts.map(([text, mark]) => (mark ? make("mark", {}, text) : text));
  const asking = (query) => make("a", { href: `?q=${encodeURIComponent(query)}` }, query);

  function row(found) {
    const link = make("a", { href: found.url }, ...marked(castSearch.heading(found)));
    return make("li", {}, link, make("p", {}, ...marked(castSearch.context(found))));
  }

  function pageOf(result) {
    const [top, rest] = [result.sections.find((s) => s.first), result.sections.filter((s) => !s.first)];
    const title = top ? marked(castSearch.heading(top)) : [result.title];
    const box = make("li", {}, make("h2", {}, make("a", { href: result.url }, ...title)));
    if (top) box.append(make("p", {}, ...marked(castSearch.context(top))));
    if (rest.length) box.append(make("ul", {}, ...rest.slice(0, SECTIONS).map(row)));
    if (rest.length > SECTIONS) {
      const more = make("summary", {}, `อีก ${rest.length - SECTIONS} หัวข้อในหน้านี้`);
      box.append(make("details", {}, more, make("ul", {}, ...rest.slice(SECTIONS).map(row))));
    }
    return box;
  }

  function addPages(answer, from) {
    list.append(...answer.results.slice(from, from + PAGES).map(pageOf));
    const left = answer.results.length - from - PAGES;
    if (left <= 0) return;
    const button = make("button", { type: "button", class: "btn" }, `แสดงอีก ${Math.min(left, PAGES)} หน้า`);
    const item = make("li", {}, button);
    button.addEventListener("click", () => {
      item.remove();
      addPages(answer, from + PAGES);
      list.children[from + PAGES].querySelector("a").focus();
    });
    list.append(item);
  }

  /* What could be tried when nothing was found. */
  function hints(answer) {
    const found = answer.terms.filter((term) => term.found.size);
    const near = answer.terms.filter((term) => !term.found.size).flatMap((t) => castSearch.similar(book, t.text));
    const lines = [];
    if (found.length) lines.push(["ไม่มีหน้าที่มีครบทุกคำ ค้นทีละคำได้: ", ...found.flatMap((t) => [asking(t.shown), " "])]);
    if (near.length) lines.push(["คำที่ต่างกันเพียงวรรณยุกต์: ", ...near.flatMap((word) => [asking(word), " "])]);
    lines.push(["ลองตรวจตัวสะกด ใช้คำที่สั้นลง หรือเว้นวรรคระหว่างคำ"]);
    return make("li", { class: "search-hint" }, ...lines.map((line) => make("p", {}, ...line)));
  }

  const HOW = {
    near: (term) => ` ไม่พบ “${term}” ติดกัน จึงแสดงที่ที่มีทุกคำของข้อความนี้อยู่ใกล้กัน`,
    inside: (term) => ` ไม่พบ “${term}” เป็นคำ จึงแสดงคำที่ยาวกว่าซึ่งมีข้อความนี้อยู่`,
  };

  function show(query) {
    if (query === shown) return;
    shown = query;
    list.replaceChildren();
    document.title = document.title.replace(/^[^-]*/, query ? `ค้นหา ${query} ` : "ค้นหา ");
    if (!query.trim()) {
      status.textContent = "พิมพ์คำที่ต้องการค้น หลายคำเว้นวรรคระหว่างคำ ใส่ “ ” คร่อมข้อความที่ต้องติดกัน";
      return;
    }
    const answer = castSearch.search(book, query);
    if (!answer.count) {
      status.textContent = `ไม่พบ “${query}” ในหนังสือ`;
      list.append(hints(answer));
      return;
    }
    const why = answer.terms.map((term) => (HOW[term.how] ? HOW[term.how](term.shown) : "")).join("");
    status.textContent = `พบ ${answer.count.toLocaleString("en")} หัวข้อ ใน ${answer.results.length} หน้า${why}`;
    addPages(answer, 0);
  }

  function ask() {
    clearTimeout(waiting);
    show(input.value);
    const address = new URL(location.href);
    address.searchParams.set("q", input.value);
    try {
      history.replaceState(null, "", address);
    } catch {
      // some browsers keep the address of a page opened from a folder as it is
    }
  }

  /* Up and down go through the results, and back to the field. */
  function walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const stops = [input, ...list.querySelectorAll("a, summary, button")].filter((e) => e.checkVisibility());
    const at = stops.indexOf(document.activeElement);
    if (!step || at < 0 || !stops[at + step]) return;
    event.preventDefault();
    stops[at + step].focus();
  }

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT);
  });
  input.form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  document.querySelector(".bd-search-container").addEventListener("keydown", walk);
  input.value = new URLSearchParams(location.search).get("q") || "";
  show(input.value);
  input.focus();
});
