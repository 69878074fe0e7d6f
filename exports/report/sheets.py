"""The tables of a report's workbook: numbers as numbers, rounded as on the pages; a symbol where there is none."""

import pandas as pd

from charts.figure import number_or_none, text_or_blank
from exports import benchmarks, frames
from exports.office.parts import Table
from exports.report import sections
from exports.report.subject import Subject
from measures import sentences, words
from measures.status import STATUS_ORDER

NONE = "z"  # what does not apply: no symbol of a figure's own says more
UNITS = {"percent": "Percent", "rate": "Rate", "gbp": "Pounds"}


def cell(value: float | None, unit: str = "percent", symbol: str = "") -> float | str:
    """A number rounded as words.number says it; its symbol in brackets where there is none: '[c]'."""
    there = number_or_none(value)
    return f"[{symbol or NONE}]" if there is None else words.rounded(there, unit)


def whole(value: float | None) -> int | str:
    """A count; '[z]' where there is none."""
    there = number_or_none(value)
    return f"[{NONE}]" if there is None else int(there)


def all_of(of: Subject) -> list[Table]:
    """The tables in the order of their sheets, but for those that the sections have already."""
    made = [_priorities(of), _indicators(of), _compared(of), _over_time(of)]
    return [*made, *_changes(of), *_neighbours(of), *_coverage(of)]


def _priorities(of: Subject) -> Table:
    rows = []
    found = frames.summaries(of.material.known, of.rows, of.before)
    for priority in of.material.known.priorities.to_dict("records"):
        now, then = found[priority["code"]]
        progress = number_or_none(now.median_progress)
        rows.append(
            {"Priority": priority["title"], "Indicators": now.total}
            | {words.STATUS_WORDS[status]: getattr(now, status) for status in STATUS_ORDER}
            | {
                "Way to target, median (%)": f"[{NONE}]" if progress is None else round(100 * progress),
                "On track a year before": f"[{NONE}]" if then is None or not then.judged else then.on_track,
            }
        )
    return Table("Summary by priority", pd.DataFrame(rows), "Counts of indicators by status.")


def _lead(about: dict) -> dict[str, object]:
    return {"Priority": about["priority_short"], "Indicator": f"{about['outcome']} {about['short_title']}"}


def _rows(of: Subject) -> list[tuple[dict, dict]]:
    """Each figure with its indicator's record."""
    return list(zip(of.rows.to_dict("records"), of.indicators.to_dict("records"), strict=True))


def _indicators(of: Subject) -> Table:
    made = []
    for row, about in _rows(of):
        unit, symbol = row["unit"], text_or_blank(row["symbol"])
        limit = "z" if symbol == "" else symbol  # a figure without interval is no missing figure
        made.append(
            _lead(about)
            | {
                "Period": of.material.known.period_labels[row["period"]],
                "Unit": UNITS[unit],
                "Value": cell(row["value"], unit, symbol),
                "Lower 95% limit": cell(row["lower"], unit, limit),
                "Upper 95% limit": cell(row["upper"], unit, limit),
                "Expected": cell(row["expected"], unit),
                "Target": cell(row["target"], unit),
                "Status": words.STATUS_WORDS[row["status"]],
                "Why no judgement": text_or_blank(row["reason"]) or f"[{NONE}]",
                "Returns in": whole(row["units"]),
                "Returns due": whole(row["expected_units"]),
                "Coverage (%)": _percent(row["coverage"]),
                "Low coverage": "yes" if sentences.low_coverage(row, about) else "no",
            }
        )
    return Table("All indicators: value, interval, status and coverage", pd.DataFrame(made))


def _percent(fraction: float | None) -> float | str:
    there = number_or_none(fraction)
    return f"[{NONE}]" if there is None else round(100 * there)


