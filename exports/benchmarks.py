"""One area against its benchmarks, in words: England, its region, its statistical neighbours, a year ago.

rows, throughout: the area's own figures with what they are set against, one row an indicator (exports.frames.beside).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from charts import chance
from charts.figure import number_or_none, ordinal, text_or_blank
from charts.tables import by_code
from measures import sentences, words
from measures.comparison import compare

NONE = "No figure"
# How to read each column of the table.
COMPARED = "Better or worse: the whole 95% interval lies beyond the benchmark; similar: it does not."
MEAN = "The mean of the statistical neighbours counts each that reported once."
PLACED = "1st quarter: among the best quarter of the authorities with a figure; =: shared rank."
ARROW = "The arrow of a trend shows where the values go, its word whether that is for the better."


def marks(rows: pd.DataFrame, england: pd.DataFrame | None, region: pd.DataFrame | None) -> dict[str, pd.Series]:
    """Benchmark → its values for the rows: 'england', 'region', 'neighbours', 'before'; those alone that there are.

    england, region: figures of the same period, None where the area is not compared with them. Neighbours: where the
    rows have them.
    """
    found = {
        name: rows["indicator"].map(others.set_index("indicator")["value"]).astype(float)
        for name, others in (("england", england), ("region", region))
        if others is not None
    }
    if "neighbour_value" in rows:
        found["neighbours"] = rows["neighbour_value"]
    return found | {"before": rows["value_before"]}


def sentence(
    rows: pd.DataFrame, against: Mapping[str, pd.Series], about: pd.Series, region_name: str, final_period: str
) -> str:
    """The figure of the first row beside its benchmarks; '' where there is no row. about: its indicator's record."""
    if rows.empty:
        return ""
    row = rows.iloc[0]
    reported = f"{row['neighbours_reported']:.0f} of {row['neighbours_asked']:.0f}" if "neighbours" in against else ""
    names = {
        "england": "England",
        "region": region_name,
        "neighbours": f"the mean of {reported} neighbours",
        "before": "a year ago",
    }
    benchmarks = [sentences.Benchmark(names[key], value[rows.index[0]]) for key, value in against.items()]
    benchmarks = [mark for mark in benchmarks if number_or_none(mark.value) is not None]
    return f"{sentences.say(row, about, benchmarks=benchmarks, final_period=final_period)}."


def table(
    rows: pd.DataFrame, indicators: pd.DataFrame, against: Mapping[str, pd.Series], region_name: str
) -> pd.DataFrame:
    """An authority's indicators beside its benchmarks: one row each, all in words. indicators: their records."""
    about = by_code(indicators)
    records = rows.to_dict("records")
    reported = [_reported(row) for row in records]
    said = {key: _against(rows, mark, reported if key == "neighbours" else None) for key, mark in against.items()}
    return pd.DataFrame(
        {
            "Indicator": [f"{about[code]['outcome']} {about[code]['short_title']}" for code in rows["indicator"]],
            "Value (95% interval)": [value(row) for row in records],
            "Against England": said["england"],
            f"Against {region_name}": said["region"],
            "Against the mean of its neighbours": said["neighbours"],
            "Against a year ago": said["before"],
            "Place in England": [place(row) for row in records],
            "Trend": [sentences.trend_marked(row, "term" if " " in row["period"] else "year") for row in records],
            "Status": [words.status_text(row["status"], text_or_blank(row["reason"])) for row in records],
            "Coverage": [sentences.coverage_mark(row, about[row["indicator"]]) for row in records],
        }
    )


def value(row: dict) -> str:
    """'61.2% (58.0% to 64.4%)'; where there is none its symbol with the reason."""
    there, symbol = number_or_none(row["value"]), text_or_blank(row["symbol"])
    if there is None:
        return f"{symbol}: {sentences.missing_words(row)}" if symbol else sentences.missing_words(row)
    interval = words.interval(number_or_none(row["lower"]), number_or_none(row["upper"]), row["unit"])
    return f"{words.number(there, row['unit'])} ({interval})"


def _reported(row: dict) -> str:
    """' (8 of 10 reported)'; '' where the authority has no neighbours."""
    if not number_or_none(row["neighbours_asked"]):
        return ""
    return f" ({row['neighbours_reported']:.0f} of {row['neighbours_asked']:.0f} reported)"


def _against(rows: pd.DataFrame, mark: pd.Series, more: list[str] | None = None) -> list[str]:
    """'Better: 4 points above 57.2%', 'Similar to 57.2%', '57.2%' beside no value, 'No figure'; more: after each."""
    said = compare(rows["lower"], rows["upper"], mark, rows["better"])
    asked = more or [""] * len(rows)
    parts = zip(rows["value"], mark, rows["unit"], said, asked, strict=True)
    return [_compared(number_or_none(own), number_or_none(other), *rest) for own, other, *rest in parts]


def _compared(own: float | None, mark: float | None, unit: str, said: str, more: str) -> str:
    if mark is None:
        return f"{NONE}{more}"
    benchmark = f"{words.number(mark, unit)}{more}"
    if own is None:
        return benchmark
    if said == "Not compared":
        return f"Not compared (no interval): {benchmark}"
    if said == "Similar":
        return f"Similar to {benchmark}"
    return f"{said}: {words.difference(own - mark, unit)} {'above' if own > mark else 'below'} {benchmark}"


def place(row: dict) -> str:
    """'12th of 149, 1st quarter'; '12th= of 149' where areas share a rank; '–' without a value."""
    if number_or_none(row["rank"]) is None:
        return "–"
    said = f"{ordinal(int(row['rank']))}{'=' if row['tied'] else ''} of {row['ranked']:.0f}"
    return f"{said}, {ordinal(int(row['quartile']))} quarter"


def caption(rows: pd.DataFrame, england: pd.Series) -> str:
    """How to read the table, and how many of a column's words chance alone would make. england: its values."""
    counted = int(np.sum(compare(rows["lower"], rows["upper"], england, rows["better"]) != "Not compared"))
    parts = [COMPARED, MEAN, PLACED, ARROW, chance.compared(counted, "indicators compared with one benchmark")]
    return " ".join(part for part in parts if part)


def neighbours(rows: pd.DataFrame, regions: pd.Series) -> tuple[pd.DataFrame, str]:
    """One authority's statistical neighbours as a table, closest first, and where the set comes from.

    rows: its rows of data_access.neighbours; regions: an authority's code → its region's name.
    """
    made = pd.DataFrame(
        {
            "Rank": rows["rank"].astype(str),
            "Local authority": rows["neighbour"],
            "Region": rows["neighbour_code"].map(regions),
            "Closeness": rows["closeness"].fillna("not said").str.capitalize(),
        }
    )
    return made, str(rows["basis_words"].iloc[0]) if len(rows) else ""
