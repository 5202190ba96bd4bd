// What only the browser can do: follow a mark to its evidence and back, offer a question, keep the growing answer in
// view, and leave Enter to the input method while it is composing. Talks to no one.
"use strict";
(() => {
  const narrow = () => matchMedia("(max-width: 860px)").matches;
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  const openTab = (name) => {
    const tab = document.getElementById(`${name}-tab-button`);
    if (tab && tab.getAttribute("aria-selected") !== "true") tab.click();
  };

  const light = (element) => {
    for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
    element.classList.add("lit");
  };

  const show = (element, block) => element.scrollIntoView({ block, behavior: calm() ? "auto" : "smooth" });

  const goTo = (element, block) => {
    for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    light(element);
    element.focus({ preventScroll: true });
    show(element, block);
  };

  // Write into a box of Gradio's as a person would, and press the button beside it.
  const say = (box, text, button) => {
    const written = document.querySelector(box);
    written.value = text;
    written.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => document.getElementById(button).click(), 0);
  };

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-card], [data-mark], [data-question], [data-tab], [data-model]");
    if (!target) return;
    event.preventDefault();
    const { card, mark, question, tab, model } = target.dataset;
    if (card) {
      openTab("sources");
      requestAnimationFrame(() => { const found = document.getElementById(card); if (found) goTo(found, narrow() ? "start" : "nearest"); });
    } else if (mark) {
      const found = document.querySelector(`[data-card="${mark}"]`);
      if (found) goTo(found, "center");
    } else if (question) say("#box textarea", question, "send");
    else if (model) {
      say("#model-wish textarea", model, "model-send");
      show(document.getElementById("model-state"), "nearest");
    }
    else {
      openTab(tab);
      // Once the tab is as high as what stands in it.
      setTimeout(() => { if (narrow()) show(document.getElementById("panel"), "start"); }, 150);
    }
  });

  // Enter that ends a composition chooses characters; it does not send the question.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.stopImmediatePropagation();
  }, true);

  // Go to a question that was sent, and follow its answer while it grows, unless the reader has scrolled away from its
  // end. On a narrow page the evidence comes after that.
  const follow = () => {
    const [now, talk] = [document.getElementById("now"), document.getElementById("talk")];
    if (!now || !talk) return setTimeout(follow, 100);
    const bottom = () => talk.getBoundingClientRect().bottom + scrollY - innerHeight;
    let [end, turn] = [bottom(), ""];
    new MutationObserver(() => {
      const newest = now.querySelector(".turn")?.id ?? "";
      const follows = Math.abs(end - scrollY) < 120 || (newest && newest !== turn);
      [end, turn] = [bottom(), newest];
      if (follows) scrollTo(0, end);
    }).observe(now, { childList: true, subtree: true, characterData: true });
  };

  // Gradio names the place for files in the browser's language; the page has its own.
  const name = () => {
    const [place, words] = [document.querySelector("#files button"), document.querySelector(".put-in")];
    if (!place || !words) return setTimeout(name, 200);
    document.documentElement.lang = words.lang;
    place.setAttribute("aria-label", words.querySelector("h3").textContent);
  };

  follow();
  name();
})();
