// The page of two reports side by side. Draws what is in the data; decides nothing about it.
"use strict";
(() => {
  const P = Parts, { DATA, el, svg, t } = Parts;
  const { comparison } = DATA;
  const asked = comparison.questions;
  const directions = asked.map(({ direction }) => direction);
  const found = asked.map((each) => [each.id, each.question, each.text_a, each.text_b].join("\n").toLowerCase());
  const outcomeOrder = new Map(DATA.order.map((outcome, place) => [outcome, place]));
  const WAYS = ["better", "worse", "changed"];
  let list, view;

  const drawSides = () => el("section", { class: "sides" }, ["a", "b"].map((side) => {
    const { name, folder, about, rows, failed } = comparison[side];
    const facts = [["questions", about.questions], ["asked", rows], ["failed", failed], ["model", about.model], ["articles", about.articles], ["version", about.version], ["created", about.created && P.when(about.created)]].filter(([, value]) => ![undefined, null, ""].includes(value));
    return el("div", { class: "side" }, el("h3", {}, `${t(`side_${side}`)} · `, el("bdi", {}, name)), el("p", { class: "soft" }, el("bdi", {}, folder)),
      el("dl", { class: "facts" }, facts.map(([key, value]) => el("div", {}, el("dt", {}, t(key)), el("dd", {}, el("bdi", {}, P.plainValue(value)))))));
  }));

  const drawDiffering = () => {
    const names = Object.keys(comparison.differs);
    const cell = (value) => el("td", {}, el("bdi", {}, value === null ? "—" : P.plainValue(value)));
    return names.length > 0 && el("details", {}, el("summary", {}, `${t("what_differs")} (${names.length})`), el("div", { class: "scroll" }, el("table", { class: "hits" },
      el("thead", {}, el("tr", {}, ["", t("side_a"), t("side_b")].map((words) => el("th", { scope: "col" }, words)))),
      el("tbody", {}, names.map((name) => el("tr", {}, el("th", { scope: "row" }, t(name)), comparison.differs[name].map(cell)))))));
  };

  const drawCounts = () => el("section", { class: "outcomes" }, el("ul", { class: "keys" }, WAYS.map((way) => el("li", {},
    el("button", { type: "button", class: `key ${way}`, onclick: () => list.show("way", way) }, el("span", { class: "swatch" }), el("span", { class: "key-name" }, t(way)), " ", el("strong", {}, P.whole(directions.filter((each) => each === way).length))),
    el("span", { class: "key-means" }, t(`${way}_means`))))));

  // A difference with its interval, on a line that has 0 in the middle.
  const drawDifference = (metric, most) => {
    const at = (value) => 70 + 66 * Math.max(-1, Math.min(1, value / (most || 1)));
    const { difference, low, high } = metric;
    return svg("svg", { class: "bar", viewBox: "0 0 140 16", width: 140, height: 16, "aria-hidden": "true" },
      svg("rect", { class: "ground", x: 4, y: 6, width: 132, height: 4, rx: 2 }), svg("path", { class: "zero", d: "M70 1v14" }),
      low !== null && svg("path", { class: "whisker", d: `M${at(low)} 3v10M${at(high)} 3v10M${at(low)} 8H${at(high)}` }),
      svg("circle", { class: metric.verdict ? `point ${metric.verdict}` : "point", cx: at(difference), cy: 8, r: 3.8 }));
  };
  const p = (value) => (value === null ? "—" : value < .001 ? "<0.001" : value.toFixed(3));

  const drawMetrics = () => {
    const groups = [...new Set(comparison.metrics.map(({ group }) => group))];
    const heads = ["metric", "side_a", "side_b", "difference", "", "p"].map((key, place) => el("th", { scope: "col", class: place && place !== 4 ? "number" : undefined }, key && t(key)));
    return el("section", {}, el("h2", {}, t("metric_table")), el("div", { class: "scroll" }, el("table", { class: "versus" },
      el("thead", {}, el("tr", {}, heads, el("th", { scope: "col", class: "number" }, `${t("better")} / ${t("worse")}`), el("th", { scope: "col" }))),
      groups.map((group) => {
        const members = comparison.metrics.filter((each) => each.group === group);
        const most = {};
        for (const { unit, difference, low, high } of members) most[unit] = Math.max(most[unit] ?? 0, Math.abs(difference), Math.abs(low ?? 0), Math.abs(high ?? 0));
        return el("tbody", {}, el("tr", { class: "head" }, el("th", { scope: "rowgroup", colspan: 8 }, t(group))), members.map((each) => el("tr", { class: each.verdict },
          el("th", { scope: "row" }, P.term(each)), el("td", { class: "number" }, P.figure(each.a.value, each.unit)), el("td", { class: "number" }, P.figure(each.b.value, each.unit)),
          el("td", { class: "number difference" }, P.signed(each.difference, each.unit)),
          el("td", { title: each.low === null ? undefined : `${P.signed(each.low, each.unit)} – ${P.signed(each.high, each.unit)}, n = ${each.n}` }, drawDifference(each, most[each.unit]),
            each.questions_better + each.questions_worse > 0 && el("small", {}, `${P.signed(each.low, each.unit)} – ${P.signed(each.high, each.unit)}`)),
          el("td", { class: "number", title: each.p === null ? undefined : t("p_alone", { p: p(each.p) }) }, p(each.p_holm)), el("td", { class: "number" }, each.p === null ? "—" : `${each.questions_better} / ${each.questions_worse}`),
          el("td", {}, each.verdict && el("span", { class: `tag ${each.verdict}` }, t(each.verdict))))));
      }))), el("p", { class: "soft note" }, t("metric_table_says")));
  };

  const drawQuestion = (index) => {
    const pair = P.row(index), { b } = pair;
    return [
      el("p", { class: "facts" }, el("bdi", {}, b.id), ` · ${P.kindName(b.kind ?? "")} `, P.tag(directions[index])),
      el("h2", { id: "asked" }, el("bdi", {}, b.question)), P.drawAsked(b), P.drawExpected(b),
      el("div", { class: "sides" }, ["a", "b"].map((side) => el("div", { class: "side" }, el("h3", {}, t(`side_${side}`)),
        P.drawAnswer(pair[side], side, asked[index][side]), P.drawClaims(pair[side]), P.drawCitations(pair[side], side), P.drawHits(pair[side]), P.drawStages(pair[side]), P.drawScores(pair[side], comparison.metrics)))),
    ];
  };

  const drawQuestions = () => {
    const outcome = (side) => ({ key: side, label: t(`side_${side}`), value: (index) => outcomeOrder.get(asked[index][side]), cell: (index) => P.tag(asked[index][side]) });
    const kinds = [...new Set(asked.map(({ kind }) => kind))];
    list = P.questionTable({
      count: asked.length,
      found,
      outcomeOf: directions,
      columns: [
        { key: "id", label: t("id"), value: (index) => asked[index].id, cell: (index) => el("bdi", {}, asked[index].id) },
        { key: "question", label: t("question"), value: (index) => asked[index].question, cell: (index) => P.opener(asked[index].question, asked[index].id) },
        { key: "kind", label: t("kind"), value: (index) => P.kindName(asked[index].kind), cell: (index) => P.kindName(asked[index].kind) },
        { key: "direction", label: t("direction"), value: (index) => WAYS.indexOf(directions[index]), cell: (index) => P.tag(directions[index]) },
        outcome("a"), outcome("b"),
      ],
      choices: [
        { key: "way", all: t("any_direction"), of: directions, options: WAYS.filter((way) => directions.includes(way)).map((way) => [way, t(way)]) },
        ...(kinds.length > 1 ? [{ key: "kind", all: t("any_kind"), of: asked.map(({ kind }) => kind || "-"), options: kinds.map((kind) => [kind || "-", P.kindName(kind)]) }] : []),
      ],
      open: (index, shown) => view.show(index, shown),
    });
    return el("section", { id: "questions" }, el("h2", {}, t("changed_questions")), list.element);
  };

  const drawLeftOut = () => ["only_a", "only_b"].map((key) => comparison[key].length > 0 && el("details", {}, el("summary", {}, `${t(key)} (${P.whole(comparison[key].length)})`), el("p", { class: "soft" }, el("bdi", {}, comparison[key].join(t("list_comma"))))));

  const openAsked = () => {
    const index = asked.findIndex(({ id }) => id === P.address.get("q"));
    if (index >= 0) view.show(index, list.shown());
  };

  P.start(() => {
    const questions = drawQuestions();
    document.title = `${t("comparison")}: ${comparison.a.name} / ${comparison.b.name}`;
    document.getElementById("page").replaceChildren(
      P.masthead(t("comparison"), comparison.a.name === comparison.b.name ? comparison.a.name : `${comparison.a.name} → ${comparison.b.name}`, DATA.verdict[P.language()]),
      el("main", {}, comparison.warnings.map((warning) => el("p", { class: "warning" }, warning[P.language()])), drawCounts(), drawSides(), drawDiffering(), drawMetrics(), questions, drawLeftOut()));
    view?.redraw();
  });
  view = P.viewer({ ids: asked.map(({ id }) => id), draw: drawQuestion, closed: (index) => list.focusOn(index), broad: true });
  openAsked();
})();
