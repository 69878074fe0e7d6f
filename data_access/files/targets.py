"""Targets and trajectory points from a file: which indicator should stand where, in which area, at the end of when."""

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pandas as pd

from data_access.errors import Problem
from data_access.files.checked import Checked, missing_columns, numbers, refused
from data_access.files.checks import Rule, problems
from data_access.files.table import Table
from data_access.periods import from_code
from data_access.places import ENGLAND_CODE, INNER_OUTER_LONDON, Places, plain_name

COLUMNS = ["indicator", "area_level", "area_code", "period", "value"]
NEEDED = ["indicator", "area_code", "period", "value"]
KINDS = ("target", "trajectory")
# The nine regions, as people write them → code.
REGION_NAMES = {
    "north east": "E12000001",
    "north west": "E12000002",
    "yorkshire and humber": "E12000003",
    "yorkshire humber": "E12000003",
    "east midlands": "E12000004",
    "west midlands": "E12000005",
    "east england": "E12000006",
    "london": "E12000007",
    "south east": "E12000008",
    "south west": "E12000009",
}
_A_CODE = r"[0-9]{3}|E[0-9]{8}"


def template(indicators: pd.DataFrame) -> pd.DataFrame:
    """An example file as text: one row for each indicator, for its area and 2011/12, with the value left blank.

    indicators: code, unit, better, frequency, scope. Rows that stay blank are left out when it comes back.
    """
    return pd.DataFrame(
        {
            "indicator": indicators["code"],
            "area_code": indicators["scope"],
            "period": np.where(indicators["frequency"] == "term", "2011/12 summer", "2011/12"),
            "value": "",
            "kind": "target",
        }
    ).astype(str)


def read(
    table: Table, *, indicators: pd.DataFrame, places: Places, region_of: Mapping[str, str] | None = None
) -> Checked:
    """The targets in a file with the columns indicator, area_code, period, value and, for people to read, kind.

    indicators: code, unit, better, frequency, scope. region_of: 3-digit code → region code, to tell whether a local
    authority lies in an indicator's scope. Rows: indicator, area_level (england, region or la), area_code, period
    (code) and value (float). A year's target of a termly indicator is what its summer term should show.
    """
    missing = missing_columns(table, NEEDED)
    if missing:
        return refused(COLUMNS, missing)
    text = table.whole()
    blank = text["value"] == ""
    ignored = +Counter({"rows without a figure": int(blank.sum())})
    text = text[~blank]
    if text.empty:
        message, remedy = "no row has a figure.", "Fill in value where you have one."
        return refused(COLUMNS, [Problem(table.name, None, "value", None, message, remedy)])
    about = text[["indicator"]].merge(indicators, left_on="indicator", right_on="code", how="left").set_axis(text.index)
    areas = _areas(text["area_code"], places)
    termly = about["frequency"] == "term"
    kind = text["period"].map({code: _kind(code) for code in text["period"].unique()})
    rows = pd.DataFrame(
        {
            "indicator": text["indicator"],
            "area_level": areas["level"],
            "area_code": areas["code"],
            "period": text["period"] + pd.Series(np.where(termly & (kind == "year"), " summer", ""), index=text.index),
            "value": numbers(text["value"]),
        },
        index=text.index,
    )
    rules = _rules(rows, about, areas, kind, _in_scope(about["scope"], areas, region_of or {}))
    return Checked(rows, ignored, problems(text, rules, table.name) or _twice(table.name, text, rows))


def _kind(code: str) -> str:
    try:
        return from_code(code).kind
    except ValueError:
        return ""


