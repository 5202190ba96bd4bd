// What a visitor wishes the page to be like, kept in this browser: how answers are made, how the page looks, and keys.
"use strict";
(() => {
  const { who, find, once, write, newest, closePanel, followMark } = wenju;
  const KEY = "wenju-wishes";
  const wishes = () => {
    try { return JSON.parse(localStorage.getItem(KEY)) ?? {}; } catch { return {}; }
  };
  const system = matchMedia("(prefers-color-scheme: dark)");

  const look = () => {
    const { looks = "auto", size = "100" } = wishes();
    const dark = looks === "dark" || (looks === "auto" && system.matches);
    if (document.body && document.body.classList.contains("dark") !== dark) document.body.classList.toggle("dark", dark);
    document.documentElement.style.fontSize = size === "100" ? "" : `${size}%`;
  };
  const send = () => {
    const { caution, k } = wishes();
    write("#wishes textarea", JSON.stringify({ caution, k }));
  };

  // The page is there in both languages, the second one step below the first.
  const speak = (wanted, here) => {
    const second = /\/(en|zh)\/?$/;
    if (wanted !== here) location.replace(second.test(location.pathname) ? location.pathname.replace(second, "/") : location.pathname.replace(/\/?$/, `/${wanted}`));
  };
  once("#page-words", ({ dataset }) => {
    const own = navigator.languages.some((language) => language.toLowerCase().startsWith("zh")) ? "zh" : "en";
    document.documentElement.lang = dataset.lang;
    speak(wishes().language ?? own, dataset.lang.slice(0, 2));
  });

  once("#settings form", (form) => {
    const now = wishes();
    for (const control of form.elements) {
      if (!(control.name in now) || control.name === "language") continue;
      if (control.type === "radio") control.checked = control.value === now[control.name];
      else if (control.type === "checkbox") control.checked = now[control.name];
      else control.value = now[control.name];
    }
    form.addEventListener("change", ({ target }) => {
      const value = target.type === "checkbox" ? target.checked : target.value;
      localStorage.setItem(KEY, JSON.stringify({ ...wishes(), [target.name]: value }));
      look();
      send();
      if (target.name === "language") speak(value, find("#page-words").dataset.lang.slice(0, 2));
    });
    find("#settings .log-out").hidden = !who;
    once("#wishes textarea", send);
    look();
    // Gradio dresses the page by the system's colours, also later.
    new MutationObserver(look).observe(document.body, { attributeFilter: ["class"] });
  });
  system.addEventListener("change", look);

  // --- keys ---

  const does = (name) => newest()?.querySelector(`[data-do="${name}"]`)?.click();
  const open = (name) => document.getElementById(name).showModal();
  const keys = {
    "/": () => find("#box textarea").focus(),
    n: () => document.getElementById("new").click(),
    h: () => open("talks"),
    s: () => open("settings"),
    c: () => does("copy"),
    r: () => does("again"),
    e: () => does("edit"),
    "?": () => open("keys"),
  };
  const pressed = (event) => {
    if (event.key === "Escape" && !find("dialog[open]")) {
      if (!closePanel()) find("#stop")?.offsetParent && find("#stop").click();
      return true;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || wishes().keys === false) return false;
    if (event.target.matches("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]")) return false;
    if (find(".room[open]") && "[]".includes(event.key)) return wenju.stepTo(event.key === "[" ? -1 : 1);
    if (find("dialog[open]")) return false;
    const mark = /^[1-9]$/.test(event.key) && newest()?.querySelector(`a.mark[data-number="${event.key}"]`);
    if (mark) return followMark(mark), true;
    return Boolean(keys[event.key]) && (keys[event.key](), true);
  };
  document.addEventListener("keydown", (event) => { if (pressed(event)) event.preventDefault(); });
})();
