// What both pages are built from: elements, words, figures, plots, the table of questions, the view of one question.
// Everything that comes from questions or articles becomes a text node, never markup. Talks to no one.
"use strict";
const Parts = (() => {
  const DATA = JSON.parse(document.getElementById("data").textContent);
  const lines = document.getElementById("rows").textContent.split("\n");
  const row = (index) => JSON.parse(lines[index]);

  // --- elements ---

  const put = (element, attributes, children) => {
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (value === undefined || value === null || value === false) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
    return element;
  };
  const el = (name, attributes, ...children) => put(document.createElement(name), attributes, children);
  const svg = (name, attributes, ...children) => put(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

  // --- the address: language, filters and the open question are remembered behind the # ---

  const address = new URLSearchParams(location.hash.slice(1));
  const remember = (changes) => {
    for (const [name, value] of Object.entries(changes)) value ? address.set(name, value) : address.delete(name);
    const hash = `#${address}`;
    try { history.replaceState(null, "", hash); } catch { location.replace(hash); }
  };
  const linkTo = (id) => {
    const to = new URLSearchParams(address.has("lang") ? { lang: address.get("lang") } : {});
    to.set("q", id);
    return `#${to}`;
  };

  // --- words and figures ---

  const language = () => (address.get("lang") === "en" ? "en" : "zh");
  const t = (key, fields = {}) => (DATA.words[language()][key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => fields[name] ?? whole);
  const nameOf = (metric) => metric[language() === "en" ? "english" : "chinese"];
  const definitionOf = (metric) => metric[language() === "en" ? "definition_english" : "definition_chinese"];
  const kindName = (kind) => {
    if (!kind) return t("no_kind");
    const [first, ...rest] = kind.split(" ");
    return Object.hasOwn(DATA.kinds, first) ? [DATA.kinds[first][language() === "en" ? 1 : 0], ...rest].join(" ") : kind;
  };
  const whole = (value) => value.toLocaleString("en-US");
  const seconds = (value) => (Math.abs(value) >= 1 ? `${value.toFixed(2)} s` : `${(value * 1000).toFixed(Math.abs(value) < .01 ? 1 : 0)} ms`);
  const figure = (value, unit) => {
    if (value === null || value === undefined) return "—";
    if (unit === "share") return `${(value * 100).toFixed(1)}%`;
    if (unit === "seconds") return seconds(value);
    if (unit === "characters") return Number.isInteger(value) ? whole(value) : value.toFixed(1);
    return value.toFixed(2);
  };
  const signed = (value, unit) => (value > 0 ? "+" : value < 0 ? "−" : "±") + figure(Math.abs(value), unit);
  const percent = (value) => `${Math.round(value * 100)}%`;

  // --- a name with its definition, which hovering, tapping and the keyboard show ---

  let terms = 0;
  const term = (metric) => {
    const id = `definition-${++terms}`;
    const button = el("button", { type: "button", class: "term", "aria-describedby": id }, nameOf(metric));
    button.addEventListener("keydown", (event) => { if (event.key === "Escape") button.blur(); });
    return el("span", { class: "defined" }, button, el("span", { class: "tip", role: "tooltip", id }, definitionOf(metric)));
  };

  // --- small plots inside a line of the summary ---

  const scaleOf = (metrics, estimates) => {
    const most = {};
    for (const { key, unit } of metrics) {
      if (unit === "share") most[unit] = 1;
      else if (estimates[key]) most[unit] = Math.max(most[unit] ?? 0, estimates[key].high, estimates[key].value);
    }
    return most;
  };
  const bar = (estimate, most, better) => {
    const at = (value) => 1 + 118 * Math.min(1, Math.max(0, (value ?? 0) / (most || 1)));
    return svg("svg", { class: `bar ${better === "low" ? "low" : ""}`, viewBox: "0 0 120 16", width: 120, height: 16, "aria-hidden": "true" },
      svg("rect", { class: "ground", x: 1, y: 5, width: 118, height: 6, rx: 2 }),
      svg("rect", { class: "value", x: 1, y: 5, width: Math.max(0, at(estimate.value) - 1), height: 6, rx: 2 }),
      svg("path", { class: "whisker", d: `M${at(estimate.low)} 2v12M${at(estimate.high)} 2v12M${at(estimate.low)} 8H${at(estimate.high)}` }));
  };

  // --- plots ---

  const plots = [];
  // `draw(width)` gives the SVG; `table` is [head, rows] for who cannot see it.
  const plot = (title, says, draw, table, size = "") => {
    const place = el("div", { class: "drawing" });
    const numeric = (cell) => (/^[−±+]?[\d.,]+ ?(%|ms|s)?$|^—$/.test(cell) ? "number" : undefined);
    const rows = table[1].map((cells) => el("tr", {}, cells.map((cell, place) => (place ? el("td", { class: numeric(cell) }, cell) : el("th", { scope: "row" }, cell)))));
    const figureElement = el("figure", { class: `plot ${size}` },
      el("figcaption", {}, el("h3", {}, title), el("p", {}, says)),
      place,
      el("details", {}, el("summary", {}, t("as_table")), el("div", { class: "scroll" }, el("table", {},
        el("thead", {}, el("tr", {}, table[0].map((cell) => el("th", { scope: "col" }, cell)))), el("tbody", {}, rows)))));
    plots.push(() => {
      const drawn = draw(Math.max(280, Math.floor(place.clientWidth)));
      put(drawn, { role: "img", "aria-label": title }, []);
      place.replaceChildren(drawn);
    });
    return figureElement;
  };
  const drawPlots = () => plots.forEach((draw) => draw());
  const forgetPlots = () => { plots.length = 0; };

  const text = (x, y, words, attributes) => svg("text", { x, y, ...attributes }, words);
  const titled = (element, words) => { element.prepend(svg("title", {}, words)); return element; };
  const canvas = (width, height, ...children) => svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height }, ...children);
  // Axes with room for their labels; x and y lead from values to places.
  const frame = (width, height, { x, y, ticksX = [], ticksY = [], labelX = "", labelY = "", left = 46, bottom = 44, right = 14, top = 26 }) => {
    const toX = (value) => left + (width - left - right) * ((value - x[0]) / (x[1] - x[0] || 1));
    const toY = (value) => height - bottom - (height - top - bottom) * ((value - y[0]) / (y[1] - y[0] || 1));
    const parts = [
      ticksY.map(([value, words]) => [svg("path", { class: "grid", d: `M${left} ${toY(value)}H${width - right}` }), text(left - 6, toY(value) + 4, words, { class: "tick", "text-anchor": "end" })]),
      ticksX.map(([value, words]) => text(toX(value), height - bottom + 18, words, { class: "tick", "text-anchor": "middle" })),
      svg("path", { class: "axis", d: `M${left} ${height - bottom}H${width - right}` }),
      text((left + width - right) / 2, height - 6, labelX, { class: "label", "text-anchor": "middle" }),
      text(4, 13, labelY, { class: "label" }),
    ];
    return { parts, toX, toY };
  };
  const shares = [0, .25, .5, .75, 1].map((value) => [value, percent(value)]);
  const niceTicks = (most, count = 4) => {
    const raw = (most || 1) / count, power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].find((factor) => factor * power >= raw) * power;
    return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, place) => place * step);
  };
  const legend = (names, x, y, gap = 16) => {
    let at = x;
    return names.map(([name, series]) => {
      const group = svg("g", { class: `series-${series}` }, svg("circle", { class: "dot", cx: at + 5, cy: y - 4, r: 4.5 }), text(at + 14, y, name, { class: "tick" }));
      at += 14 + [...name].reduce((sum, each) => sum + (each.charCodeAt(0) > 255 ? 12 : 6.6), 0) + gap;
      return group;
    });
  };
  const whiskered = (x, y, estimate, along, series, words) => titled(svg("g", { class: `series-${series}` },
    svg("path", { class: "interval", d: along === "x" ? `M${x(estimate.low)} ${y}H${x(estimate.high)}` : `M${x} ${y(estimate.low)}V${y(estimate.high)}` }),
    svg("circle", { class: estimate.n < 5 ? "dot few" : "dot", cx: along === "x" ? x(estimate.value) : x, cy: along === "x" ? y : y(estimate.value), r: 4.5 })), words);
  const intervalText = (estimate, unit) => `${figure(estimate.value, unit)} (${figure(estimate.low, unit)} – ${figure(estimate.high, unit)}), n = ${whole(estimate.n)}`;

  // --- the table of questions ---

  const PAGE = 50;
  // `columns`: [{key, label, cell(index), number?, value(index)?}], `choices`: [{key, all, options: [[value, words]], of: column}].
  const questionTable = ({ count, columns, choices, found, open, outcomeOf, ids }) => {
    const state = { order: null, page: 0, shown: [], down: false };
    const box = el("input", { type: "search", id: "find", value: address.get("find") ?? "", placeholder: t("find"), "aria-label": t("find"), maxlength: 200, autocomplete: "off", spellcheck: "false" });
    const selects = choices.map(({ key, all, options }) => {
      const select = el("select", { id: `by-${key}`, "aria-label": all }, el("option", { value: "" }, all), options.map(([value, words]) => el("option", { value }, words)));
      select.value = address.get(key) ?? "";
      if (select.selectedIndex < 0) select.value = "";
      return select;
    });
    const sorter = el("select", { id: "sort", "aria-label": t("sort_by") });
    sorter.append(el("option", { value: "" }, `${t("sort_by")}: ${t("set_order")}`), ...columns.flatMap(({ key, label }) => ["up", "down"].map((way) => el("option", { value: `${key} ${way}` }, `${label} ${way === "up" ? "↑" : "↓"}`))));
    sorter.value = address.get("sort") ?? "";
    if (sorter.selectedIndex < 0) sorter.value = "";
    const counted = el("p", { class: "counted", role: "status" });
    const clear = el("button", { type: "button", class: "plain", id: "clear" }, t("clear"));
    const body = el("tbody");
    const heads = columns.map(({ key, label, number }) => el("th", { scope: "col", class: number ? "number" : undefined, "data-key": key },
      el("button", { type: "button", class: "sorter", onclick: () => sortBy(key) }, label, el("span", { class: "way", "aria-hidden": "true" }))));
    const pager = el("nav", { class: "pager", "aria-label": t("all_questions") });

    const sortBy = (key) => {
      const [now, way] = sorter.value.split(" ");
      sorter.value = now !== key ? `${key} up` : way === "up" ? `${key} down` : "";
      apply();
    };
    const order = () => {
      const [key, way] = sorter.value.split(" ");
      const all = Array.from({ length: count }, (_, index) => index);
      const column = columns.find((each) => each.key === key);
      if (!column) return all;
      const values = all.map(column.value), sign = way === "down" ? -1 : 1;
      const compare = new Intl.Collator(language() === "en" ? "en" : "zh-CN", { numeric: true }).compare;
      // What has no value comes last whichever way is sorted.
      return all.sort((a, b) => {
        const [one, two] = [values[a], values[b]];
        if (one === null || two === null) return (one === null) - (two === null) || a - b;
        return sign * (typeof one === "string" ? compare(one, two) : one - two) || a - b;
      });
    };
    let sorted = null, sortedBy = null;
    const apply = (keepPage = false) => {
      const wanted = box.value.trim().toLowerCase();
      if (sortedBy !== sorter.value) [sorted, sortedBy] = [order(), sorter.value];
      const tests = choices.map(({ of }, place) => [of, selects[place].value]).filter(([, value]) => value);
      state.shown = sorted.filter((index) => tests.every(([of, value]) => of[index] === value) && (!wanted || found[index].includes(wanted)));
      if (!keepPage) state.page = 0;
      remember({ find: box.value.trim(), sort: sorter.value, ...Object.fromEntries(choices.map(({ key }, place) => [key, selects[place].value])) });
      clear.hidden = !wanted && !tests.length;
      draw();
    };
    const draw = () => {
      const pages = Math.max(1, Math.ceil(state.shown.length / PAGE));
      state.page = Math.min(state.page, pages - 1);
      const [key, way] = sorter.value.split(" ");
      for (const head of heads) {
        const now = head.dataset.key === key;
        head.setAttribute("aria-sort", now ? (way === "down" ? "descending" : "ascending") : "none");
        head.querySelector(".way").textContent = now ? (way === "down" ? "↓" : "↑") : "";
      }
      counted.textContent = t("shown", { shown: whole(state.shown.length), all: whole(count) });
      const here = state.shown.slice(state.page * PAGE, (state.page + 1) * PAGE);
      body.replaceChildren(...here.map((index) => el("tr", { "data-index": index, class: `is-${outcomeOf[index]}` },
        columns.map(({ key: name, cell, number }) => el("td", { class: `${number ? "number " : ""}cell-${name}` }, cell(index))))));
      if (!here.length) body.append(el("tr", {}, el("td", { colspan: columns.length, class: "empty" }, t("nothing_shown"))));
      const turn = (by, words, id) => el("button", { type: "button", id, disabled: state.page + by < 0 || state.page + by >= pages, onclick: () => {
        state.page += by;
        draw();
        document.getElementById(id)?.focus({ preventScroll: true });
        if (by) table.scrollIntoView({ block: "start" });
      } }, words);
      pager.replaceChildren(...(pages > 1 ? [turn(-1, t("previous"), "page-before"), el("span", {}, t("page", { page: state.page + 1, pages })), turn(1, t("next"), "page-after")] : []));
    };

    body.addEventListener("click", (event) => {
      const line = event.target.closest("tr[data-index]");
      if (line && !String(getSelection())) open(Number(line.dataset.index), state.shown);
    });
    body.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      const beside = event.target.closest("tr")?.[event.key === "ArrowDown" ? "nextElementSibling" : "previousElementSibling"];
      if (beside) { event.preventDefault(); beside.querySelector("button.open")?.focus(); }
    });
    box.addEventListener("input", () => apply());
    for (const select of [...selects, sorter]) select.addEventListener("change", () => apply());
    clear.addEventListener("click", () => { box.value = ""; for (const select of selects) select.value = ""; apply(); box.focus(); });

    const table = el("table", { class: "questions" }, el("thead", {}, el("tr", {}, heads)), body);
    const element = el("div", {}, el("div", { class: "controls" }, box, selects, sorter, counted, clear), table, pager);
    apply();
    return {
      element,
      show: (key, value) => {
        selects[choices.findIndex((choice) => choice.key === key)].value = value;
        apply();
        element.scrollIntoView({ block: "start" });
      },
      shown: () => state.shown,
      focusOn: (index) => {
        const place = state.shown.indexOf(index);
        if (place < 0) return;
        if (Math.floor(place / PAGE) !== state.page) { state.page = Math.floor(place / PAGE); draw(); }
        body.querySelector(`tr[data-index="${index}"] button.open`)?.focus();
      },
    };
  };
  const opener = (words, id) => el("button", { type: "button", class: "open", "aria-haspopup": "dialog" }, el("bdi", {}, words || id));
  const tag = (outcome) => el("span", { class: `tag ${outcome}`, title: t(`${outcome}_means`) }, t(outcome));

  // --- one question in a window of its own; `draw(index)` gives what is in it ---

  const viewer = ({ ids, draw, closed, broad = false }) => {
    const dialog = el("dialog", { id: "question", class: broad && "broad", "aria-labelledby": "asked" });
    document.body.append(dialog);
    let now = -1, among = [];
    const show = (index, list = among) => {
      [now, among] = [index, list];
      const place = among.indexOf(index);
      const step = (by, words, sign, id) => el("button", { type: "button", id, "aria-label": words, title: words, disabled: among[place + by] === undefined || place < 0, onclick: () => { show(among[place + by]); document.getElementById(id)?.focus(); } }, sign);
      dialog.replaceChildren(
        el("header", {}, step(-1, t("question_before"), "←", "before"), step(1, t("question_after"), "→", "after"),
          el("span", { class: "position" }, place < 0 ? "" : t("position", { place: whole(place + 1), all: whole(among.length) })),
          el("a", { href: linkTo(ids[index]), id: "permalink" }, t("link")),
          el("button", { type: "button", id: "close", onclick: () => dialog.close() }, t("close"))),
        el("article", { tabindex: "-1" }, draw(index)));
      remember({ q: ids[index] });
      if (!dialog.open) dialog.showModal();
      dialog.scrollTop = 0;
      dialog.querySelector("article").focus({ preventScroll: true });
    };
    dialog.addEventListener("close", () => { remember({ q: "" }); dialog.replaceChildren(); closed(now); });
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("keydown", (event) => {
      if (event.target.closest("input, select, textarea") || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "ArrowLeft") dialog.querySelector("#before:enabled")?.click();
      if (event.key === "ArrowRight") dialog.querySelector("#after:enabled")?.click();
    });
    return { show, redraw: () => { if (dialog.open) show(now, among); } };
  };

  // Offsets count characters as Python does, not the halves that JavaScript counts.
  const slices = (characters, spans) => {
    const borders = [...new Set([0, characters.length, ...spans.flatMap(({ start, end }) => [start, end])])].filter((place) => place >= 0 && place <= characters.length).sort((a, b) => a - b);
    return borders.slice(0, -1).map((start, place) => ({
      text: characters.slice(start, borders[place + 1]).join(""),
      on: spans.filter((span) => span.start <= start && span.end >= borders[place + 1]),
    }));
  };
  const answerText = (asked, side) => {
    const spans = [
      ...(asked.highlights ?? []).map(([start, end]) => ({ start, end, strong: true })),
      ...(asked.claims ?? []).filter((claim) => !claim.supported).map(({ start, end }) => ({ start, end, unsupported: true })),
    ];
    const known = new Set((asked.citations ?? []).map(({ number }) => String(number)));
    const marked = (words) => words.split(/(\[\d+\])/).map((part) => {
      const number = /^\[(\d+)\]$/.exec(part)?.[1];
      if (!known.has(number)) return part;
      return el("button", { type: "button", class: "mark", onclick: () => {
        const card = document.getElementById(`card-${side}-${number}`);
        card.scrollIntoView({ block: "nearest" });
        card.focus({ preventScroll: true });
      } }, part);
    });
    return slices(Array.from(asked.text ?? ""), spans).map(({ text: words, on }) => {
      let content = marked(words);
      if (on.some(({ strong }) => strong)) content = el("strong", {}, content);
      return on.some(({ unsupported }) => unsupported) ? el("span", { class: "unsupported" }, content) : content;
    });
  };
  const stem = (name) => name.split(/[\\/]/).pop().replace(/\.[^.#]+(?=$|#)/, "");
  const rightArticles = (asked) => {
    const relevant = new Set(asked.relevant ?? []);
    return (id) => relevant.has(id);
  };
  const expectedOf = (asked) => (asked.answerable === false ? [] : asked.answer_groups ?? (asked.answers ? [asked.answers] : []));

  const part = (title, ...children) => el("section", {}, el("h3", {}, title), ...children);
  const drawExpected = (asked) => {
    const groups = expectedOf(asked).map((group) => el("bdi", {}, group.join(t("or"))));
    return part(t("expected"),
      asked.answerable === false ? el("p", {}, t("expected_refusal")) : !groups.length ? el("p", { class: "soft" }, t("expected_none"))
        : groups.length === 1 ? el("p", { class: "expected" }, groups) : [el("p", { class: "soft" }, t("all_parts")), el("ul", { class: "expected" }, groups.map((group) => el("li", {}, group)))],
      asked.wrong_answers && el("p", { class: "soft" }, `${t("misled")}: ${asked.wrong_answers.join(t("or"))}`),
      asked.passage && el("details", {}, el("summary", {}, t("expected_passage")), el("blockquote", {}, asked.passage)));
  };
  const drawAsked = (asked) => [
    asked.history && part(t("earlier"), asked.history.map((turn) => el("p", { class: "turn" }, el("strong", {}, turn.question), turn.answer && ` ${turn.answer}`))),
    asked.remark && part(t("remark"), el("p", {}, [asked.remark.by, asked.remark.at, asked.remark.text].filter(Boolean).join(" · ")), asked.remark.answer && el("blockquote", {}, asked.remark.answer)),
  ];
  // What one side answered and what it rests on. `side` keeps apart the names of two answers on one page.
  const drawAnswer = (asked, side, outcome) => {
    if (asked.problem) return part(t("given_answer"), el("p", { class: "facts" }, tag("failed")), el("p", { class: "problem" }, asked.problem));
    const facts = [`${t("confidence")} ${figure(asked.confidence, "share")}`, asked.seconds?.total !== undefined && seconds(asked.seconds.total), asked.model].filter(Boolean).join(" · ");
    return part(t("given_answer"),
      el("p", { class: "facts" }, tag(outcome), asked.unsure && el("span", { class: "tag wrong" }, t("unsure")), " ", facts),
      el("p", { class: asked.refused ? "answer refused" : "answer" }, asked.text ? answerText(asked, side) : t("no_answer")),
      asked.judged && el("p", { class: "soft" }, `${t("judged_said")}: ${asked.judged}`));
  };
  const drawClaims = (asked) => asked.claims?.length > 0 && part(t("claims"), el("ul", { class: "claims" }, asked.claims.map((claim) => el("li", { class: claim.supported ? "held" : "loose" },
    el("span", { class: "verdict" }, `${claim.supported ? "✓" : "✗"} ${t(claim.supported ? "supported" : "unsupported")}`, claim.citations.map((number) => ` [${number}]`)),
    el("bdi", {}, claim.text), claim.problem && el("span", { class: "because" }, claim.problem)))));
  const drawCitations = (asked, side) => {
    if (asked.problem || asked.refused) return null;
    const isRight = rightArticles(asked);
    const cards = (asked.citations ?? []).map((citation) => el("li", { class: "card", id: `card-${side}-${citation.number}`, tabindex: "-1" },
      el("header", {}, el("span", { class: "number" }, citation.number), el("div", {}, el("h4", {}, el("bdi", {}, citation.title || t("untitled"))),
        el("p", {}, el("bdi", {}, [citation.source, citation.published].filter(Boolean).join(" · ")), isRight(citation.article) && el("span", { class: "tag right" }, t("right_article"))))),
      el("blockquote", {}, slices(Array.from(citation.passage), [{ start: citation.start, end: citation.end }]).map(({ text: words, on }) => (on.length ? el("mark", {}, words) : words)))));
    return part(t("citations"), cards.length ? el("ol", { class: "cards" }, cards) : el("p", { class: "soft" }, t("no_citations")));
  };
  const drawHits = (asked) => {
    if (!asked.hits?.length) return null;
    const isRight = rightArticles(asked), most = Math.max(...asked.hits.map((hit) => hit.score), 1e-9);
    const head = [t("rank"), t("title"), t("score"), ""].map((words) => el("th", { scope: "col" }, words));
    return part(t("hits"), asked.standalone && asked.standalone !== asked.question && el("p", { class: "soft" }, t("searched_as", { text: asked.standalone })),
      el("div", { class: "scroll" }, el("table", { class: "hits" }, el("thead", {}, el("tr", {}, head)), el("tbody", {}, asked.hits.map((hit, place) => el("tr", {},
        el("td", { class: "number" }, place + 1),
        el("td", {}, el("bdi", {}, hit.title || t("untitled")), " ", el("small", {}, hit.passage), isRight(hit.article) && el("span", { class: "tag right" }, t("right_article"))),
        el("td", { class: "number" }, hit.score.toFixed(3)),
        el("td", { class: "meter" }, share(hit.score / most))))))));
  };
  const share = (value) => svg("svg", { viewBox: "0 0 60 8", width: 60, height: 8, "aria-hidden": "true", class: "bar" }, svg("rect", { class: "ground", width: 60, height: 8, rx: 2 }), svg("rect", { class: "value", width: Math.max(0, 60 * Math.min(1, value)), height: 8, rx: 2 }));
  const drawStages = (asked) => {
    const stages = Object.entries(asked.seconds ?? {}).filter(([stage]) => stage !== "total");
    const most = Math.max(...stages.map(([, value]) => value), 1e-9);
    return stages.length > 0 && part(t("stages"), el("table", { class: "hits" }, el("tbody", {}, stages.map(([stage, value]) => el("tr", {}, el("td", {}, t(stage)), el("td", { class: "number" }, seconds(value)), el("td", { class: "meter" }, share(value / most)))))));
  };
  const drawScores = (asked, metrics) => {
    const scores = Object.entries(asked.scores ?? {}).filter(([, value]) => value !== null);
    const known = new Map(metrics.map((metric) => [metric.key, metric]));
    return scores.length > 0 && part(t("scores"), el("dl", { class: "scores" }, scores.filter(([key]) => known.has(key)).map(([key, value]) =>
      el("div", {}, el("dt", {}, nameOf(known.get(key))), el("dd", {}, figure(value, known.get(key).unit))))));
  };

  // --- the page ---

  const masthead = (what, title, headline) => el("header", { class: "masthead" },
    el("div", { class: "top" }, el("p", { class: "brand" }, el("strong", {}, t("product")), " ", what),
      el("button", { type: "button", id: "language", lang: language() === "en" ? "zh-CN" : "en", onclick: () => { remember({ lang: language() === "en" ? "" : "en" }); render(); document.getElementById("language").focus(); } }, t("other_language"))),
    el("h1", {}, el("bdi", {}, title)), headline && el("p", { class: "headline" }, headline));
  const plainValue = (value) => (value === true ? t("yes") : value === false ? t("no") : typeof value === "number" ? (Number.isInteger(value) ? whole(value) : String(Number(value.toPrecision(4)))) : typeof value === "object" ? JSON.stringify(value) : String(value));
  const when = (value) => {
    const date = new Date(value);
    return Number.isNaN(date.getTime()) ? String(value) : date.toLocaleString(language() === "en" ? "en-GB" : "zh-CN", { dateStyle: "medium", timeStyle: "short" });
  };

  let render = () => {};
  const start = (draw) => {
    render = () => {
      document.documentElement.lang = t("locale");
      forgetPlots();
      draw();
      drawPlots();
    };
    render();
    let waiting = 0, width = innerWidth;
    addEventListener("resize", () => {
      if (innerWidth === width) return;
      width = innerWidth;
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(drawPlots);
    });
    addEventListener("beforeprint", () => drawPlots());
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.target.closest("input, select, textarea, dialog")) return;
      event.preventDefault();
      document.getElementById("find")?.focus();
    });
  };

  return { DATA, row, el, svg, put, address, remember, language, t, nameOf, kindName, whole, seconds, figure, signed, percent, term, scaleOf, bar,
    plot, text, titled, canvas, frame, shares, niceTicks, legend, whiskered, intervalText, questionTable, opener, tag, viewer,
    part, drawExpected, drawAsked, drawAnswer, drawClaims, drawCitations, drawHits, drawStages, drawScores, masthead, plainValue, when, start };
})();
