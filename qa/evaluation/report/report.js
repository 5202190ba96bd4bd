// The page of one evaluation. Draws what is in the data; decides nothing about it.
"use strict";
(() => {
  const P = Parts, { DATA, el, svg, t } = Parts;
  const { report, table: rows, outcomes } = DATA;
  const found = rows.find.map((text, index) => `${rows.id[index]}\n${text}`.toLowerCase());
  const metric = new Map(report.metrics.map((each) => [each.key, each]));
  const outcomeOrder = new Map(DATA.order.map((outcome, place) => [outcome, place]));
  const kinds = [...new Set(rows.kind)];
  let list, view;

  // --- what was evaluated ---

  const NAMED = ["questions", "collection", "model", "articles", "passages", "encoder", "k", "caution", "threshold", "created", "machine", "version"];
  const drawAbout = () => {
    const about = { ...report.about, created: report.created };
    const value = (key) => (key === "created" ? P.when(about[key]) : key === "caution" ? t(about[key]) : P.plainValue(about[key]));
    const known = NAMED.filter((key) => ![undefined, null, ""].includes(about[key]));
    const others = Object.keys(about).filter((key) => !NAMED.includes(key)).sort();
    return el("section", { class: "about" },
      el("dl", { class: "facts" }, known.map((key) => el("div", {}, el("dt", {}, t(key)), el("dd", {}, el("bdi", {}, value(key)))))),
      others.length > 0 && el("details", {}, el("summary", {}, t("settings")), el("dl", { class: "facts all" }, others.map((key) => el("div", {}, el("dt", {}, t(key)), el("dd", {}, el("bdi", {}, value(key))))))));
  };

  const drawOutcomes = () => {
    const show = (outcome) => list.show("outcome", outcome);
    const stack = el("div", { class: "stack", "aria-hidden": "true" }, Object.entries(outcomes).map(([outcome, count]) => {
      const piece = el("div", { class: `piece ${outcome}`, title: `${t(outcome)} ${P.whole(count)}`, onclick: () => show(outcome) });
      piece.style.flexGrow = count;
      return piece;
    }));
    const keys = Object.entries(outcomes).map(([outcome, count]) => el("li", {}, el("button", { type: "button", class: `key ${outcome}`, onclick: () => show(outcome) },
      el("span", { class: "swatch" }), el("span", { class: "key-name" }, t(outcome)), " ", el("strong", {}, P.whole(count))), el("span", { class: "key-means" }, t(`${outcome}_means`))));
    return el("section", { class: "outcomes" }, stack, el("ul", { class: "keys" }, keys));
  };

  // --- summary ---

  const drawSummary = () => {
    const groups = [...new Set(report.metrics.map((each) => each.group))];
    return el("section", {}, el("h2", {}, t("summary")), el("div", { class: "groups" }, groups.map((group) => {
      const members = report.metrics.filter((each) => each.group === group && report.overall[each.key]);
      if (!members.length) return null;
      const most = P.scaleOf(members, report.overall);
      return el("div", { class: "group" }, el("table", {}, el("caption", {}, t(group)), el("colgroup", {}, ["name", "value", "interval", "count"].map((of) => el("col", { class: `of-${of}` }))),
        el("thead", { class: "unseen" }, el("tr", {}, ["metric", "value", "interval", "count"].map((key) => el("th", { scope: "col" }, t(key))))),
        el("tbody", {}, members.map((each) => {
          const estimate = report.overall[each.key];
          return el("tr", {}, el("th", { scope: "row" }, P.term(each)), el("td", { class: "number strong" }, P.figure(estimate.value, each.unit)),
            el("td", { class: "interval" }, P.bar(estimate, most[each.unit], each.better), el("small", {}, `${P.figure(estimate.low, each.unit)} – ${P.figure(estimate.high, each.unit)}`)),
            el("td", { class: "number soft" }, `n=${P.whole(estimate.n)}`));
        }))));
    })));
  };

  // --- plots ---

  const estimateTable = (names, lines) => [[t("kind"), ...names.flatMap((name) => [name, t("interval"), t("count")])],
    lines.map(([name, estimates]) => [name, ...estimates.flatMap((estimate) => (estimate ? [P.figure(estimate.value, "share"), `${P.figure(estimate.low, "share")} – ${P.figure(estimate.high, "share")}`, P.whole(estimate.n)] : ["—", "—", "—"]))])];

  const MOST_KINDS = 24;
  const widthOf = (name) => [...name].reduce((sum, each) => sum + (each.charCodeAt(0) > 255 ? 13 : 7.2), 0);
  const cut = (name, room) => {
    if (widthOf(name) <= room) return name;
    let kept = [...name];
    while (widthOf(kept.join("")) > room - 13) kept = kept.slice(0, -1);
    return `${kept.join("").trimEnd()}…`;
  };
  const plotKinds = () => {
    const series = ["contained", "answered", "refusal_recall"].filter((key) => metric.has(key) && Object.values(report.kinds).some((kind) => kind[key]));
    const all = Object.entries(report.kinds).map(([kind, estimates]) => [P.kindName(kind), series.map((key) => estimates[key])]).filter(([, estimates]) => estimates.some(Boolean));
    if (!series.length || !all.length) return null;
    // More would be a wall of dots: those with most questions, in their order. The table has all.
    const most = ([, estimates]) => Math.max(...estimates.map((estimate) => estimate?.n ?? 0));
    const least = all.map(most).sort((a, b) => b - a)[MOST_KINDS - 1] ?? 0;
    const lines = all.filter((line) => most(line) >= least).slice(0, MOST_KINDS);
    const says = t("plot_kinds_says") + (all.length > lines.length ? t("plot_kinds_cut", { n: lines.length, all: all.length }) : "");
    const size = lines.length > 16 ? "taller" : lines.length > 5 ? "tall" : "";
    const draw = (width) => {
      const few = 18 + 10 * series.length;
      // Beside two other plots there is room for about 700 px.
      const step = size === "tall" && innerWidth > 860 ? Math.min(1.7 * few, Math.max(few, 620 / lines.length)) : few;
      const left = Math.min(width * .4, 170, 18 + Math.max(50, ...lines.map(([name]) => widthOf(name)))), height = 76 + lines.length * step;
      const { parts, toX } = P.frame(width, height, { x: [0, 1], y: [0, 1], ticksX: P.shares, labelX: t("axis_share"), left, right: 20 });
      return P.canvas(width, height, parts,
        lines.map((_, place) => place % 2 === 0 && svg("rect", { class: "stripe", x: 0, y: 26 + step * place, width: width - 10, height: step })),
        P.shares.map(([value]) => svg("path", { class: "grid", d: `M${toX(value)} 26V${height - 44}` })),
        P.legend(series.map((key) => [P.nameOf(metric.get(key)), key]), left, 14),
        lines.map(([name, estimates], place) => {
          const y = 26 + step * (place + .5), shown = estimates.filter(Boolean).length;
          let at = y - (shown - 1) * 5;
          return [P.titled(P.text(left - 8, y + 4, cut(name, left - 14), { class: "tick name", "text-anchor": "end" }), name),
            estimates.map((estimate, index) => {
              if (!estimate) return null;
              const drawn = P.whiskered(toX, at, estimate, "x", series[index], `${name} · ${P.nameOf(metric.get(series[index]))} ${P.intervalText(estimate, "share")}`);
              at += 10;
              return drawn;
            })];
        }));
    };
    return P.plot(t("plot_kinds"), says, draw, estimateTable(series.map((key) => P.nameOf(metric.get(key))), all), size);
  };

  const plotNoise = () => {
    const families = new Map();
    for (const [kind, estimates] of Object.entries(report.kinds)) {
      const [, family, noise] = /^(\S+) ([01](?:\.\d+)?)$/.exec(kind) ?? [];
      if (family && estimates.contained) families.set(family, [...(families.get(family) ?? []), [Number(noise), estimates.contained]]);
    }
    const lines = [...families].map(([family, points]) => [family, points.sort((a, b) => a[0] - b[0])]).filter(([, points]) => points.length > 1);
    if (!lines.length) return null;
    const noises = [...new Set(lines.flatMap(([, points]) => points.map(([noise]) => noise)))].sort((a, b) => a - b);
    const draw = (width) => {
      const height = 280;
      const { parts, toX, toY } = P.frame(width, height, { x: [noises[0] - .05, noises.at(-1) + .05], y: [0, 1], ticksX: noises.map((noise) => [noise, P.percent(noise)]), ticksY: P.shares, labelX: t("axis_noise"), top: 34 });
      return P.canvas(width, height, parts, P.legend(lines.map(([family], place) => [P.kindName(family), `line${place}`]), 46, 14),
        lines.map(([family, points], place) => svg("g", { class: `series-line${place}` },
          svg("path", { class: "band", d: `M${points.map(([noise, { high }]) => `${toX(noise)} ${toY(high)}`).join("L")}L${[...points].reverse().map(([noise, { low }]) => `${toX(noise)} ${toY(low)}`).join("L")}Z` }),
          svg("path", { class: "line", d: `M${points.map(([noise, { value }]) => `${toX(noise)} ${toY(value)}`).join("L")}` }),
          points.map(([noise, estimate]) => P.titled(svg("circle", { class: "dot", cx: toX(noise), cy: toY(estimate.value), r: 4.5 }), `${P.kindName(family)} ${P.percent(noise)}: ${P.intervalText(estimate, "share")}`)))));
    };
    const table = estimateTable(lines.map(([family]) => P.kindName(family)), noises.map((noise) => [P.percent(noise), lines.map(([, points]) => points.find(([each]) => each === noise)?.[1])]));
    table[0][0] = t("axis_noise");
    return P.plot(t("plot_noise"), t("plot_noise_says"), draw, table);
  };

  const plotRefusal = () => {
    const points = report.refusal;
    if (points.length < 2) return null;
    const now = report.about.threshold;
    const nearest = typeof now === "number" ? points.reduce((best, point) => (Math.abs(point.threshold - now) < Math.abs(best.threshold - now) ? point : best)) : null;
    const says = ({ threshold, answered, refused }) => t("threshold_point", { threshold: threshold.toFixed(3), answered: P.percent(answered), refused: P.percent(refused) });
    const draw = (width) => {
      const height = Math.min(340, Math.max(260, width * .72));
      const { parts, toX, toY } = P.frame(width, height, { x: [0, 1], y: [0, 1], ticksX: P.shares, ticksY: P.shares, labelX: t("axis_refused"), labelY: t("axis_answered") });
      const at = nearest && [toX(nearest.refused), toY(nearest.answered)];
      return P.canvas(width, height, parts, svg("g", { class: "series-contained" },
        svg("path", { class: "chance", d: `M${toX(0)} ${toY(1)}L${toX(1)} ${toY(0)}` }),
        svg("path", { class: "line", d: `M${points.map((point) => `${toX(point.refused)} ${toY(point.answered)}`).join("L")}` }),
        points.map((point) => P.titled(svg("circle", { class: "hover", cx: toX(point.refused), cy: toY(point.answered), r: 6 }), says(point)))),
      at && P.titled(svg("g", { class: "series-wrong" }, svg("circle", { class: "dot", cx: at[0], cy: at[1], r: 6 }),
        P.text(at[0] + (nearest.refused > .6 ? -12 : 12), at[1] + (nearest.refused > .6 ? 18 : -10), t("now_at", { value: now.toFixed(3) }), { class: "note", "text-anchor": nearest.refused > .6 ? "end" : "start" })), says(nearest)));
    };
    const step = Math.max(1, Math.floor(points.length / 20));
    const kept = points.filter((_, place) => place % step === 0 || place === points.length - 1);
    return P.plot(t("plot_refusal"), t("plot_refusal_says"), draw, [[t("threshold"), t("axis_answered"), t("axis_refused")], kept.map((point) => [point.threshold.toFixed(3), P.figure(point.answered, "share"), P.figure(point.refused, "share")])]);
  };

  const plotLatency = () => {
    const times = rows.seconds.filter((value) => value !== null).sort((a, b) => a - b);
    if (times.length < 2) return null;
    const quantile = (share) => times[Math.min(times.length - 1, Math.ceil(share * times.length) - 1)];
    // Up to the 99th of a hundred, so that one slow question does not press the rest into one bar; it is counted in the last.
    const most = Math.max(quantile(.99) * 1.02, 1e-4), count = Math.min(24, Math.max(6, Math.round(Math.sqrt(times.length))));
    const bins = Array(count).fill(0);
    for (const value of times) bins[Math.min(count - 1, Math.floor(value / most * count))] += 1;
    const border = (place) => P.seconds(most * place / count);
    const name = (place) => (place === count - 1 && times.at(-1) > most ? `≥ ${border(place)}` : `${border(place)} – ${border(place + 1)}`);
    const draw = (width) => {
      const height = 250, ticks = P.niceTicks(Math.max(...bins)), across = P.niceTicks(most).filter((value) => value <= most);
      const { parts, toX, toY } = P.frame(width, height, { x: [0, most], y: [0, ticks.at(-1)], ticksX: across.map((value) => [value, value ? P.seconds(value) : "0"]), ticksY: ticks.map((value) => [value, P.whole(value)]), labelX: t("axis_seconds"), labelY: t("axis_questions"), right: 24 });
      return P.canvas(width, height, parts, svg("g", { class: "series-contained" }, bins.map((each, place) => P.titled(svg("rect", { class: "column", x: toX(most * place / count) + 1, y: toY(each), width: Math.max(1, toX(most / count) - toX(0) - 2), height: toY(0) - toY(each) }), `${name(place)}: ${P.whole(each)}`))));
    };
    return P.plot(t("plot_latency"), t("plot_latency_says", { p50: P.seconds(quantile(.5)), p95: P.seconds(quantile(.95)), most: P.seconds(times.at(-1)) }), draw, [[t("axis_seconds"), t("axis_questions")], bins.map((each, place) => [name(place), P.whole(each)])]);
  };

  const plotStages = () => {
    const stages = Object.entries(DATA.stages);
    if (!stages.length) return null;
    const most = Math.max(...stages.map(([, value]) => value), 1e-6);
    const draw = (width) => {
      const step = 32, left = 20 + Math.max(...stages.map(([stage]) => widthOf(t(stage)))), height = 12 + stages.length * step;
      return P.canvas(width, height, stages.map(([stage, value], place) => {
        const y = 6 + step * place, long = Math.max(2, (width - left - 80) * value / most);
        return svg("g", { class: stage === "total" ? "series-total" : "series-contained" }, P.text(left - 8, y + 19, t(stage), { class: "tick name", "text-anchor": "end" }),
          svg("rect", { class: "column", x: left, y: y + 5, width: long, height: 20, rx: 2 }), P.text(left + long + 6, y + 19, P.seconds(value), { class: "tick" }));
      }));
    };
    return P.plot(t("plot_stages"), t("plot_stages_says"), draw, [[t("stage"), t("seconds")], stages.map(([stage, value]) => [t(stage), P.seconds(value)])]);
  };

  const plotRetrieval = () => {
    const families = [["hit", "contained"], ["recall", "answered"], ["answer_in_hits", "refusal_recall"]].map(([family, series]) => {
      const found = report.metrics.filter((each) => each.key.startsWith(`${family}@`) && report.overall[each.key]);
      return { series, name: found[0] && P.nameOf(found[0]).replace(/@\d+$/, ""), points: found.map((each) => [Number(each.key.split("@")[1]), report.overall[each.key]]) };
    }).filter(({ points }) => points.length);
    if (!families.length) return null;
    const places = [...new Set(families.flatMap(({ points }) => points.map(([k]) => k)))].sort((a, b) => a - b);
    const draw = (width) => {
      const height = 280;
      const lowest = Math.min(...families.flatMap(({ points }) => points.map(([, { low }]) => low)));
      const bottom = lowest > .55 ? .5 : 0, ticks = bottom ? [.5, .6, .7, .8, .9, 1].map((value) => [value, P.percent(value)]) : P.shares;
      const { parts, toX, toY } = P.frame(width, height, { x: [-.5, places.length - .5], y: [bottom, 1], ticksX: places.map((k, place) => [place, `k = ${k}`]), ticksY: ticks, labelX: t("axis_k"), top: 34 });
      return P.canvas(width, height, parts, P.legend(families.map(({ name, series }) => [name, series]), 46, 14),
        families.map(({ name, series, points }, place) => {
          const x = (k) => toX(places.indexOf(k)) + (place - (families.length - 1) / 2) * 14;
          return [svg("path", { class: `line thin series-${series}`, d: `M${points.map(([k, { value }]) => `${x(k)} ${toY(value)}`).join("L")}` }),
            points.map(([k, estimate]) => P.whiskered(x(k), toY, estimate, "y", series, `${name}@${k} ${P.intervalText(estimate, "share")}`))];
        }));
    };
    const table = estimateTable(families.map(({ name }) => name), places.map((k) => [String(k), families.map(({ points }) => points.find(([each]) => each === k)?.[1])]));
    table[0][0] = "k";
    return P.plot(t("plot_retrieval"), t("plot_retrieval_says"), draw, table);
  };

  // --- questions ---

  const drawQuestion = (index) => {
    const asked = P.row(index);
    return [
      el("p", { class: "facts" }, el("bdi", {}, asked.id), ` · ${P.kindName(asked.kind ?? "")}`, (asked.since || asked.until) && ` · ${asked.since ?? ""}…${asked.until ?? ""}`),
      el("h2", { id: "asked" }, el("bdi", {}, asked.question)),
      P.drawAsked(asked), P.drawExpected(asked), P.drawAnswer(asked, "a", rows.outcome[index]), P.drawClaims(asked), P.drawCitations(asked, "a"),
      P.drawHits(asked), el("div", { class: "halves" }, P.drawStages(asked), P.drawScores(asked, report.metrics)),
    ];
  };

  const drawQuestions = () => {
    const numeric = (key, unit) => ({ key, label: t(key), number: true, value: (index) => rows[key][index], cell: (index) => P.figure(rows[key][index], unit) });
    list = P.questionTable({
      count: rows.id.length,
      found,
      outcomeOf: rows.outcome,
      columns: [
        { key: "id", label: t("id"), value: (index) => rows.id[index], cell: (index) => el("bdi", {}, rows.id[index]) },
        { key: "question", label: t("question"), value: (index) => rows.question[index], cell: (index) => P.opener(rows.question[index], rows.id[index]) },
        { key: "kind", label: t("kind"), value: (index) => P.kindName(rows.kind[index]), cell: (index) => P.kindName(rows.kind[index]) },
        { key: "outcome", label: t("outcome"), value: (index) => outcomeOrder.get(rows.outcome[index]), cell: (index) => P.tag(rows.outcome[index]) },
        numeric("confidence", "share"), numeric("f1", "share"), numeric("seconds", "seconds"), numeric("characters", "characters"),
      ],
      choices: [
        ...(kinds.length > 1 ? [{ key: "kind", all: t("any_kind"), of: rows.kind.map((kind) => kind || "-"), options: kinds.map((kind) => [kind || "-", P.kindName(kind)]) }] : []),
        { key: "outcome", all: t("any_outcome"), of: rows.outcome, options: Object.entries(outcomes).map(([outcome, count]) => [outcome, `${t(outcome)} ${P.whole(count)}`]) },
      ],
      open: (index, shown) => view.show(index, shown),
    });
    return el("section", { id: "questions" }, el("h2", {}, t("all_questions")), list.element);
  };

  const openAsked = () => {
    const id = P.address.get("q");
    if (!id) return;
    const index = rows.id.indexOf(id);
    if (index >= 0) view.show(index, list.shown());
    else document.querySelector(".headline").after(el("p", { class: "warning", role: "alert" }, t("missing", { id })));
  };

  P.start(() => {
    const questions = drawQuestions();
    const plots = [plotKinds(), plotNoise(), plotRefusal(), plotRetrieval(), plotLatency(), plotStages()].filter(Boolean);
    document.title = `${t("report")}: ${report.name}`;
    document.getElementById("page").replaceChildren(
      P.masthead(t("report"), report.name, DATA.headline[P.language()]),
      el("main", {}, drawOutcomes(), drawAbout(), drawSummary(), plots.length > 0 && el("section", {}, el("h2", {}, t("plots")), el("div", { class: "plots" }, plots)), questions));
    view?.redraw();
  });
  view = P.viewer({ ids: rows.id, draw: drawQuestion, closed: (index) => list.focusOn(index) });
  openAsked();
  addEventListener("hashchange", () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    const id = asked.get("q");
    if (id && id !== P.address.get("q")) { P.remember({ q: id }); openAsked(); }
  });
})();
