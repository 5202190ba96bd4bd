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

  const goTo = (element, block) => {
    for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    light(element);
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block, behavior: calm() ? "auto" : "smooth" });
  };

  const ask = (question) => {
    const box = document.querySelector("#box textarea");
    box.value = question;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => document.getElementById("send").click(), 0);
  };

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-card], [data-mark], [data-question], [data-tab]");
    if (!target) return;
    event.preventDefault();
    const { card, mark, question, tab } = target.dataset;
    if (card) {
      openTab("sources");
      requestAnimationFrame(() => { const found = document.getElementById(card); if (found) goTo(found, narrow() ? "start" : "nearest"); });
    } else if (mark) {
      const found = document.querySelector(`[data-card="${mark}"]`);
      if (found) goTo(found, "center");
    } else if (question) ask(question);
    else openTab(tab);
  });

  // Enter that ends a composition chooses characters; it does not send the question.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.stopImmediatePropagation();
  }, true);

  // Follow the answer while it grows, unless the reader has scrolled away from its end.
  const follow = () => {
    const talk = document.getElementById("now");
    if (!talk) return setTimeout(follow, 100);
    let height = document.documentElement.scrollHeight;
    new MutationObserver(() => {
      const page = document.documentElement;
      const wasAtEnd = height - innerHeight - scrollY < 120;
      height = page.scrollHeight;
      if (wasAtEnd) scrollTo(0, height);
    }).observe(talk, { childList: true, subtree: true, characterData: true });
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