def _areas(text: pd.Series, places: Places) -> pd.DataFrame:
    """level, code (None where there is none) and why of each area, written as a code or a name."""
    codes = text.where(text.str.fullmatch(_A_CODE), "")
    found = places.authorities(codes, codes, text.where(codes == "", ""))
    plain = text.map({name: plain_name(name) for name in text.unique()})
    region = text.where(text.isin(list(places.regions)), plain.map(REGION_NAMES)).astype(object)
    england = (text == ENGLAND_CODE) | (plain == "england")
    # A region's name comes before that of an authority: London is the region.
    level = np.select([england, region.notna()], ["england", "region"], "la")
    code = np.select([england, region.notna()], [ENGLAND_CODE, region], found["la_code"])
    why = found["why"].where((found["why"] == "") | (codes != ""), "")
    why = why.mask(found["part"] != "", "one of the parts into which an authority held here was split later")
    made = pd.DataFrame({"level": level, "code": code, "why": why}, index=text.index)
    return made.assign(code=made["code"].mask(made["level"].eq("la") & (found["part"] != ""), None))


def _in_scope(scope: pd.Series, areas: pd.DataFrame, region_of: Mapping[str, str]) -> pd.Series:
    """Whether each area lies in its indicator's scope; True where that cannot be told."""
    wanted = scope.map(lambda name: REGION_NAMES.get(plain_name(name)) if isinstance(name, str) else None)
    region = areas["code"].where(areas["level"] == "region", areas["code"].map(region_of))
    unknown = (areas["level"] == "la") & region.isna()
    return wanted.isna() | unknown | (region == wanted)


def _rules(
    rows: pd.DataFrame, about: pd.DataFrame, areas: pd.DataFrame, kind: pd.Series, in_scope: pd.Series
) -> list[Rule]:
    """about: the indicator of each row, NaN where there is none; kind: what kind of period each row's is, or ''."""
    known, value, percent = about["code"].notna(), rows["value"], about["unit"] == "percent"
    termly = about["frequency"] == "term"
    later = areas["code"].isna() & (areas["why"] != "")
    return [
        Rule("indicator", lambda _: known, "there is no such indicator.", "Write the code of an indicator."),
        Rule(
            "area_code",
            lambda _: areas["code"].notna() | later,
            "this is not an area held here.",
            "Write England, a region's name or E12 code, or a local authority's 3-digit or ONS code.",
        ),
        Rule(
            "area_code",
            lambda cells: ~cells.isin(list(INNER_OUTER_LONDON)) & ~later,
            "this is not one of the 152 authorities and nine regions of 2009 to 2013.",
            "Set the target for an area as it was then.",
        ),
        Rule(
            "area_code",
            lambda _: in_scope | areas["code"].isna(),
            "this area lies outside what the indicator is about.",
            "Use the indicator's own region.",
        ),
        Rule("period", lambda _: kind != "", "this is not a period.", "Write it like 2011/12 or 2011/12 summer."),
        Rule(
            "period",
            lambda _: ~known | (kind == "") | kind.isin(["year", "term"]).where(termly, kind.str.endswith("year")),
            "the indicator is not counted for a period of this kind.",
            "Write a year for what is counted each year, and a year or a term for what is counted each term.",
        ),
        Rule("value", lambda _: value.notna(), "this is not a number.", "Write a number without % or separators."),
        Rule("value", lambda _: value.isna() | (value >= 0), "a target cannot be below zero.", "Correct the value."),
        Rule(
            "value",
            lambda _: ~percent | value.isna() | (value <= 100),
            "a target in percent cannot be above 100.",
            "Correct the value.",
        ),
        Rule("kind", lambda cells: cells.isin(["", *KINDS]), "this is not a kind.", f"Write {' or '.join(KINDS)}."),
    ]


def _twice(file_name: str, text: pd.DataFrame, rows: pd.DataFrame) -> list[Problem]:
    """A problem for each row whose indicator, area and period stood above already."""
    key = COLUMNS[:-1]
    first = {code: int(str(line)) for line, code in reversed(list(rows[key].apply(tuple, axis=1).items()))}
    return [
        Problem(
            file_name,
            int(str(line)) + 2,
            "value",
            str(text["value"][line]),
            f"row {first[tuple(rows.loc[line, key])] + 2} gives this target already, for the same area and period.",
            "Remove one of the two rows.",
        )
        for line in rows.index[rows.duplicated(key)]
    ]