def _compared(of: Subject) -> Table:
    names = {"england": "England", "region": of.region, "neighbours": "Mean of neighbours", "before": "A year ago"}
    against = names | {"neighbours": "neighbours", "before": "a year ago"}
    places = sections.region_places(of)
    made = []
    for at, (row, about) in enumerate(_rows(of)):
        unit = row["unit"]
        entry = _lead(about) | {"Unit": UNITS[unit]}
        entry["Value"] = cell(row["value"], unit, text_or_blank(row["symbol"]))
        for key, marks in of.marks.items():
            entry[names[key]] = cell(marks.iloc[at], unit)
            entry[f"Against {against[key]}"] = of.compared[key].iloc[at]
        if "neighbours" in of.marks:
            entry["Neighbours with a figure"] = whole(row["neighbours_reported"])
        ranked = number_or_none(row["rank"]) is not None
        entry |= {
            "Rank in England": whole(row["rank"]),
            "Authorities ranked": whole(row["ranked"]) if ranked else f"[{NONE}]",
            "Quarter (1 is best)": whole(row["quartile"]),
            f"Place in {of.region}": places.iloc[at].replace("–", f"[{NONE}]"),
            "Trend": sentences.trend_marked(row, "term" if " " in row["period"] else "year")[2:],
        }
        made.append(entry)
    return Table("All indicators compared: England, region, neighbours, a year ago, rank and trend", pd.DataFrame(made))


def _over_time(of: Subject) -> Table:
    labels, until = of.material.known.period_labels, of.material.known.periods.set_index("code")["position"]
    rows = of.of(of.material.over_time["la"])
    rows = rows[rows["period_position"] <= until[of.material.period] + 1e-6]
    about = {record["code"]: record for record in of.indicators.to_dict("records")}
    rows = rows[rows["indicator"].isin(about)]
    order = rows["indicator"].map({code: number for number, code in enumerate(about)})
    rows = rows.assign(order=order).sort_values(["order", "period_position"])
    made = []
    for row in rows.to_dict("records"):
        symbol = text_or_blank(row["symbol"])
        made.append(
            _lead(about[row["indicator"]])
            | {
                "Period": labels[row["period"]],
                "Unit": UNITS[row["unit"]],
                "Value": cell(row["value"], row["unit"], symbol),
                "Lower 95% limit": cell(row["lower"], row["unit"], symbol),
                "Upper 95% limit": cell(row["upper"], row["unit"], symbol),
                "Expected": cell(row["expected"], row["unit"]),
                "Status": words.STATUS_WORDS[row["status"]],
            }
        )
    return Table("All indicators over time", pd.DataFrame(made))


def _changes(of: Subject) -> list[Table]:
    """Every indicator then and now; [] where the database has no year before."""
    if of.before is None:
        return []
    then = {row["indicator"]: row for row in of.before.to_dict("records")}
    compared = of.compared.get("before", pd.Series("Not compared", index=of.compared.index))
    made: list[dict[str, object]] = []
    for row, about in _rows(of):
        unit, old = row["unit"], then.get(row["indicator"], {})
        made.append(
            _lead(about)
            | {
                "Unit": UNITS[unit],
                "A year before": cell(old.get("value"), unit, text_or_blank(old.get("symbol"))),
                "Value": cell(row["value"], unit, text_or_blank(row["symbol"])),
                "Change": cell(row["value"] - row["value_before"], unit),
                "Against a year before": compared.iloc[len(made)],
                "Status a year before": words.STATUS_WORDS[old["status"]] if old else f"[{NONE}]",
                "Status": words.STATUS_WORDS[row["status"]],
            }
        )
    return [Table("What changed since a year before", pd.DataFrame(made))]


def _neighbours(of: Subject) -> list[Table]:
    regions = of.material.known.authorities.set_index("code")["region"]
    closest, basis = benchmarks.neighbours(of.closest, regions)
    closest = closest.assign(Rank=of.closest["rank"].astype(int).to_list())
    if closest.empty:
        return []
    return [Table("Statistical neighbours, closest first", closest.reset_index(drop=True), basis)]


def _coverage(of: Subject) -> list[Table]:
    found = frames.response(of.material.known, {name: of.of(rows) for name, rows in of.material.by_phase.items()})
    if found.empty:
        return []
    made = pd.DataFrame(
        {
            "Phase": [str(phase).capitalize() for phase in found["phase"]],
            "Kind of collection": [str(kind).capitalize() for kind in found["kind"]],
            "Schools": found["schools"].astype(int).to_list(),
            "Share that answered (%)": [_percent(share) for share in found["share"]],
        }
    )
    return [Table("Share of the schools in the register that answered", made, "All: every phase together.")]
