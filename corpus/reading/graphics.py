"""Text in the drawings of office files: charts and diagrams.

Knows DrawingML; nothing of the document that a drawing stands in.
"""

from __future__ import annotations

from collections.abc import Iterator

from corpus.reading.grid import Grid
from corpus.reading.packages import Element, attribute, child, local


def chart_grid(root: Element) -> Grid:
    """The figures that a chart shows: a row for each point, a column for each series, below the title of the chart."""
    chart = child(root, "chart")
    title = "".join(_texts(child(chart, "title")))
    series = [node for node in (chart.iter() if chart is not None else ()) if local(node) == "ser"]
    heads = ["".join(_values(child(entry, "tx")).values()) for entry in series]
    names: dict[int, str] = {}
    columns = []
    for entry in series:
        for place, name in _values(_either(entry, "cat", "xVal")).items():
            names.setdefault(place, name)
        columns.append(_values(_either(entry, "val", "yVal")))
    for column in columns:
        for place in column:
            names.setdefault(place, str(place + 1))
    rows = [[title, *[""] * len(series)]] if title else []
    rows.append(["", *heads])
    rows += [[names[place], *(column.get(place, "") for column in columns)] for place in sorted(names)]
    return Grid.of_texts(row for row in rows if any(row))


def diagram_lines(root: Element) -> Iterator[str]:
    """The texts of a diagram (SmartArt), one for each of its points."""
    for point in root.iter():
        if local(point) == "pt" and attribute(point, "type") in ("", "node", "asst"):
            text = "".join(_texts(point)).strip()
            if text:
                yield text


def _either(entry: Element, *names: str) -> Element | None:
    return next((found for name in names if (found := child(entry, name)) is not None), None)


def _texts(element: Element | None) -> Iterator[str]:
    for node in element.iter() if element is not None else ():
        if local(node) == "t" and node.text:
            yield node.text


def _values(element: Element | None) -> dict[int, str]:
    """The values kept in the file for a reference, by their places."""
    found: dict[int, str] = {}
    for node in element.iter() if element is not None else ():
        if local(node) == "pt":
            value = child(node, "v")
            place = attribute(node, "idx")
            if value is not None and value.text and place.isdigit():
                found[int(place)] = value.text.strip()
        elif local(node) == "v" and node.text and not found and local(node.getparent()) != "pt":
            found[0] = node.text.strip()
    return found
