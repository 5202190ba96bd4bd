// The conversations that this browser keeps: each under a key of its own, the one that is open known to this tab alone.
// They are listed, searched, renamed and deleted here; the server only draws one that is taken up again.
"use strict";
(() => {
  const { who, find, once, command, tell, words } = wenju;
  const PREFIX = `wenju-talk-${who && `${who}-`}`; // of two users of one browser neither finds the other's
  const CURRENT = "wenju-current";
  let asking = 0;

  const load = (id) => {
    try { return JSON.parse(localStorage.getItem(PREFIX + id)); } catch { return null; }
  };
  const save = (id, talk) => {
    try {
      localStorage.setItem(PREFIX + id, JSON.stringify({ ...talk, changed: Date.now() }));
    } catch { tell(words().storage_full); }
  };
  const all = () => Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX) && !key.slice(PREFIX.length).includes("-"))
    .map((key) => ({ id: key.slice(PREFIX.length), ...load(key.slice(PREFIX.length)) }))
    .filter((talk) => talk.turns?.length)
    .sort((one, other) => other.changed - one.changed);
  const current = () => sessionStorage.getItem(CURRENT);
  const begin = () => {
    const id = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
    sessionStorage.setItem(CURRENT, id);
    return id;
  };
  const asked = (turn) => turn.exchange?.answer?.question?.text ?? "";

  // Turn number `turn` came. One asked anew in the middle leaves the old conversation as it was and begins another.
  const keep = (turn, kept) => {
    let id = current() ?? begin();
    const talk = load(id) ?? { name: "", turns: [] };
    if (turn < talk.turns.length) id = begin();
    const turns = [...talk.turns.slice(0, turn - 1), kept];
    save(id, { name: talk.name || asked(turns[0]), turns });
  };
  const replace = (turn, kept) => {
    const talk = load(current());
    if (!talk?.turns[turn - 1]) return;
    talk.turns[turn - 1] = kept;
    save(current(), talk);
  };
  document.addEventListener("wenju-handed", ({ detail }) => {
    if (detail.what === "kept") keep(detail.turn, JSON.parse(detail.kept));
    if (detail.what === "restored") clearInterval(asking);
    if (detail.what === "rated") replace(detail.turn, JSON.parse(detail.kept));
  });

  // The page may still be on its way to becoming alive, and then hears nothing; so ask until it answers.
  const open = (id) => {
    sessionStorage.setItem(CURRENT, id);
    const restore = () => command({ do: "restore", turns: load(id)?.turns ?? [] });
    clearInterval(asking);
    asking = setInterval(() => find("#now .turn") ? clearInterval(asking) : restore(), 4000);
    restore();
    find("#talks").close();
  };

  const button = (text, name, does) => {
    const made = document.createElement("button");
    [made.type, made.className, made.textContent, made.onclick] = ["button", name, text, does];
    return made;
  };
  const rename = (row, talk) => {
    const box = document.createElement("input");
    box.value = talk.name;
    box.setAttribute("aria-label", words().rename);
    const done = () => { save(talk.id, { ...load(talk.id), name: box.value.trim() || talk.name }); list(); };
    box.onkeydown = (event) => {
      if (event.key === "Enter") { event.preventDefault(); done(); }
      if (event.key === "Escape") { event.preventDefault(); list(); }
    };
    box.onblur = done;
    row.replaceChildren(box);
    box.focus();
  };
  const remove = (pressed, talk) => {
    if (pressed.dataset.sure) {
      localStorage.removeItem(PREFIX + talk.id);
      if (talk.id === current()) document.getElementById("new").click();
      list();
    } else {
      pressed.dataset.sure = "1";
      pressed.textContent = words().delete_sure;
    }
  };
  const drawn = (talk) => {
    const row = document.createElement("li");
    const name = button(talk.name || words().untitled, "link name", () => open(talk.id));
    if (talk.id === current()) row.setAttribute("aria-current", "true");
    const date = document.createElement("small");
    date.textContent = new Date(talk.changed).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    row.append(name, date, button(words().rename, "tool", () => rename(row, talk)), button(words().delete, "tool", (event) => remove(event.target, talk)));
    return row;
  };
  const list = () => {
    const wanted = find("#talks .search").value.trim().toLowerCase();
    const said = (talk) => [talk.name, ...talk.turns.map((turn) => `${asked(turn)} ${turn.exchange?.answer?.text}`)].join("\n").toLowerCase();
    const rows = all().filter((talk) => !wanted || said(talk).includes(wanted)).map(drawn);
    const none = document.createElement("li");
    none.textContent = words().no_conversations;
    find("#talks .talks").replaceChildren(...(rows.length ? rows : [none]));
  };

  once("#talks", (dialog) => {
    find(".search", dialog).addEventListener("input", list);
    new MutationObserver(() => { if (dialog.open) list(); }).observe(dialog, { attributeFilter: ["open"] });
  });
  once("#new", (made) => made.addEventListener("click", () => sessionStorage.removeItem(CURRENT)));
  // A reload takes up what this tab had open.
  once("#do-act", () => setTimeout(() => { if (load(current())?.turns?.length) open(current()); }, 200));
})();
