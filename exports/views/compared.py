"""The figures of a few areas side by side: frames for charts.matrix, charts.ranked_areas, charts.small_multiples."""

from dataclasses import replace

import pandas as pd

from charts import matrix, ranked_areas, small_multiples
from charts.figure import Context, Figure
from exports.kept import kept
from exports.shown import Shown
from exports.views import data, figures
from exports.views.figures import context, record
from exports.views.registry import view
from measures import words
from measures.differences import difference
from measures.sentences import MISSING

AT_MOST = 12  # panels at once


def of_priority(now: Shown, priority: str) -> tuple[str, ...]:
    """The codes of a priority's indicators, AT_MOST of them."""
    return tuple(figures.of_priority(now, priority)["code"])[:AT_MOST]


@kept(100)
def beside(now: Shown, areas: tuple[str, ...], indicators: tuple[str, ...], reference: str) -> pd.DataFrame:
    """The areas' figures of the period with their differences from the reference: a row a pair, in order.

    Columns: those of data.beside that all levels have, and of measures.differences.difference. A pair that was never
    collected has a row with the symbol z. Indicators that neither the areas nor the reference has a row of are left
    out.
    """
    wanted = list(dict.fromkeys([*areas, reference]))
    rows = _rows(now, wanted)
    rows = rows[rows["indicator"].isin(indicators)]
    there = [code for code in indicators if code in set(rows["indicator"])]
    pairs = pd.MultiIndex.from_product([there, wanted], names=["indicator", "area"])
    whole = _described(now, rows.set_index(["indicator", "area"]).reindex(pairs).reset_index())
    mark = whole[whole["area"] == reference].set_index("indicator").loc[whole["indicator"]].reset_index()
    whole = whole.join(difference(whole, mark))
    return whole[whole["area"].isin(areas)].reset_index(drop=True)


def _rows(now: Shown, areas: list[str]) -> pd.DataFrame:
    """data.beside of areas of any level."""
    known = data.areas(now.version)
    parts = []
    for level in known.loc[areas, "level"].unique():
        rows = data.beside(now.version, level, now.staff_group, now.phase, now.period)
        parts.append(rows[rows["area"].isin(areas)])
    return pd.concat(parts, ignore_index=True)


def _described(now: Shown, rows: pd.DataFrame) -> pd.DataFrame:
    """What is known of every pair, whether or not it was collected."""
    areas = data.areas(now.version).loc[rows["area"]]
    about = data.reference(now.version).indicators.set_index("code").loc[rows["indicator"]]
    never = rows["area_code"].isna()
    return rows.assign(
        area_code=areas["area_code"].to_numpy(),
        level=areas["level"].to_numpy(),
        region_code=areas["region_code"].to_numpy(),
        unit=about["unit"].to_numpy(),
        better=about["better"].to_numpy(),
        symbol=rows["symbol"].where(~never, "z"),
        status=rows["status"].where(~never, "none"),
        reason=rows["reason"].where(~never, MISSING["z"]),
        tied=rows["tied"].where(~never, False).astype(bool),
    )


@kept(100)
def _history(now: Shown, areas: tuple[str, ...], indicators: tuple[str, ...]) -> pd.DataFrame:
    """All periods of the areas and England."""
    known = data.areas(now.version)
    wanted = list(dict.fromkeys([*areas, "England"]))
    parts = []
    for level in known.loc[wanted, "level"].unique():
        rows = data.history(now.version, level, now.staff_group, now.phase)
        parts.append(rows[rows["area"].isin(wanted) & rows["indicator"].isin(indicators)])
    return pd.concat(parts, ignore_index=True)


def coverage(rows: pd.DataFrame) -> str:
    """'76% to 96% of returns in, by area'; areas that contain each other cannot be added up."""
    counted = rows.groupby("area")[["units", "expected_units"]].sum()
    shares = (counted["units"] / counted["expected_units"].where(counted["expected_units"] > 0)).dropna()
    if shares.empty:
        return ""
    low, high = words.share(shares.min()), words.share(shares.max())
    return f"{low} of returns in" if low == high else f"{low} to {high} of returns in, by area"


