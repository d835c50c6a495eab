/* ค้นหาในหนังสือ: ตอบคำค้นจากดัชนีที่ castlib.book.search สร้าง (searchindex.js) ในเบราว์เซอร์ของผู้อ่าน

   A text is laid out for searching ("hay"): Latin letters small, Thai digits as Arabic ones, blanks, points and
   hyphens left out unless they part two numbers, and a mark at each place where a word begins or ends. A
   term of the query matches where it begins and ends with words; less, where it is the beginning of a word
   or one of those that a longer word is made of; and, only if the whole book has neither, where its words
   stand close together in order, or where a longer word contains its letters. */
"use strict";

const castSearch = (() => {
  const TONES = "\u0e48-\u0e4b", ABOVE_BELOW = "\u0e31\u0e34-\u0e3a\u0e47\u0e4d";
  const MARKS = "\u0e30-\u0e3a\u0e40-\u0e45\u0e47-\u0e4e", DANGLING = `${ABOVE_BELOW}${TONES}\u0e4c\u0e4e`;
  // castlib.text.words.normalise, but for where blanks stand: they do not count here
  const RULES = [
    ["[\u00ad\u200b-\u200d\u2060\ufeff]+", ""],
    ["เเ", "แ"],
    ["ๅ(?<![ฤฦ]ๅ)", "า"],
    [`[${TONES}\u0e4c]+[${ABOVE_BELOW}]+`, (found) => vowelsFirst(found)],
    [`\u0e4d[${TONES}]*า`, (found) => found.slice(1, -1) + "ำ"],
    [`[ะาำ][${TONES}]+`, (found) => found.slice(1) + found[0]],
    [`([${MARKS}])\\1+`, "$1"],
    [`[${TONES}]+(?=[${TONES}])`, ""],
    ["\\s+", " "],
    [` (?=[${DANGLING}])(?<=[ก-ฮ] )(?<![ะ-ูเ-ไ][ก-ฮ] )`, ""],
    [`^[${DANGLING}]+`, ""],
    [` [${DANGLING}]+`, " "],
    ["ฯ ?ล ?ฯ", "ฯลฯ"],
    [" ฯ(?!ลฯ|พณ)(?<=[ก-\u0e4e] ฯ)", "ฯ"],
    ["ฯฯ+", "ฯ"],
    [" ?ๆ( ?ๆ)*", "ๆ"],
  ].map(([pattern, replacement]) => [new RegExp(pattern, "g"), replacement]);
  const BLANKS = /[ .\-\u2010\u2011]+/g, DIGIT = /[0-9]/;
  const INCOMPLETE = /[\u0e30-\u0e3a\u0e45\u0e47-\u0e4e]/; // what cannot begin a syllable
  const LEADING = /[เ-ไ]/, OUTSIDE = /^[\s"'“”‘’()[\]{},;:!?…/]+|[\s"'“”‘’()[\]{},;:!?…/]+$/g;
  const PROVINCE = /^(?:จังหวัด|จ\.)/, DISTRICT = /^(?:อำเภอ|อ\.)/;
  const NEAR = 25, CONTEXT = 90;

  function vowelsFirst(marks) {
    const tone = (mark) => /[\u0e48-\u0e4c]/.test(mark);
    return [...marks].filter((m) => !tone(m)).join("") + [...marks].filter(tone).join("");
  }

  function normalise(text) {
    text = text.normalize("NFC").trim();
    for (let before = null; before !== text; ) {
      before = text;
      for (const [pattern, replacement] of RULES) text = text.replace(pattern, replacement);
      text = text.trim();
    }
    return text;
  }

  /* Letters in the one form in which they are compared; the length stays. */
  function alike(text) {
    const low = text.toLowerCase();
    return (low.length === text.length ? low : text)
      .replace(/[๐-๙]/g, (digit) => digit.charCodeAt(0) - 0x0e50)
      .replace(/’/g, "'");
  }

  /* Lay pieces of text out for searching: `hay`; `edge`, 1 where a word begins or ends in it, 2 where one of
     those does that a longer word is made of; `from`, the place in `shown` that each of its letters comes from. */
  function lay(pieces, inner = new Map()) {
    const shown = pieces.join(""), low = alike(shown), size = low.length;
    const begins = new Uint8Array(size + 1), edge = new Uint8Array(size + 1), from = new Uint32Array(size + 1);
    const digit = (at) => low.charCodeAt(at) - 0x30 >>> 0 < 10;
    let at = 0, run = 0, letters = 0, hay = "";
    for (const piece of pieces) {
      for (const place of inner.get(piece) || []) begins[at + place] = 2;
      begins[(at += piece.length)] = 1;
    }
    edge[0] = 1;
    const keep = (start, end) => {
      hay += low.slice(start, end);
      for (let i = start; i < end; i++, letters++) {
        from[letters] = i;
        if (begins[i] && edge[letters] !== 1) edge[letters] = begins[i];
      }
    };
    for (const { 0: blanks, index } of low.matchAll(BLANKS)) {
      keep(run, index);
      run = index + blanks.length;
      if (digit(index - 1) && digit(run)) keep(index, index + 1);
      if (blanks.length > 1 || begins[index] || begins[run] || !digit(index - 1)) edge[letters] = 1;
    }
    keep(run, size);
    from[letters] = size;
    edge[letters] = 1;
    return { shown, hay, edge: edge.slice(0, letters + 1), from: from.slice(0, letters + 1) };
  }

  const fold = (text) => lay([text]).hay;

  function prepare(index) {
    const words = index.words;
    const pieces = (coded) => {
      const out = new Array(coded.length);
      for (let i = 0; i < coded.length; i++) {
        const code = coded.charCodeAt(i);
        out[i] = words[code < 0x3400 ? code - 0x400 : code - 0x3400 + 400];
      }
      return out;
    };
    const inner = new Map(index.inner.map(([number, ...places]) => [words[number], places]));
    let page = -1;
    const blocks = index.blocks.split(" ").map(pieces);
    const listed = (runs) => runs.flatMap((n, k) =>
      n < 0 ? Array.from({ length: -n }, (_, more) => runs[k - 1] + 1 + more) : n);
    const sections = index.sections.map(([number, anchor, heading, runs]) => {
      const first = number !== page, said = listed(runs), text = said.flatMap((block, k) => (k ? ["\n", ...blocks[block]] : blocks[block]));
      page = number;
      return { page, anchor, first, heading: lay(pieces(heading), inner), text: lay(text, inner) };
    });
    const pages = index.pages.map(([url, weight, profile]) => ({ url, weight, profile, sections: [] }));
    for (const section of sections) pages[section.page].sections.push(section);
    const length = sections.reduce((sum, s) => sum + s.text.hay.length, 0) / sections.length;
    const places = { provinces: new Set(index.provinces), districts: new Set(index.districts) };
    return { sections, pages, places, length, known: new Map(words.map((word) => [fold(word), word])) };
  }

  /* Where a term stands in a text: as whole words, and as the beginning or a part of one. */
  function find({ hay, edge }, term) {
    const whole = [], begun = [], open = term.length > 1 && !DIGIT.test(term[term.length - 1]);
    for (let at = hay.indexOf(term); at >= 0; at = hay.indexOf(term, at + 1)) {
      const end = at + term.length;
      if (!edge[at]) continue;
      if (edge[end]) (edge[at] === 1 && edge[end] === 1 ? whole : begun).push([at, end]);
      else if (open && edge[at] === 1 && !INCOMPLETE.test(hay[end])) {
        let start = end - 1;
        while (!edge[start]) start--;
        if (end - start > 1) begun.push([at, end]);
      }
    }
    return { whole, begun };
  }

  /* Where the words of a term stand close together, in order. */
  function findNear(text, words) {
    const begun = [];
    for (const [at, first] of find(text, words[0]).whole) {
      const spans = [[at, first]];
      for (const word of words.slice(1)) {
        const end = spans[spans.length - 1][1];
        const next = find({ hay: text.hay.slice(0, end + NEAR + word.length), edge: text.edge }, word).whole;
        const after = next.find((span) => span[0] >= end);
        if (after === undefined || text.hay.slice(end, after[0]).includes("\n")) break;
        spans.push(after);
      }
      if (spans.length === words.length) begun.push(...spans);
    }
    return { whole: [], begun };
  }

  /* Where a text has the letters of a term: from the beginning of a word on, or whole syllables within one. */
  function findInside({ hay, edge }, term) {
    const begun = [];
    for (let at = hay.indexOf(term); at >= 0; at = hay.indexOf(term, at + 1)) {
      const end = at + term.length;
      const within = !edge.subarray(at + 1, end).includes(1);
      const whole = !LEADING.test(hay[at - 1]) && (edge[end] || !INCOMPLETE.test(hay[end]));
      if (edge[at] === 1 || (within && whole)) begun.push([at, end]);
    }
    return { whole: [], begun };
  }

  /* The fewest known words of two letters or more that a term consists of; null if it does not. */
  function cut(term, known) {
    const best = [[]];
    for (let end = 2; end <= term.length; end++) {
      for (let start = 0; start <= end - 2; start++) {
        if (!best[start] || !known.has(term.slice(start, end))) continue;
        if (!best[end] || best[start].length + 1 < best[end].length) {
          best[end] = [...best[start], term.slice(start, end)];
        }
      }
    }
    return best[term.length] && best[term.length].length > 1 ? best[term.length] : null;
  }

  /* What each section has of a term: how much it counts, and where. */
  function look(book, term, how) {
    const found = new Map();
    for (const section of book.sections) {
      const heading = how(section.heading, term), text = how(section.text, term);
      const said = { heading: [...heading.whole, ...heading.begun], text: [...text.whole, ...text.begun] };
      if (!said.heading.length && !said.text.length) continue;
      const all = term === section.heading.hay ? 8 : 0;
      const head = heading.whole.length ? 8 + all : heading.begun.length ? 3 : 0;
      const many = text.whole.length + 0.2 * text.begun.length;
      const body = (3 * many) / (many + 0.6 + 0.6 * (section.text.hay.length / book.length));
      found.set(section, { score: (section.first ? 1.5 : 1) * head + body, ...said });
    }
    return found;
  }

  function lookFor(book, term) {
    const found = look(book, term, find);
    if (found.size) return { found, how: "word" };
    const words = cut(term, book.known);
    const near = words ? look(book, words, findNear) : found;
    if (near.size) return { found: near, how: "near" };
    // digits are never part of another number
    const letters = term.length > 3 && !DIGIT.test(term[term.length - 1]);
    return { found: letters ? look(book, term, findInside) : near, how: "inside" };
  }

  /* The terms of a query; จังหวัด and อำเภอ before the name of one are left out. */
  function terms(book, query) {
    const plain = normalise(query).replace(/[“”„]/g, '"');
    const words = (plain.match(/"[^"]+"|[^\s"]+/g) || []).map((w) => w.replace(OUTSIDE, "")).filter(Boolean);
    const said = [];
    for (const [pattern, places] of [[PROVINCE, book.places.provinces], [DISTRICT, book.places.districts]]) {
      for (let k = words.length - 1; k >= 0; k--) {
        const rest = words[k].replace(pattern, "");
        if (rest === words[k]) continue;
        if (places.has(rest)) words[k] = rest;
        else if (!rest && places.has(words[k + 1])) words.splice(k, 1);
      }
    }
    for (const word of words) {
      const term = { shown: word, text: fold(word), province: book.places.provinces.has(word) };
      if (term.text && !said.some((t) => t.text === term.text)) said.push(term);
    }
    return said;
  }

  /* Answer a query: pages in order of weight, each with its sections. */
  function search(book, query) {
    const asked = terms(book, query).map((term) => ({ ...term, ...lookFor(book, term.text) }));
    const together = asked.length > 1 ? look(book, asked.map((term) => term.text).join(""), find) : new Map();
    const results = [];
    for (const page of asked.length ? book.pages : []) {
      const rows = page.sections.map((section) => weigh(section, page, asked, together));
      let kept = rows.filter((row) => row.own && row.all);
      if (!kept.length && asked.every((term) => page.sections.some((section) => term.found.has(section)))) {
        const most = Math.max(...rows.map((row) => row.own));
        kept = rows.filter((row) => row.own === most).map((row) => ({ ...row, score: row.score / 2 }));
      }
      if (!kept.length) continue;
      kept.sort((a, b) => b.score - a.score);
      results.push({ url: page.url, title: page.sections[0].heading.shown, score: kept[0].score, sections: kept });
    }
    results.sort((a, b) => b.score - a.score);
    return { terms: asked, results, count: results.reduce((sum, page) => sum + page.sections.length, 0) };
  }

  function weigh(section, page, asked, together) {
    const title = page.sections[0], spans = [], headings = [];
    let score = 0, own = 0, all = true;
    for (const term of asked) {
      const here = term.found.get(section), above = term.found.get(title);
      const inTitle = above && above.heading.length && !section.first;
      if (here) {
        own++;
        score += here.score;
        spans.push(...here.text.map((span) => [...span, term.text]));
        headings.push(...here.heading);
        if (term.province && page.profile) score += 40;
      }
      if (inTitle) score += 4;
      all = all && Boolean(here || inTitle);
    }
    const phrase = together.get(section);
    if (phrase) {
      score += 4 + phrase.score;
      [all, own] = [true, own || 1];
      spans.push(...phrase.text.map((span) => [...span, ""]));
      headings.push(...phrase.heading);
    }
    const url = section.first ? page.url : `${page.url}#${section.anchor}`;
    return { section, url, first: section.first, score: score * page.weight, own, all, spans, headings };
  }

  /* A text as parts, [text, marked], around the place where most of the terms stand together. */
  function context({ section, spans }) {
    const { shown, edge, from, hay } = section.text;
    let best = spans[0] || [0, 0], most = 0;
    for (const span of spans) {
      const near = spans.filter((other) => other[0] >= span[0] && other[1] <= span[0] + 2 * CONTEXT);
      const terms = new Set(near.map((other) => other[2])).size;
      if (terms > most) [best, most] = [span, terms];
    }
    let start = Math.max(0, best[0] - CONTEXT / 2), end = Math.min(best[0] + 2 * CONTEXT, hay.length);
    start = Math.max(start, hay.slice(0, best[0]).lastIndexOf("\n"));
    while (!edge[start]) start--;
    while (!edge[end]) end++;
    return parts(section.text, spans, from[start], from[end]);
  }

  const heading = ({ section, headings }) => parts(section.heading, headings, 0, section.heading.shown.length);

  function parts({ shown, from }, spans, start, end) {
    const marked = new Uint8Array(shown.length);
    for (const [first, last] of spans) marked.fill(1, from[first], from[last - 1] + 1);
    const out = [];
    for (let at = start; at < end; ) {
      let next = at;
      while (next < end && marked[next] === marked[at]) next++;
      const said = shown.slice(at === start && /[\t\n]/.test(shown[at]) ? at + 1 : at, next);
      out.push([said.replace(/[\t\n]/g, " · "), Boolean(marked[at])]);
      at = next;
    }
    if (start > 0) out.unshift(["… ", false]);
    if (end < shown.length) out.push([" …", false]);
    return out;
  }

  /* Words of the book that differ from a term in their tone marks only. */
  function similar(book, term) {
    const bare = (word) => word.replace(/[\u0e47-\u0e4c]/g, "");
    const same = [...book.known].filter(([word]) => word !== term && bare(word) === bare(term));
    return same.map(([, word]) => word);
  }

  return { normalise, fold, prepare, terms, search, context, heading, similar };
})();
