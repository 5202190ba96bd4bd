// What only the browser can do with a conversation: follow a mark to its evidence and back, show its quote, open what
// the server draws as a dialog, copy, edit, and keep the growing answer in view. Talks to no one but this page's server.
"use strict";
const wenju = (() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const narrow = () => matchMedia("(max-width: 860px)").matches;
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const words = () => JSON.parse(find("#page-words").dataset.words);

  // Call `then` with the element as soon as Gradio has put it there.
  const once = (selector, then) => {
    const found = find(selector);
    if (found) then(found);
    else setTimeout(() => once(selector, then), 60);
  };

  // Write into a box of Gradio's as a person would.
  const write = (box, text) => {
    const written = find(box);
    written.value = text;
    written.dispatchEvent(new Event("input", { bubbles: true }));
  };
  // Nothing is asked while an answer grows or a new conversation is being begun: what is sent then waits for the end.
  let beginning = false;
  const busy = () => beginning || find("#now .turn")?.getAttribute("aria-busy") === "true";
  const press = (box, text, button) => {
    write(box, text);
    setTimeout(() => document.getElementById(button).click(), 0);
  };
  const command = (said) => press("#command textarea", JSON.stringify(said), "do-act");
  let forget = () => {};
  const sendWhenFree = (box, text, button) => {
    forget();
    write(box, text);
    if (busy() && !beginning) tell(words().waits);
    forget = wenjuStream.press(text, button, () => !busy(), () => find(box).value !== text);
  };
  const anew = (question, after, more = {}) => sendWhenFree("#command textarea", JSON.stringify({ question, after, ...more }), "do-anew");
  const ask = (question) => sendWhenFree("#box textarea", question, "send");
  let fading = 0;
  const tell = (text) => {
    const toast = find("#toast");
    toast.textContent = text;
    toast.hidden = !text;
    clearTimeout(fading);
    fading = setTimeout(() => { toast.hidden = true; }, 5000);
  };

  const show = (element, block) => element.scrollIntoView({ block, behavior: calm() ? "auto" : "smooth" });
  const light = (...elements) => {
    for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
    for (const element of elements) element.classList.add("lit");
  };
  const goTo = (element, block) => {
    for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    element.focus({ preventScroll: true });
    show(element, block);
  };
  const quotesOf = (turn, number) => turn.querySelectorAll(`.card [data-quotes~="${number}"]`);
  const newest = () => find("#now .turn") ?? [...document.querySelectorAll("#past .turn")].at(-1);

  const openTab = (name) => {
    const tab = document.getElementById(`${name}-tab-button`);
    if (tab && tab.getAttribute("aria-selected") !== "true") tab.click();
  };
  let opener = null;
  const openPanel = (tab, from) => {
    opener = from.closest("dialog") ? find(`#top [data-dialog="${from.closest("dialog").id}"]`) : from;
    from.closest("dialog")?.close();
    openTab(tab);
    find("#panel").classList.add("open");
    document.getElementById(`${tab}-tab-button`)?.focus();
  };
  const closePanel = () => {
    const panel = find("#panel");
    if (!panel?.classList.contains("open")) return false;
    const within = panel.contains(document.activeElement) || document.activeElement === document.body;
    panel.classList.remove("open");
    if (within) (opener?.isConnected ? opener : find('#top [data-tab="articles"]')).focus();
    return true;
  };

  // --- marks and cards ---

  const followMark = (mark) => {
    const turn = mark.closest(".turn");
    const quotes = quotesOf(turn, mark.dataset.number);
    if (!quotes.length) return;
    const card = quotes[0].closest(".card");
    goTo(card, narrow() ? "start" : "nearest");
    light(card, ...quotes);
    show(quotes[0], narrow() ? "center" : "nearest");
  };
  const goBack = (number) => {
    const mark = find(`a.mark[data-number="${number.dataset.number}"]`, number.closest(".turn"));
    if (!mark) return;
    goTo(mark, "center");
    light(mark);
  };

  let leaving = 0;
  const hideTip = () => {
    find("#tip").hidden = true;
    find("a.mark[aria-describedby]")?.removeAttribute("aria-describedby");
  };
  const showTip = (mark) => {
    const tip = find("#tip");
    const [title, quote] = [document.createElement("b"), document.createElement("span")];
    [title.textContent, quote.textContent] = [mark.dataset.title, mark.dataset.quote];
    tip.replaceChildren(title, quote);
    tip.hidden = false;
    mark.setAttribute("aria-describedby", "tip");
    const [at, size] = [mark.getBoundingClientRect(), tip.getBoundingClientRect()];
    tip.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
    tip.style.top = `${at.top > size.height + 12 ? at.top - size.height - 6 : at.bottom + 6}px`;
  };
  const pointed = (event) => {
    const mark = event.target.closest?.("a.mark");
    clearTimeout(leaving);
    if (mark) showTip(mark);
    else if (find("#tip") && !event.target.closest?.("#tip")) leaving = setTimeout(hideTip, 150);
  };
  document.addEventListener("mouseover", pointed);
  document.addEventListener("focusin", (event) => { if (event.target.matches(":focus-visible")) pointed(event); });
  document.addEventListener("scroll", () => { if (find("#tip")) hideTip(); }, { capture: true, passive: true });

  // --- what can be done with a turn ---

  const copy = async (button) => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch { // not over https, or not allowed
      const box = document.createElement("textarea");
      box.value = button.dataset.copy;
      button.after(box);
      box.select();
      document.execCommand("copy");
      box.remove();
      button.focus();
    }
    tell(words().copied);
  };

  const edit = (button) => {
    const turn = button.closest(".turn");
    if (find(".editor", turn)) return;
    const [editor, box] = [document.createElement("form"), document.createElement("textarea")];
    editor.className = "editor";
    box.value = button.dataset.question;
    box.setAttribute("aria-label", find("#box textarea").getAttribute("aria-label") ?? words().edit);
    const [send, cancel] = [document.createElement("button"), document.createElement("button")];
    [send.type, cancel.type, send.className, cancel.className] = ["submit", "button", "go", "tool"];
    [send.textContent, cancel.textContent] = [words().send, words().cancel];
    const leave = () => { editor.remove(); button.focus(); };
    cancel.onclick = leave;
    editor.onsubmit = (event) => {
      event.preventDefault();
      if (box.value.trim()) anew(box.value, turn.dataset.turn - 1);
    };
    box.onkeydown = (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); editor.requestSubmit(); }
      if (event.key === "Escape") { event.stopPropagation(); leave(); }
    };
    editor.append(box, send, cancel);
    find(".asked", turn).after(editor);
    box.focus();
  };

  const sendRating = (button) => {
    const form = button.closest("form");
    const told = new FormData(form);
    command({
      do: "rate", turn: Number(form.dataset.turn), verdict: "bad", wrong: told.getAll("wrong"), silent: told.getAll("silent"),
      passage: told.get("passage") ?? "", right: told.get("right"), note: told.get("note"),
    });
    button.closest("dialog").close();
  };

  // --- the reading room ---

  let step = 0;
  const shownText = (room) => find(room.hasAttribute("data-raw") ? ".text.raw" : ".text.clean", room);
  const stepTo = (room, place) => {
    const quotes = [...shownText(room).querySelectorAll("[data-quotes]")];
    if (!quotes.length) return false;
    step = (place + quotes.length) % quotes.length;
    light(quotes[step]);
    show(quotes[step], "center");
    return true;
  };
  const begin = (room) => {
    const quotes = [...shownText(room).querySelectorAll("[data-quotes]")];
    const wanted = quotes.findIndex((quote) => quote.dataset.quotes.split(" ").includes(room.dataset.number));
    if (stepTo(room, Math.max(wanted, 0))) return;
    const places = [...shownText(room).querySelectorAll("[data-at]")].filter((at) => Number(at.dataset.at) <= Number(room.dataset.from));
    if (Number(room.dataset.from) && places.length) places.at(-1).scrollIntoView({ block: "start" });
  };
  const switchText = (button) => {
    const room = button.closest(".room");
    room.toggleAttribute("data-raw", Boolean(button.dataset.raw));
    for (const each of room.querySelectorAll('[data-do="show"]')) each.setAttribute("aria-pressed", each === button);
    begin(room);
  };

  const acts = {
    mark: followMark,
    back: goBack,
    copy,
    edit,
    again: (button) => anew(button.dataset.question, button.closest(".turn").dataset.turn - 1),
    everywhen: (button) => anew(button.dataset.question, button.closest(".turn").dataset.turn - 1, { all_dates: 1 }),
    good: (button) => command({ do: "rate", turn: Number(button.closest(".turn").dataset.turn), verdict: "good" }),
    bad: (button) => command({ do: "criticise", turn: Number(button.closest(".turn").dataset.turn) }),
    export: (button) => command({ do: "export", turn: Number(button.closest(".turn")?.dataset.turn ?? 0), as: button.dataset.as }),
    read: (button) => command({ do: "read", ...button.dataset }),
    show: switchText,
    step: (button) => stepTo(button.closest(".room"), step + Number(button.dataset.by)),
    goto: (button) => show(find(`[data-at="${button.dataset.at}"]`, shownText(button.closest(".room"))), "start"),
    close: (button) => button.closest("dialog").close(),
    open: (button) => document.getElementById(button.dataset.dialog).showModal(),
    "close-panel": closePanel,
    "send-rating": sendRating,
  };

  document.addEventListener("click", (event) => {
    if (event.target.matches("dialog") && event.target.open) {
      const at = event.target.getBoundingClientRect();
      const inside = at.left <= event.clientX && event.clientX <= at.right && at.top <= event.clientY && event.clientY <= at.bottom;
      if (!inside && event.clientX + event.clientY > 0) event.target.close();
    }
    const target = event.target.closest("[data-do], [data-question], [data-article], [data-tab], [data-model]");
    if (!target) return;
    event.preventDefault();
    const { do: does, question, article, tab, model } = target.dataset;
    if (does) acts[does]?.(target);
    else if (question) ask(question);
    else if (article) command({ do: "read", article });
    else if (model) {
      press("#model-wish textarea", model, "model-send");
      show(document.getElementById("model-state"), "nearest");
    } else openPanel(tab, target);
  });

  // Enter that ends a composition chooses characters; it does not send the question.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    if (event.isComposing || event.keyCode === 229) event.stopImmediatePropagation();
    else if (event.target.matches("#box textarea") && !event.shiftKey && event.target.value.trim()) {
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(event.target.value);
    }
  }, true);

  document.addEventListener("click", (event) => {
    const question = find("#box textarea")?.value ?? "";
    if (event.isTrusted && event.target.closest("#send") && question.trim()) {
      event.stopImmediatePropagation();
      ask(question);
    }
    // The conversation is gone from the page as soon as the server has heard of it.
    if (!event.target.closest("#new") || !newest()) return;
    beginning = true;
    const looking = setInterval(() => {
      if (newest()) return;
      clearInterval(looking);
      beginning = false;
    }, 50);
    setTimeout(() => { clearInterval(looking); beginning = false; }, 10_000);
  }, true);

  // --- what the server hands over ---

  // Gradio changes what is there as little as it can, so a new thing may be an old element with another mark of its own.
  const watch = (id, selector, then) => once(id, (place) => {
    let last = "";
    new MutationObserver(() => {
      const found = find(selector, place);
      if (!found || found.dataset.made === last) return;
      last = found.dataset.made;
      then(found);
    }).observe(place, { childList: true, subtree: true, attributeFilter: ["data-made"] });
  });

  watch("#sheet", "dialog", (dialog) => {
    if (!dialog.open) dialog.showModal();
    if (dialog.matches(".room")) requestAnimationFrame(() => begin(dialog));
  });

  const hands = {
    rated: ({ turn, told, verdict }) => {
      for (const name of ["good", "bad"])
        find(`#turn-${turn} [data-do="${name}"]`)?.setAttribute("aria-pressed", name === verdict);
      tell(told);
    },
    failed: ({ told }) => tell(told),
    file: ({ name, content }) => {
      const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([bytes]));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      tell(words().exported);
    },
  };
  watch("#handed", "[data-handed]", (element) => {
    const handed = JSON.parse(element.dataset.handed);
    hands[handed.what]?.(handed);
    document.dispatchEvent(new CustomEvent("wenju-handed", { detail: handed }));
  });

  // A question that was sent goes to the top of the page; its answer is followed while it grows past the foot, unless
  // the reader has scrolled away from its end.
  once("#now", (now) => {
    let [last, busy] = ["", false];
    new MutationObserver(() => {
      const turn = find(".turn", now);
      if (!turn) { last = ""; return; }
      const going = turn.getAttribute("aria-busy") === "true";
      if (turn.id !== last || (going && !busy)) turn.scrollIntoView({ block: "start" });
      else {
        const over = find(".said", turn).getBoundingClientRect().bottom - find("#composer").getBoundingClientRect().top;
        if (over > 0 && over < 160) scrollBy(0, over);
      }
      if (busy && !going) find("#live").textContent = words().answer_ready + (find(".answer, .refusal", turn)?.innerText ?? "").slice(0, 600);
      [last, busy] = [turn.id, going];
    }).observe(now, { childList: true, subtree: true, characterData: true, attributeFilter: ["aria-busy"] });
  });

  // Gradio names the place for files in the browser's language; the page has its own.
  once("#files .drop", (place) => once("#page-words", (said) => {
    document.documentElement.lang = said.dataset.lang;
    place.setAttribute("aria-label", find(".put-in h3").textContent);
  }));

  // Who is logged in, as a number; "" where nobody has to.
  const who = document.cookie.match(new RegExp(`(?:^|; )wenju-who-${location.port}=(\\w+)`))?.[1] ?? "";

  return { who, find, once, write, command, anew, ask, tell, words, newest, closePanel, quotesOf, followMark, stepTo: (by) => stepTo(find(".room[open]"), step + by) };
})();
