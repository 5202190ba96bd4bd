// Putting articles in, and the list of articles: what only the browser can do. Files go one by one to this page's own
// address, with their progress; the server is told when all have come. Talks to no one else.
"use strict";
(() => {
  const find = (selector, within = document) => within.querySelector(selector);
  const write = (box, text, button) => {
    const written = find(box);
    if (!written) return;
    written.value = text;
    written.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => document.getElementById(button)?.click(), 0);
  };
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

  // --- files ---

  let sending = false;

  const row = (place, name) => {
    const line = document.createElement("li");
    const [title, bar, told] = ["b", "progress", "span"].map((tag) => line.appendChild(document.createElement(tag)));
    title.textContent = name;
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", name);
    find(".sending", place.parentElement).append(line);
    return { line, bar, told };
  };

  const send = (place, batch, number, { file, name }) => new Promise((resolve) => {
    const says = place.dataset;
    const { bar, told, line } = row(place, name);
    const fail = (text) => { line.classList.add("wrong"); bar.remove(); told.textContent = text; resolve(false); };
    if (file.size > Number(says.largest)) return fail(says.tooLarge);
    const request = new XMLHttpRequest();
    request.open("PUT", `arriving/${batch}/${number}?name=${encodeURIComponent(name)}`);
    request.upload.onprogress = ({ loaded, total }) => { if (total) bar.value = loaded / total; };
    request.onerror = () => fail(says.broken);
    request.onload = () => {
      if (request.status === 200) { line.remove(); return resolve(true); }
      let detail = "";
      try { detail = JSON.parse(request.responseText).detail; } catch { /* no words of ours */ }
      fail(typeof detail === "string" && detail ? detail : says.broken);
    };
    request.send(file);
  });

  const sendAll = async (place, files) => {
    if (sending || !files.length) return;
    sending = true;
    const says = place.dataset;
    find(".sending", place.parentElement).replaceChildren();
    const batch = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const most = Number(says.most);
    if (files.length > most) {
      const { line, bar, told } = row(place, fill(says.tooMany, { count: files.length, most }));
      line.classList.add("wrong");
      bar.remove();
      told.remove();
    }
    const waiting = files.slice(0, most).entries();
    let come = 0;
    const work = async () => { for (const [number, file] of waiting) come += await send(place, batch, number, file); };
    await Promise.all([work(), work()]);
    sending = false;
    if (come && says.box === "arrived") find("#browse form")?.reset(); // what has come is to be seen
    if (come) write(`#${says.box} textarea`, batch, `${says.box}-send`);
  };

  // A folder that is dropped is walked through.
  const inside = async (entry, path) => {
    const name = path ? `${path}/${entry.name}` : entry.name;
    if (entry.name.startsWith(".")) return [];
    if (entry.isFile) return [{ name, file: await new Promise((resolve, reject) => entry.file(resolve, reject)) }];
    const reader = entry.createReader();
    const all = [];
    for (;;) {
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!some.length) return all;
      for (const each of some) all.push(...await inside(each, name));
    }
  };

  document.addEventListener("change", ({ target }) => {
    const place = target.closest?.(".drop[data-box]");
    if (!place) return;
    const files = [...target.files].map((file) => ({ file, name: file.webkitRelativePath || file.name }));
    target.value = "";
    sendAll(place, files.filter(({ name }) => !name.split("/").some((part) => part.startsWith("."))));
  });
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const place = event.target.closest?.(".drop[data-box]");
      if (!place || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      place.classList.toggle("over", kind === "dragenter" || kind === "dragover");
      if (kind !== "drop") return;
      const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
      Promise.all(entries.map((entry) => inside(entry, ""))).then((all) => sendAll(place, all.flat()));
    });
  }

  // --- the list ---

  let later = 0;
  const browse = (more = {}) => {
    const form = find("#browse form");
    if (!form) return;
    const { query, sort, since, until } = form.elements;
    const wish = { query: query.value, sort: sort.value, since: since.value, until: until.value, ...more };
    write("#browse-wish textarea", JSON.stringify(wish), "browse-send");
  };
  document.addEventListener("input", ({ target }) => {
    if (!target.closest?.("#browse form")) return;
    clearTimeout(later);
    later = setTimeout(browse, target.name === "query" ? 300 : 0);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.closest?.("#browse")) { event.preventDefault(); browse(); }
    if (!event.target.matches?.(".begin-group")) return;
    event.preventDefault();
    browse({ do: "begin-group", name: event.target.elements.name.value });
    event.target.reset();
  });
  document.addEventListener("change", ({ target }) => {
    if (target.matches?.("#catalogue [data-tick]")) browse({ tick: target.dataset.tick, on: target.checked });
    if (target.matches?.("[data-shared]")) browse({ do: "shared", on: target.checked });
    if (target.matches?.("[data-group]")) browse({ do: "group", group: target.dataset.group, on: target.checked });
  });

  // What is drawn anew loses the focus: whoever goes by keys is led back to the same place.
  let focused = "";
  const placeOf = ({ dataset }) => ["tick", "group", "shared", "shelf", "of", "article"]
    .filter((name) => name in dataset)
    .map((name) => `[data-${name}="${CSS.escape(dataset[name])}"]`).join("");
  document.addEventListener("focusin", ({ target }) => { focused = target.closest("#catalogue, #groups") ? placeOf(target) : ""; });
  const refocus = () => {
    if (!focused || document.activeElement !== document.body) return;
    (find(`#panel ${focused}`) ?? document.getElementById("articles-tab-button"))?.focus({ preventScroll: true });
  };

  // Which articles were asked last is kept in this browser and told when the page is opened again.
  const CHOSEN = `wenju-chosen${wenju.who && `-${wenju.who}`}`;
  let recalled = false;
  const keep = () => {
    const told = find("#catalogue [data-chosen]")?.dataset.chosen;
    if (!told) return;
    if (recalled) { localStorage.setItem(CHOSEN, told); return; }
    recalled = true;
    const before = localStorage.getItem(CHOSEN);
    if (!before || before === told) return;
    const { own, shared, groups, articles, since, until } = JSON.parse(before);
    const form = find("#browse form").elements;
    [form.since.value, form.until.value] = [since, until];
    browse({ do: "recall", on: own, shared, groups, articles });
  };
  for (const id of ["#catalogue", "#groups"]) wenju.once(id, (place) => {
    new MutationObserver(() => { refocus(); keep(); }).observe(place, { childList: true, subtree: true, attributeFilter: ["data-chosen"] });
    keep();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-shelf]");
    if (!button) return;
    event.preventDefault();
    const { shelf, sure, of: group, ask } = button.dataset;
    if (sure && !confirm(sure)) return;
    const name = ask ? prompt(ask, group) : "";
    if (name === null) return;
    if (shelf === "no-dates") for (const name of ["since", "until"]) find("#browse form").elements[name].value = "";
    browse({ do: shelf, group, name });
  });
})();
