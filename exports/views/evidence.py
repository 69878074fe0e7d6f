"""Evidence: what bears on an area and its outcomes, the gaps, and the case studies on a map."""

import pandas as pd

from charts.case_map import map_figure
from charts.evidence_matrix import evidence_matrix as matrix
from charts.figure import Context, Figure
from charts.geometry import middle_of
from data_access import edits, queries, versions
from data_access import evidence as registered
from data_access.engine import get_engine, reading
from data_access.once import once
from data_access.periods import last_day
from exports.kept import kept
from exports.shown import ENGLAND, Shown
from exports.views import data, figures
from exports.views.registry import view
from measures import evidence, words
from measures.strength import with_strength
from seed_data import reference as files


@once
def edit_shown(version: int) -> int:
    """The edit as of which registers are shown at a data version: the latest one, unless an earlier one is shown."""
    with reading(get_engine()) as connection:
        current = versions.current_version(connection)
        return edits.current(connection) if version >= current else edits.at(connection, version)


@kept(6)
def register(number: int) -> pd.DataFrame:
    """Every entry as it stood after an edit: data_access.evidence.register."""
    with reading(get_engine()) as connection:
        return registered.register(connection, number)


@kept(4)
def area_names(version: int) -> dict[str, str]:
    """The code of England, of each region and authority → its name."""
    there = data.areas(version)
    return dict(zip(there["area_code"], there["area"], strict=True))


@kept(4)
def within(version: int) -> dict[str, str]:
    """An authority's code → its region's, a region's → England's."""
    known = data.reference(version)
    regions = dict.fromkeys(known.regions["code"], ENGLAND)
    return regions | dict(zip(known.authorities["code"], known.authorities["region_code"], strict=True))


def everything(now: Shown) -> pd.DataFrame:
    """Every entry, the latest first, with strength and why (measures.strength) as at the end of the period."""
    return _judged(now.version, now.period, edit_shown(now.version))


@kept(20)
def _judged(version: int, period: str, number: int) -> pd.DataFrame:
    position = data.reference(version).periods.set_index("code")["position"][period]
    return with_strength(register(number), last_day(float(position)))


def bearing(now: Shown) -> pd.DataFrame:
    """The rows of `everything` that bear on the chosen area, with near (measures.evidence.bearing_on)."""
    return _bearing(now, edit_shown(now.version))


@kept(60)
def _bearing(now: Shown, number: int) -> pd.DataFrame:
    return evidence.bearing_on(_judged(now.version, now.period, number), now.area_code, within(now.version))


def by_outcome(now: Shown, outcomes: tuple[str, ...] | None = None) -> pd.DataFrame:
    """The evidence for each outcome in the chosen area: measures.evidence.by_outcome; outcomes: None for all.

    An outcome without any has one row that says so.
    """
    asked = outcomes or tuple(data.reference(now.version).outcomes["code"])
    return evidence.by_outcome(bearing(now), asked, now.area)


def summary(now: Shown) -> str:
    """'26 entries bear on London: 4 about it as a whole, 2 about a part of it and 8 about a wider area'."""
    near = bearing(now)["near"].value_counts()
    said = [f"{near[code]} {text}" for code, text in evidence.NEARNESS.items() if code in near]
    total = int(near.sum())
    bears = f"{words.plural(total, 'entry bears', 'entries bear')} on {now.area}"
    return f"{bears}: {words.joined(said)}" if total else bears


@view(0, "evidence")  # kept below, since it changes with each edit and not only with the figures
def evidence_matrix(now: Shown, priority: str | None = None) -> Figure:
    """Outcome × kind: how much evidence bears on the chosen area, and how strong it is; of one priority or all."""
    return _matrix(now, edit_shown(now.version), priority)


@kept(60)
def _matrix(now: Shown, number: int, priority: str | None) -> Figure:
    known, found = data.reference(now.version), _bearing(now, number)
    shorts = known.priorities.set_index("code")["short"]
    outcomes = known.outcomes.assign(priority_short=known.outcomes["priority"].map(shorts))
    outcomes = outcomes if priority is None else outcomes[outcomes["priority"] == priority]
    context = _context(
        now,
        place=now.area,
        period=now.period_label,
        source="Evidence register",
        counted=words.plural(len(found), "entry", "entries"),
        illustrative=bool(found["illustrative"].any()),
    )
    return matrix(evidence.by_outcome(found, list(outcomes["code"]), now.area), outcomes, context)


def _context(now: Shown, *, place: str, period: str, source: str, counted: str, illustrative: bool) -> Context:
    return Context(
        place=place,
        period_label=period,
        staff_label="",
        comparator="",
        source=source,
        coverage_text=counted,
        data_version=str(now.version),
        date_text=words.day(data.reference(now.version).made_at),
        illustrative=illustrative,
    )


# Case studies --------------------------------------------------------------------------------------------


@kept(4)
def case_studies(version: int) -> pd.DataFrame:
    """The strategy's case studies, by priority and title.

    Also priority_short, area (its name), features as a list of codes, longitude and latitude: the middle of the local
    authority, or of the region where it is one; NaN where neither is named.
    """
    known, names = data.reference(version), area_names(version)
    with reading(get_engine()) as connection:
        found = queries.case_studies(connection)
    middles = known.authorities[["code", "longitude", "latitude"]].itertuples(index=False, name=None)
    points: dict[str, tuple[float, float]] = {code: (east, north) for code, east, north in middles}
    points |= {feature["code"]: middle_of(feature) for feature in figures.features("region", version)}
    codes = found["la_code"].fillna(found["region_code"])
    nowhere = (float("nan"), float("nan"))
    return found.assign(
        priority_short=found["priority"].map(known.priorities.set_index("code")["short"]),
        features=found["features"].str.split("|").astype(object),
        area=codes.map(names).fillna(""),
        longitude=[points.get(code, nowhere)[0] for code in codes],
        latitude=[points.get(code, nowhere)[1] for code in codes],
    )


def cases_with(version: int, feature: str | None, priority: str | None) -> pd.DataFrame:
    """The case studies that show a feature and serve a priority; None: any."""
    found = case_studies(version)
    shows = pd.Series([feature is None or feature in codes for codes in found["features"]], index=found.index)
    return found[shows & ((found["priority"] == priority) | (priority is None))]


@view(60, "evidence")
def case_map(now: Shown, feature: str | None = None, priority: str | None = None) -> Figure:
    """The case studies that show a feature and serve a priority, on a map of England."""
    priorities = data.reference(now.version).priorities
    found, everyone = cases_with(now.version, feature, priority), case_studies(now.version)
    context = _context(
        now,
        place="England",
        period="",
        source=words.joined(sorted(set(everyone["source"]))),
        counted=f"{len(found)} of {words.plural(len(everyone), 'case study', 'case studies')}",
        illustrative=False,
    )
    tags = files.effective_features()
    return map_figure(
        found,
        dict(zip(priorities["code"], priorities["short"], strict=True)),
        figures.features("region", now.version),
        context,
        tags,
        what=", ".join(filter(None, [tags.get(feature or ""), priorities.set_index("code")["short"].get(priority)])),
        of=len(everyone),
    )
