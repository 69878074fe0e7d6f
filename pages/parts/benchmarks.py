"""One area against its benchmarks, in words: England, its region, its statistical neighbours, a year ago."""

import numpy as np
import pandas as pd

from charts import chance
from charts.figure import number_or_none, ordinal, text_or_blank
from charts.tables import by_code
from measures import sentences, words
from measures.comparison import compare
from pages.parts import data
from pages.parts.comparisons import own_beside, trend_text
from pages.parts.figures import MANY, area_rows, final_period, kept, record
from pages.parts.filters import Shown

NONE = "No figure"


@kept(MANY)
def sentence(now: Shown, indicator: str) -> str:
    """The chosen area's figure of one indicator beside its benchmarks, as a sentence; '' where it has no row."""
    rows = own_beside(now)
    rows = rows[rows["indicator"] == indicator]
    if rows.empty:
        return ""
    row = rows.iloc[0]
    marks = _marks(now, rows)
    reported = f"{row['neighbours_reported']:.0f} of {row['neighbours_asked']:.0f}" if "neighbours" in marks else ""
    names = {
        "england": "England",
        "region": str(now.region_name),
        "neighbours": f"the mean of {reported} neighbours",
        "before": "a year ago",
    }
    benchmarks = [sentences.Benchmark(names[key], value.iloc[0]) for key, value in marks.items()]
    benchmarks = [mark for mark in benchmarks if number_or_none(mark.value) is not None]
    return f"{sentences.say(row, record(now, indicator), benchmarks=benchmarks, final_period=final_period(now))}."


def _marks(now: Shown, rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Benchmark → its values for the chosen area's rows; those alone that an area of its level has."""
    marks = {}
    if now.level != "england":
        marks["england"] = _values(rows, area_rows(now, "england"))
    if now.level == "la":
        region = area_rows(now, "region")
        marks["region"] = _values(rows, region[region["area_code"] == now.region])
        marks["neighbours"] = rows["neighbour_value"]
    return marks | {"before": rows["value_before"]}


def _values(rows: pd.DataFrame, others: pd.DataFrame) -> pd.Series:
    return rows["indicator"].map(others.set_index("indicator")["value"]).astype(float)


@kept(MANY)
def table(now: Shown, priority: str) -> pd.DataFrame:
    """The chosen authority's indicators of a priority beside its benchmarks: one row each, all in words."""
    known = data.reference(now.version)
    mine = known.of_strategy[known.of_strategy["priority"] == priority]
    rows = mine[["code"]].merge(own_beside(now), left_on="code", right_on="indicator")
    about, marks = by_code(mine), _marks(now, rows)
    records = rows.to_dict("records")
    reported = [_reported(row) for row in records]
    against = {key: _against(rows, mark, reported if key == "neighbours" else None) for key, mark in marks.items()}
    return pd.DataFrame(
        {
            "Indicator": [f"{about[code]['outcome']} {about[code]['short_title']}" for code in rows["code"]],
            "Value (95% interval)": [_value(row) for row in records],
            "Against England": against["england"],
            f"Against {now.region_name}": against["region"],
            "Against the mean of its neighbours": against["neighbours"],
            "Against a year ago": against["before"],
            "Place in England": [_place(row) for row in records],
            "Trend": [trend_text(row, rows[rows["code"] == row["code"]]) for _, row in rows.iterrows()],
            "Status": [words.status_text(row["status"], text_or_blank(row["reason"])) for row in records],
            "Coverage": [sentences.coverage_mark(row, about[row["code"]]) for row in records],
        }
    )


def _value(row: dict) -> str:
    """'61.2% (58.0% to 64.4%)'; where there is none its symbol with the reason."""
    value, symbol = number_or_none(row["value"]), text_or_blank(row["symbol"])
    if value is None:
        return f"{symbol}: {sentences.missing_words(row)}" if symbol else sentences.missing_words(row)
    interval = words.interval(number_or_none(row["lower"]), number_or_none(row["upper"]), row["unit"])
    return f"{words.number(value, row['unit'])} ({interval})"


def _reported(row: dict) -> str:
    """' (8 of 10 reported)'; '' where the authority has no neighbours."""
    if not number_or_none(row["neighbours_asked"]):
        return ""
    return f" ({row['neighbours_reported']:.0f} of {row['neighbours_asked']:.0f} reported)"


def _against(rows: pd.DataFrame, marks: pd.Series, more: list[str] | None = None) -> list[str]:
    """'Better: 4 points above 57.2%', 'Similar to 57.2%', '57.2%' beside no value, 'No figure'; more: after each."""
    said = compare(rows["lower"], rows["upper"], marks, rows["better"])
    asked = more or [""] * len(rows)
    parts = zip(rows["value"], marks, rows["unit"], said, asked, strict=True)
    return [_compared(number_or_none(value), number_or_none(mark), *rest) for value, mark, *rest in parts]


def _compared(value: float | None, mark: float | None, unit: str, said: str, more: str) -> str:
    if mark is None:
        return f"{NONE}{more}"
    benchmark = f"{words.number(mark, unit)}{more}"
    if value is None:
        return benchmark
    if said == "Not compared":
        return f"Not compared (no interval): {benchmark}"
    if said == "Similar":
        return f"Similar to {benchmark}"
    return f"{said}: {words.difference(value - mark, unit)} {'above' if value > mark else 'below'} {benchmark}"


def _place(row: dict) -> str:
    """'12th of 149, 1st quarter'; '12th= of 149' where areas share a rank; '–' without a value."""
    if number_or_none(row["rank"]) is None:
        return "–"
    place = f"{ordinal(int(row['rank']))}{'=' if row['tied'] else ''} of {row['ranked']:.0f}"
    return f"{place}, {ordinal(int(row['quartile']))} quarter"


@kept(MANY)
def caption(now: Shown) -> str:
    """How to read the table, and how many of a column's words chance alone would make."""
    rows = own_beside(now)
    rows = rows[rows["indicator"].isin(data.reference(now.version).of_strategy["code"])]
    marks = _values(rows, area_rows(now, "england"))
    counted = int(np.sum(compare(rows["lower"], rows["upper"], marks, rows["better"]) != "Not compared"))
    parts = [
        "Better or worse: the whole 95% interval lies beyond the benchmark; similar: it does not.",
        "The mean of the statistical neighbours counts each that reported once.",
        "1st quarter: among the best quarter of the authorities with a figure; =: shared rank.",
        "The arrow of a trend shows where the values go, its word whether that is for the better.",
        chance.compared(counted, "indicators compared with one benchmark"),
    ]
    return " ".join(part for part in parts if part)


@kept(MANY)
def neighbours(now: Shown) -> tuple[pd.DataFrame, str]:
    """The chosen authority's statistical neighbours as a table, closest first, and where the set comes from."""
    known = data.reference(now.version)
    rows = data.neighbours(now.version)
    rows = rows[rows["la_code"] == now.la]
    region = rows["neighbour_code"].map(known.authorities.set_index("code")["region"])
    made = pd.DataFrame(
        {
            "Rank": rows["rank"].astype(str),
            "Local authority": rows["neighbour"],
            "Region": region,
            "Closeness": rows["closeness"].fillna("not said").str.capitalize(),
        }
    )
    return made, str(rows["basis_words"].iloc[0]) if len(rows) else ""
