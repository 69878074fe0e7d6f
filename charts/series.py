"""Small lines over time, each on a scale of its own, and what they say: parts of charts.strips and charts.outcome."""

from collections.abc import Mapping

import pandas as pd

from charts.figure import Record, Spec, number_or_none, records, text_or_blank
from charts.labels import period_span
from charts.tables import by_code
from charts.theme import BAND_INNER, FOCUS, MUTED, OTHERS_EDGE
from measures import sentences, words

NUMBERS = ["value", "lower", "upper", "expected"]


def scaled(
    own: pd.DataFrame, nation: pd.DataFrame, foot: Mapping[str, float], high: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The area's and England's rows with vertical positions (y_value, y_lower, y_upper, y_expected) and `at`, in time.

    own, nation: values frames; foot: indicator → where its line's lowest figure lies, counted downwards; high: from
    there to its highest. Each indicator is scaled by its own figures and England's.
    """
    both = pd.concat([own[["indicator", *NUMBERS]], nation[["indicator", "value"]]])
    low = both.groupby("indicator")[NUMBERS].min().min(axis=1)
    top = both.groupby("indicator")[NUMBERS].max().max(axis=1)

    def placed(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
        least, bottom = (frame["indicator"].map(of).astype(float) for of in (low, foot))
        size = (frame["indicator"].map(top).astype(float) - least).where(lambda span: span > 0, 1.0)
        places = {f"y_{column}": bottom - high * (frame[column] - least) / size for column in columns}
        return frame.assign(at=frame["period_position"], **places)

    return placed(own, NUMBERS), placed(nation, NUMBERS[:1])


def lines(own: pd.DataFrame, nation: pd.DataFrame, about: dict[str, Record], x: Spec, y: Spec) -> list[Spec]:
    """Layers of scaled frames: 95 % band, expected path (dashed), England, the area's line and its points."""

    def path(frame: pd.DataFrame, column: str, colour: str, width: float, **more: object) -> Spec:
        rows = _runs(frame, column)
        return {
            "data": {"values": records(rows[["run", "at"]].assign(y=rows[column]))},
            "mark": {"type": "line", "color": colour, "strokeWidth": width, **more},
            "encoding": {"x": x, "y": {**y, "field": "y"}, "detail": {"field": "run", "type": "nominal"}},
        }

    banded = _runs(own, "y_lower").dropna(subset=["y_upper"])
    band: Spec = {
        "data": {"values": records(banded[["run", "at"]].assign(y=banded["y_lower"], y2=banded["y_upper"]))},
        "mark": {"type": "area", "color": BAND_INNER, "opacity": 0.7},
        "encoding": {
            "x": x,
            "y": {**y, "field": "y"},
            "y2": {"field": "y2"},
            "detail": {"field": "run", "type": "nominal"},
        },
    }
    layers = [band] if len(banded) else []
    layers += [path(own, "y_expected", MUTED, 1.5, strokeDash=[4, 3])] if own["y_expected"].notna().any() else []
    layers += [path(nation, "y_value", OTHERS_EDGE, 1.5)] if nation["value"].notna().any() else []
    if own["value"].notna().any():
        layers += [path(own, "y_value", FOCUS, 2.5), _points(own.dropna(subset=["value"]), about, x, y)]
    return layers


def _runs(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rows that have a number, with `run`: a line is not drawn across a period that has none."""
    missing = frame[column].isna()
    gaps = missing.groupby(frame["indicator"]).cumsum().astype(int).astype(str)
    return frame.assign(run=frame["indicator"] + "-" + gaps)[~missing]


def _points(known: pd.DataFrame, about: dict[str, Record], x: Spec, y: Spec) -> Spec:
    units = known["unit"].tolist()
    rows = known[["indicator", "area", "period", "at"]].assign(
        y=known["y_value"],
        said=[words.number(v, unit) for v, unit in zip(known["value"], units, strict=True)],
        interval=[
            words.interval(low, high, unit)
            for low, high, unit in zip(known["lower"], known["upper"], units, strict=True)
        ],
        path=[words.number(number_or_none(v), unit) for v, unit in zip(known["expected"], units, strict=True)],
        judged=[
            words.status_text(status, text_or_blank(reason))[2:]
            for status, reason in zip(known["status"], known["reason"], strict=True)
        ],
        reporting=[sentences.coverage_mark(row, about[row["indicator"]]) for row in known.to_dict("records")],
    )
    titles = {"period": "Period", "said": "Value", "interval": "95% interval", "path": "Expected"}
    titles |= {"judged": "Status", "reporting": "Coverage"}
    return {
        "data": {"values": records(rows)},
        "mark": {"type": "point", "filled": True, "color": FOCUS, "size": 42, "opacity": 1},
        "encoding": {
            "x": x,
            "y": {**y, "field": "y"},
            "tooltip": [{"field": field, "type": "nominal", "title": title} for field, title in titles.items()],
        },
    }


def said(
    latest: pd.DataFrame, indicators: pd.DataFrame, markers: pd.DataFrame, own: pd.DataFrame
) -> list[dict[str, str]]:
    """For each indicator: code, title, value, status, and how it moved since its first figure, with its marker.

    latest: one row an indicator; own: all periods of the same, in order.
    """
    starts = own.dropna(subset=["value"]).drop_duplicates("indicator")
    first = {start["indicator"]: start for start in starts.to_dict("records")}
    marks = {mark["indicator"]: mark for mark in markers.to_dict("records")}
    about, found, end = by_code(indicators), [], float(own["period_position"].max()) if len(own) else 0.0
    for row in latest.to_dict("records"):
        code, noun = str(row["indicator"]), "term" if " " in row["period"] else "year"
        mark = marks.get(code)
        found.append(
            {
                "code": code,
                "title": str(about[code]["short_title"]),
                "value": words.number(row["value"], row["unit"], text_or_blank(row["symbol"])),
                "status": str(row["status"]),
                "move": _moved(row, first.get(code, row), end),
                "trend": sentences.trend_words(mark["trend"], mark["trend_points_used"], noun) if mark else "",
            }
        )
    return found


def _moved(row: Mapping, start: Mapping, end: float) -> str:
    """'up 3.1 points since 2009/10', 'no earlier figure', why there is none, or of which earlier period it is."""
    if pd.isna(row["value"]):
        return words.SYMBOL_WORDS.get(text_or_blank(row["symbol"]), "no figure")
    if row["period_position"] < end:
        return f"in {row['period']}"
    if start["period"] == row["period"]:
        return "no earlier figure"
    change = row["value"] - start["value"]
    size = words.difference(change, row["unit"])
    if size == words.difference(0, row["unit"]):
        return f"unchanged since {start['period']}"
    return f"{'up' if change > 0 else 'down'} {size} since {start['period']}"


def span(own: pd.DataFrame) -> str:
    """'2009/10 to 2011/12': the periods of the rows; '' where there is none."""
    periods = own.drop_duplicates("period").sort_values("period_position")["period"].tolist()
    return period_span(periods) or ""
