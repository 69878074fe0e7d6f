"""The indicators of one outcome, a row each: over time against the expected path, and beside it the areas compared."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

import pandas as pd

from charts import outcome_layers as layers
from charts import series
from charts.figure import Context, Figure, Record, headline, number_or_none, slugify, text_or_blank
from charts.outcome_layers import BETWEEN, HEAD, STEP, Said, Scale
from charts.series import Row
from charts.tables import twin
from charts.theme import finish
from measures import words
from measures.trends import FEW

COLUMNS: Final = [*series.COLUMNS, "numerator", "denominator", "minimum_coverage", "better"]
WORST_FIRST: Final = ("off_track", "at_risk", "on_track")


@dataclass(frozen=True)
class Rows:
    """Figures of indicators as rows of COLUMNS (charts.figure.plain), in order of time.

    own, england         of the area and of England, all periods up to the one shown; no England where the area is that
    now, nation, around  of the area, of England and of the areas compared, at the period shown; those of `around` have
                         `against`, the word of measures.comparison of each against England
    """

    own: list[Row]
    england: list[Row]
    now: list[Row]
    nation: list[Row]
    around: list[Row]

    def of(self, codes: Iterable[str]) -> "Rows":
        """Those of some indicators."""
        wanted = set(codes)
        parts = (getattr(self, field.name) for field in fields(self))
        return Rows(*([row for row in part if row["indicator"] in wanted] for part in parts))


def outcome_rows(
    rows: Rows,
    indicators: Mapping[str, Record],
    markers: Iterable[Mapping[str, Any]],
    context: Context,
    *,
    areas: str,
    short: Mapping[str, str],
) -> Figure:
    """One row an indicator, each on scales of its own: at the left a line over time, at the right a dot an area.

    indicators  definitions by code, those of one outcome, in order; one without a row at the period is only named
    markers     trend markers of the area: indicator, trend, trend_points_used
    areas       what the areas compared are called: 'the nine regions'; the area itself, where among them, is stressed
    short       area_code → a name for where there is no room
    """
    rows = rows.of(indicators)
    there = {row["indicator"] for row in (*rows.now, *rows.around)}
    about = {code: record for code, record in indicators.items() if code in there}
    rows = rows.of(about)
    outcome = str(next(iter(indicators.values()))["outcome"])
    top = {code: HEAD + STEP * number for number, code in enumerate(about)}
    height = HEAD + STEP * len(about) - BETWEEN
    y = layers.y_of(height)
    scales = {code: found for code in about if (found := _scale(rows, code))}
    moved = {row["code"]: row for row in series.said(rows.now, about, markers, rows.own)}
    said = [_said(rows, about[code], moved.get(code, {}), scales.get(code), short) for code in about]
    known = [row for row in rows.around if not words.is_missing(row["value"])]
    focus = str(rows.now[0]["area_code"]) if rows.now else ""
    parts = [
        layers.over_time(rows.own, rows.england, about, top, y),
        layers.dots(known, focus, scales, about, top, y),
        layers.texts(said, top, y),
        layers.heads(series.span(rows.own), areas, y),
    ]
    spec = {"layer": [{"layer": part} for part in parts if part], "resolve": {"scale": {"x": "independent"}}}
    finding = _finding(rows.now, about)
    counted = words.plural(len(about), "indicator")
    return Figure(
        slug=slugify(f"outcome {outcome}", context.place, context.period_label),
        headline=finding,
        subtitle=context.subtitle(f"Outcome {outcome}: {counted}"),
        source=context.source_line(),
        context=context,
        alt=f"{counted} of outcome {outcome} in {context.place}, over time and beside {areas}. {finding}."
        + "".join(f" {row.title}: {row.value}, {row.told}." for row in said),
        spec=finish(spec, height, context.illustrative),
        twin=lambda: _table(rows, about),
        notes=_notes(rows, [record for code, record in indicators.items() if code not in there], areas),
    )


def _scale(rows: Rows, code: str) -> Scale | None:
    """What the dots of an indicator stand on; None where there is nothing to stand on it."""
    nation = next((row for row in rows.nation if row["indicator"] == code), {})
    england, target = number_or_none(nation.get("value")), number_or_none(nation.get("target"))
    values = [row["value"] for row in rows.around if row["indicator"] == code]
    known = [value for value in (*values, england, target) if not words.is_missing(value)]
    return Scale(min(known), max(known), england, target) if known else None


def _said(rows: Rows, about: Record, moved: Mapping[str, str], scale: Scale | None, short: Mapping[str, str]) -> Said:
    code, unit = str(about["code"]), str(about["unit"])
    own = next((row for row in rows.now if row["indicator"] == code), {})
    status = str(own.get("status", "none"))
    elsewhere = "no figure here" if about["scope"] == "England" else f"collected in {about['scope']} only"
    move, trend = moved.get("move", elsewhere), moved.get("trend", "")
    told = [words.status_text(status, text_or_blank(own.get("reason")))[2:], move]
    told += [trend] if trend and not trend.startswith(FEW) else []
    marks = [] if scale is None else [("England", scale.england), ("target", scale.target)]
    areas = [row for row in rows.around if row["indicator"] == code and not words.is_missing(row["value"])]
    areas.sort(key=lambda row: row["value"])
    ends = [
        tuple(f"{name} {words.number(row['value'], unit)}" for name in (short[row["area_code"]], row["area"]))
        for row in (areas if len(areas) < 2 else [areas[0], areas[-1]])
    ]
    return Said(
        code=code,
        title=str(about["short_title"]),
        value=moved.get("value", "–"),
        status=status,
        moved=move,
        told=" · ".join(told),
        against=", ".join(f"{name} {words.number(value, unit)}" for name, value in marks if value is not None),
        ends=ends,  # type: ignore[arg-type]
    )


def _finding(now: list[Row], about: Mapping[str, Record]) -> str:
    if all(words.is_missing(row["value"]) for row in now):
        return "No indicator has a value in this period"
    judged = [row for row in now if row["status"] != "none"]
    if not judged:
        return "No indicator can be judged yet"
    worst = min(judged, key=lambda row: WORST_FIRST.index(row["status"]))
    title, status = str(about[worst["indicator"]]["short_title"]), words.STATUS_WORDS[worst["status"]].lower()
    if len(judged) == 1:
        return headline(f"{title}: {status}", f"1 indicator, {status}")
    on = sum(row["status"] == "on_track" for row in judged)
    if on == len(judged):
        return f"{'Both' if on == 2 else f'All {on}'} indicators on track"
    said = f"{on} of {len(judged)} on track"
    alike = sum(row["status"] == worst["status"] for row in judged)
    return headline(*([f"{said}; {words.inline(title)} {status}"] if alike == 1 else []), f"{said}, {alike} {status}")


def _table(rows: Rows, about: Mapping[str, Record]) -> pd.DataFrame:
    """The area over time, England over time, and the areas compared at the period; no row twice."""
    each: dict[tuple[str, str, str], Row] = {}
    for row in (*rows.own, *rows.england, *rows.nation, *rows.around):
        each.setdefault((row["indicator"], row["area_code"], row["period"]), row)
    order = {code: at for at, code in enumerate(about)}
    whole = sorted(each.values(), key=lambda row: order[row["indicator"]])
    indicators = pd.DataFrame(list(about.values()))
    return twin(pd.DataFrame(whole, columns=COLUMNS), indicators, ["Indicator", "Area", "Period"])


def reading(areas: str, *, england: bool) -> str:
    """How to read every such figure. areas: what the areas compared are called; england: it is drawn as a line."""
    parts = ["Each line and each row of dots has a scale of its own."]
    parts += ["Line: the area; shaded: 95% interval; dashed: the expected path."]
    parts += ["Thin grey line: England."] if england else []
    parts += [f"Dots: {areas}{'; dark: the area itself' if england else ''}; tick: England; dashed tick: target."]
    parts += ["Filled mark on track, half filled at risk, ring off track, dash no judgement."]
    return " ".join(parts)


def _notes(rows: Rows, absent: list[Record], areas: str) -> str:
    parts = [reading(areas, england=bool(rows.england))]
    missing = [row for row in rows.around if words.is_missing(row["value"])]
    gaps = words.plural(len(missing), "figure")
    parts += [f"No dot for {gaps} not there or not shown: see the table."] * bool(missing)
    low = [row for row in rows.around if row not in missing and row["coverage"] < row["minimum_coverage"]]
    parts += [f"Low coverage in {words.plural(len(low), 'figure')}, marked in the table."] * bool(low)
    names = [words.inline(str(record["short_title"])) for record in absent]
    parts += [f"No figure in this period: {words.joined(names)}."] * bool(names)
    return " ".join(parts)