def _context(
    now: Shown, rows: pd.DataFrame, areas: tuple[str, ...], comparator: str, indicator: str | None = None
) -> Context:
    there = rows.dropna(subset=["period"])
    made = context(now, there, indicator, place=place_words(list(areas)), comparator=comparator)
    return replace(made, coverage_text=coverage(rows))


@view(100, "compare")
def overview(now: Shown, areas: tuple[str, ...], indicators: tuple[str, ...], reference: str) -> Figure | None:
    """All indicators × areas against the reference; None where there is no figure of any."""
    rows = beside(now, areas, indicators, reference)
    if rows.empty:
        return None
    return matrix.matrix(rows, _about(now, rows), _columns(now, areas), _context(now, rows, areas, reference))


@kept(100)
def overview_list(now: Shown, areas: tuple[str, ...], indicators: tuple[str, ...], reference: str) -> pd.DataFrame:
    """The same for a phone."""
    rows = beside(now, areas, indicators, reference)
    return matrix.narrow(rows, _about(now, rows), _columns(now, areas))


def _about(now: Shown, rows: pd.DataFrame) -> pd.DataFrame:
    """The definitions of the indicators that the rows hold, in the order of the strategy."""
    known = data.reference(now.version).indicators
    return known[known["code"].isin(rows["indicator"])]


def _columns(now: Shown, areas: tuple[str, ...]) -> pd.DataFrame:
    return data.areas(now.version).loc[list(areas)]


def absent(now: Shown, areas: tuple[str, ...], indicators: tuple[str, ...], reference: str) -> list[str]:
    """The short titles of the indicators that have no row for what is shown."""
    there = set(beside(now, areas, indicators, reference)["indicator"])
    known = data.reference(now.version).indicators.set_index("code")["short_title"]
    return [str(known[code]) for code in indicators if code not in there]


@view(100, "compare")
def ranking(now: Shown, areas: tuple[str, ...], indicator: str, reference: str) -> Figure | None:
    """One indicator's areas in order against the reference; None where there is no row."""
    rows = beside(now, areas, (indicator,), reference)
    if rows.empty:
        return None
    mark = _rows(now, [reference])
    mark = mark[mark["indicator"] == indicator]
    made = _context(now, rows, areas, reference, indicator)
    return ranked_areas.ranked_areas(
        rows, record(now, indicator), made, reference=mark.iloc[0] if len(mark) else None, name=reference
    )


@view(100, "compare")
def by_area(now: Shown, areas: tuple[str, ...], indicator: str, reference: str) -> Figure:
    """One indicator over time, a panel an area."""
    rows = beside(now, areas, (indicator,), reference)
    past = _history(now, areas, (indicator,))
    comparator = "England" if reference == "England" else f"{reference} and England"
    judged = {} if rows.empty else dict(zip(rows["area"], rows["judged"], strict=True))
    made = _context(now, rows, areas, comparator, indicator)
    return small_multiples.by_area(
        past, rows, list(areas), record(now, indicator), made, judged=judged, reference=reference
    )


@view(100, "compare")
def by_indicator(now: Shown, areas: tuple[str, ...], indicators: tuple[str, ...], focus: str) -> Figure | None:
    """All indicators over time, a panel each, one area stressed; None where there is no figure of any."""
    rows, past = beside(now, areas, indicators, focus), _history(now, areas, indicators)
    if past.empty:
        return None
    others = [area for area in areas if area not in (focus, "England")]
    compared = [*others, *([] if focus == "England" else ["England"])]
    made = _context(now, rows, areas, place_words(compared))
    return small_multiples.by_indicator(past, rows, list(areas), _about(now, past), made, focus=focus)


@kept(100)
def ranked_table(now: Shown, areas: tuple[str, ...], indicator: str, reference: str) -> pd.DataFrame:
    """The ranked table in words, as the page shows it below the chart."""
    rows = ranked_areas.in_order(beside(now, areas, (indicator,), reference), record(now, indicator))
    return ranked_areas.people(rows, record(now, indicator), reference)


def place_words(areas: list[str]) -> str:
    """'Camden', 'Camden, London and England', '8 areas': for a subtitle."""
    return words.joined(areas) if len(areas) <= 3 else words.plural(len(areas), "area")
