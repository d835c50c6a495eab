// ตัวเลือกพื้นที่ (รายชื่อพื้นที่อยู่ใน places.js) และกรอบเลื่อนของตารางและรูปที่กว้างกว่าจอ
"use strict";

function fillPicker(form) {
  const root = document.documentElement.dataset.content_root;
  const list = form.querySelector("select");
  const page = form.dataset.castPage;
  if (page) {
    const here = location.pathname.split("/").at(-2);
    for (const [name, places] of castPlaces.groups) {
      const group = Object.assign(document.createElement("optgroup"), { label: name });
      for (const [code, label] of places) {
        const target = code === "TH" && page === "index" ? castPlaces.country : `${code}/${page}`;
        group.append(new Option(label, target, false, code === here));
      }
      list.append(group);
    }
  } else {
    for (const [name, folder] of castPlaces.provinces) list.append(new Option(name, `${folder}/index`));
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.href = `${root}${list.value}.html`;
  });
}

// ตารางและรูปเลื่อนในกรอบของตัวเอง มีชื่อ และบอกผู้อ่านเมื่อมีส่วนที่อยู่นอกจอ
function inBox(shown, kind, caption) {
  let box = shown.closest(".pst-scrollable-table-container");
  if (!box) {
    box = document.createElement("div");
    box.className = "pst-scrollable-table-container";
    shown.replaceWith(box);
    box.append(shown);
  }
  const name = caption?.textContent.replace(/#$/, "").trim() || kind;
  const hint = Object.assign(document.createElement("p"), {
    className: "cast-hint",
    textContent: `${kind}กว้างกว่าจอ เลื่อนไปทางขวาเพื่อดูส่วนที่เหลือ`,
  });
  new ResizeObserver(() => {
    const wide = box.scrollWidth > box.clientWidth + 1;
    if (wide) {
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", name);
      box.tabIndex = 0;
      box.before(hint);
    } else {
      for (const attribute of ["role", "aria-label", "tabindex"]) box.removeAttribute(attribute);
      hint.remove();
    }
  }).observe(box);
}

document.querySelectorAll(".cast-picker").forEach(fillPicker);
document.querySelectorAll(".bd-article table").forEach((table) => inBox(table, "ตาราง", table.caption));
document.querySelectorAll(".bd-article figure.cast-figure").forEach((figure) => {
  inBox(figure.firstElementChild, "รูป", figure.querySelector("figcaption"));
});
