"""Does it go with progress? Authorities with and without active partnership work, and how their indicators moved."""

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from charts.figure import Figure
from charts.paired_differences import paired_differences
from data_access.periods import last_day
from exports.kept import kept
from exports.shown import Shown
from exports.views import data, partnerships
from exports.views.evidence import edit_shown
from exports.views.figures import of_priority
from exports.views.registry import view
from measures import register_figures, words
from measures.with_without import LIMITS, Compared, active, compared

PRIORITY = "coherence"
SHEET = "Does it go with progress?"


@dataclass(frozen=True)
class Groups:
    """at_work: an authority's code → the partnerships at work there, of those asked of; without: the other authorities.

    first, last: the days between which they were at work; illustrative: whether any of the partnerships is invented.
    """

    at_work: dict[str, list[str]]
    without: list[str]
    first: date
    last: date
    illustrative: bool


def among(now: Shown) -> Shown:
    """Among whom is compared: the authorities of the chosen region, else of England."""
    if now.la:
        return replace(now, region=None, region_name=None, la=None, la_name=None)
    return now


def base(now: Shown) -> tuple[str, str]:
    """The baseline year's code and label."""
    known = data.reference(now.version)
    code = str(known.strategy["baseline_year"])
    return code, str(known.periods.set_index("code")["label"][code])


def has_moved(now: Shown) -> bool:
    """Whether the chosen period comes after the baseline."""
    position = data.reference(now.version).periods.set_index("code")["position"]
    return bool(position[now.period] > position[base(now)[0]])


def groups(now: Shown) -> Groups:
    """Who has active partnership work at the end of the period, and who has not."""
    return _groups(among(now), edit_shown(now.version))


@kept(30)
def _groups(now: Shown, number: int) -> Groups:
    known = data.reference(now.version)
    inside = (
        known.authorities if now.region is None else known.authorities[known.authorities["region_code"] == now.region]
    )
    everywhere = partnerships.register(replace(now, region=None, region_name=None))
    first = last_day(float(known.periods.set_index("code")["position"][base(now)[0]]))
    found = active(everywhere.partnerships, everywhere.activities, first, everywhere.day)
    codes = list(inside["code"])
    at_work = {code: found[code] for code in codes if code in found}
    used = {each for listed in at_work.values() for each in listed}
    whole = everywhere.partnerships
    invented = bool(whole.loc[whole["code"].isin(used), "illustrative"].astype(bool).any())
    return Groups(at_work, [code for code in codes if code not in found], first, everywhere.day, invented)


def differences(now: Shown) -> dict[str, Compared]:
    """Of each indicator of the priority in percent: measures.with_without.compared, movement for the better."""
    return _differences(among(now), edit_shown(now.version))


@kept(30)
def _differences(now: Shown, number: int) -> dict[str, Compared]:
    there = _groups(now, number)
    rows = data.at(now.version, "la", now.staff_group, now.phase, now.period)
    about = _indicators(now).set_index("code")
    rows = rows[rows["indicator"].isin(about.index)]
    sign = rows["indicator"].map(about["better"]).map({"lower": -1.0}).fillna(1.0)
    rows = rows.assign(code=rows["area_code"], movement=sign * (rows["value"] - rows["baseline"]))
    mine, others = rows["code"].isin(there.at_work), rows["code"].isin(there.without)
    return {
        code: compared(rows[mine & (rows["indicator"] == code)], rows[others & (rows["indicator"] == code)])
        for code in about.index
    }


def _indicators(now: Shown) -> pd.DataFrame:
    known = of_priority(now, PRIORITY)
    return known[known["unit"] == "percent"]


@view(0, "partnerships", show=SHEET)  # kept below, since it changes with each edit and not only with the figures
def with_and_without(now: Shown) -> Figure | None:
    """How indicators moved with and without active partnership work; None where no indicator has enough pairs."""
    return _figure(now, edit_shown(now.version))


@kept(30)
def _figure(now: Shown, number: int) -> Figure | None:
    asked = among(now)
    if not has_moved(asked):
        return None
    found, there = _differences(asked, number), _groups(asked, number)
    if not any(each.enough for each in found.values()):
        return None
    counted = f"{len(there.at_work)} authorities with and {len(there.without)} without active partnership work"
    rows = data.at(asked.version, "la", asked.staff_group, asked.phase, asked.period)
    context = partnerships.context(asked, counted, pd.DataFrame({"illustrative": [there.illustrative]}))
    known = _indicators(asked)
    sources = "Partnership register, and the figures of local authorities"
    context = replace(
        context,
        staff_label=asked.staff_label,
        source=sources,
        illustrative=there.illustrative or bool(data.reference(asked.version).illustrative),
    )
    own = known.loc[known["code"].isin(register_figures.INDICATORS), "short_title"]
    return paired_differences(found, known, context, since=base(asked)[1], own=list(own)) if len(rows) else None


def why_none(now: Shown) -> str:
    """Why nothing is compared, and what to do."""
    return _why_none(now, edit_shown(now.version))


@kept(30)
def _why_none(now: Shown, number: int) -> str:
    asked = among(now)
    if not has_moved(asked):
        return f"{now.period_label} does not come after the baseline, {base(asked)[1]}. Choose a later period."
    there = groups(now)
    most = max((each.pairs for each in differences(now).values()), default=0)
    with_ = words.plural(len(there.at_work), "authority", "authorities")
    return (
        f"{asked.area} has {with_} with active partnership work and {len(there.without)} without, of which at most "
        f"{words.plural(most, 'pair')} could be matched: too few to compare ({LIMITS.pairs} at least). "
        "Choose all regions, all staff or a later period."
    )


def who(now: Shown) -> pd.DataFrame:
    """The authorities with active partnership work, for people: Authority, Partnerships at work."""
    return _who(among(now), edit_shown(now.version))


@kept(30)
def _who(now: Shown, number: int) -> pd.DataFrame:
    there, names = groups(now), partnerships.there(now.version).authorities
    called = partnerships.names(now)
    rows = [
        (names[la], words.joined([called.get(each, each) for each in listed])) for la, listed in there.at_work.items()
    ]
    return pd.DataFrame(sorted(rows), columns=["Authority", "Partnerships at work"])
