"""One school: how it stands, what it owes, and its figures beside its authority, its phase and England."""

from dataclasses import replace

import pandas as pd

from charts import school_sheet, trend
from charts.figure import Figure
from exports.shown import Shown
from exports.views import data
from exports.views.comparisons import noun
from exports.views.figures import ENGLAND, context, kept, record
from measures import response, sentences, words
from measures.status import summarise
from measures.trends import with_trend
from pages.parts import schools


def own_rows(now: Shown, urn: str) -> pd.DataFrame:
    """One school's figures for the period, one row an indicator."""
    found = schools.rows(now)
    return found[found["area_code"] == urn]


def sentence(now: Shown, urn: str) -> str:
    """How a school stands, in one sentence."""
    schools.check(now)
    return _sentence(now, urn)


@kept(200, of_schools=True)
def _sentence(now: Shown, urn: str) -> str:
    about = schools.register(now).set_index("urn").loc[urn]
    own = response.with_returns(own_rows(now, urn))
    where = f"{about['phase']} school" + (f" in {about['cluster']}" if about["cluster"] else " in no cluster")
    due, received = int(own["due"].sum()), int(own["received"].sum())
    if not due:
        return f"{about['name']}, a {where}, owes no returns for {now.period_label}."
    found = summarise(own[own["due"]])
    returns = f"{received} of {words.plural(due, 'return')} in"
    if not found.judged:
        return f"{about['name']}, a {where}: {returns}; nothing can be judged yet."
    others = [
        f"{count} {said}" for count, said in ((found.at_risk, "at risk"), (found.off_track, "off track")) if count
    ]
    judged = words.plural(found.judged, "indicator")
    return (
        f"{about['name']}, a {where}: {returns}; {found.on_track} of {judged} that can be judged "
        f"{'is' if found.on_track == 1 else 'are'} on track" + (f", {words.joined(others)}." if others else ".")
    )


def unanswered(now: Shown, urn: str) -> dict[str, list[str]]:
    """Priority → the titles of the indicators that a school owes; those priorities alone where it owes any."""
    known = data.reference(now.version).of_strategy
    owed = set(response.missing(own_rows(now, urn))["indicator"])
    mine = known[known["code"].isin(owed)]
    return {str(short): list(group["short_title"]) for short, group in mine.groupby("priority_short", sort=False)}


def sheet(now: Shown, urn: str) -> Figure:
    """One school's indicators beside its authority, the authority's schools of its phase, and England."""
    schools.check(now)
    return _sheet(now, urn)


@kept(200, of_schools=True)
def _sheet(now: Shown, urn: str) -> Figure:
    known = data.reference(now.version)
    phase = str(schools.register(now).set_index("urn").loc[urn, "phase"])
    own = own_rows(now, urn)
    own = own[response.with_returns(own)["due"]]
    benchmarks = {
        "la": (str(now.la_name), _values(now, "la", "all", str(now.la))),
        "phase": (f"{now.la_name}’s {phase} schools", _values(now, "la", phase, str(now.la))),
        "england": ("England", _values(now, "england", "all", ENGLAND)),
    }
    history = _of_school(now, urn)
    name = str(own["area"].iloc[0]) if len(own) else now.area
    comparator = words.joined([said for said, _ in benchmarks.values()])
    made = replace(schools.words_around(now, own, name, comparator), staff_label=now.staff_label)
    return school_sheet.sheet(
        own,
        benchmarks,
        known.of_strategy,
        made,
        over_time={code: _over_time(group, known) for code, group in history.groupby("indicator")},
        trends=_trends(now, history),
    )


def _values(now: Shown, level: str, phase: str, code: str) -> pd.Series:
    """One area's published values of the period by indicator."""
    found = data.at(now.version, level, now.staff_group, phase, now.period)
    return found[found["area_code"] == code].set_index("indicator")["value"]


def _of_school(now: Shown, urn: str) -> pd.DataFrame:
    """All periods of one school, of which something was due."""
    history = schools.history(now)
    history = history[history["area_code"] == urn]
    return history[response.with_returns(history)["due"]]


def _over_time(history: pd.DataFrame, known: data.Reference) -> str:
    """'2009/10 84.2%, 2010/11 78.9%, 2011/12 c': one indicator; of terms the last of each year."""
    about = known.indicators.set_index("code").loc[history["indicator"].iloc[0]]
    year = history["period"].str.partition(" ")[0]
    latest = history.sort_values("period_position").groupby(year).tail(1)
    return ", ".join(f"{row['period']} {school_sheet.said(row, about)}" for row in latest.to_dict("records"))


def _trends(now: Shown, history: pd.DataFrame) -> dict[str, str]:
    """Indicator → its trend marker up to the period, in words."""
    known = data.reference(now.version)
    until = known.periods.set_index("code")["position"][now.period]
    history = history[history["period_position"] <= until]
    if history.empty:
        return {}
    limits = known.indicators.set_index("code")[["trend_points", "trend_confidence"]]
    markers = with_trend(history.join(limits, on="indicator"))
    return {
        row["indicator"]: sentences.trend_marked(row, noun(history[history["indicator"] == row["indicator"]]))
        for _, row in markers.iterrows()
    }


def over_time(now: Shown, urn: str, indicator: str) -> Figure | None:
    """One indicator of a school in every period, with England; None where nothing was due of it."""
    schools.check(now)
    return _time_figure(now, urn, indicator)


@kept(200, of_schools=True)
def _time_figure(now: Shown, urn: str, indicator: str) -> Figure | None:
    history = _of_school(now, urn)
    history = history[history["indicator"] == indicator]
    if history.empty:
        return None
    england = data.history(now.version, "england", now.staff_group, "all")
    name = str(history["area"].iloc[0])
    made = context(now, history.tail(1), indicator, place=name, comparator="its trajectory and England")
    return trend.trajectory(
        history,
        record(now, indicator),
        replace(made, staff_label=now.staff_label, schools_of=schools.authority(now)),
        england=england[england["indicator"] == indicator],
        marker=_trends(now, history).get(indicator, ""),
    )
