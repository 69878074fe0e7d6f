"""The tables that the API answers with: figures piece by piece, and what indicators, areas and periods there are.

Figures come from data_access.values, so what is suppressed on a page is suppressed here.
"""

from collections.abc import Iterable, Iterator

import pandas as pd

from data_access import areas, audit, values
from data_access.access import Viewer
from data_access.engine import get_engine, reading
from exports import shown
from exports.api.columns import OF
from exports.api.parameters import (
    AREA_LEVEL,
    INDICATOR,
    LA,
    LEVEL,
    PERIOD,
    PHASE,
    REGION,
    STAFF_GROUP,
    NotUnderstood,
    Values,
    one,
)
from exports.frames import Reference
from exports.shown import ENGLAND, Shown
from exports.views import data


def of(name: str, asked: Values, version: int, viewer: Viewer) -> Iterator[pd.DataFrame]:
    """The rows of a table ('indicators' | 'areas' | 'periods' | 'values') at a data version, in pieces.

    Columns as in exports.api.columns. Raises UnknownCode, NotUnderstood and NotAllowed when the first piece is asked
    for at the latest.
    """
    make = {"indicators": _indicators, "areas": _areas, "periods": _periods}
    if name == "values":
        return _values(asked, version, viewer)
    return iter([_finished(make[name](asked, version), name, version)])


def whole_indicator(asked: Values, version: int) -> tuple[Shown, str, str] | None:
    """What is shown, the level and the indicator, where all figures of one indicator of one level are asked for.

    None where it is more, or less; raises UnknownCode.
    """
    if {PERIOD.name, REGION.name, LA.name} & set(asked) or len(asked.get(INDICATOR.name, ())) != 1:
        return None
    groups, phases = asked.get(STAFF_GROUP.name, (None,)), asked.get(PHASE.name, (None,))
    levels = asked.get(LEVEL.name, ("england",))
    if len(groups) > 1 or len(phases) > 1 or len(levels) > 1 or "school" in levels:
        return None
    _chosen(asked, data.reference(version))
    return _understood(asked, version, phase=phases[0], staff_group=groups[0]), levels[0], asked[INDICATOR.name][0]


def window(pieces: Iterable[pd.DataFrame], start: int, count: int) -> Iterator[pd.DataFrame]:
    """`count` rows of the pieces from row `start` (from 0) on; what comes later is not made."""
    for piece in pieces:
        if start < len(piece):
            cut = piece.iloc[start : start + count]
            yield cut
            count -= len(cut)
            if count <= 0:
                return
        start = max(0, start - len(piece))


def _finished(frame: pd.DataFrame, name: str, version: int) -> pd.DataFrame:
    return frame.assign(data_version=version)[list(OF[name])]


# Lists ---------------------------------------------------------------------------------------------------


def _indicators(asked: Values, version: int) -> pd.DataFrame:
    known = data.reference(version)
    found = known.indicators.drop(columns="source").merge(
        known.sources[["indicator", "source", "licence", "kind"]], how="left", left_on="code", right_on="indicator"
    )
    found["staff_groups"] = found["staff_groups"].str.join("|")
    chosen = _chosen(asked, known)
    return found if chosen is None else found[found["code"].isin(chosen)]


def _areas(asked: Values, version: int) -> pd.DataFrame:
    known = data.reference(version)
    found = data.areas(version).reset_index(drop=True)
    ons = dict(zip(known.authorities["code"], known.authorities["ons_code"], strict=True))
    found["ons_code"] = found["area_code"].map(ons).fillna(found["area_code"])  # ours are theirs, above authorities
    now = _understood(asked, version)
    if AREA_LEVEL.name in asked:
        found = found[found["level"].isin(asked[AREA_LEVEL.name])]
        return _there(found, now)
    if now.la or now.region:
        found = _there(found[found["level"] != "england"], now)
    return found


def _periods(_asked: Values, version: int) -> pd.DataFrame:
    return data.reference(version).periods


# Figures -------------------------------------------------------------------------------------------------


def _values(asked: Values, version: int, viewer: Viewer) -> Iterator[pd.DataFrame]:
    """One piece a level, staff group and phase: what is held at once does not grow with how much is asked for."""
    known = data.reference(version)
    kinds = dict(zip(known.sources["indicator"], known.sources["kind"], strict=True))
    chosen = _chosen(asked, known)
    periods = [_understood(asked, version, period=period).period for period in asked.get(PERIOD.name, ())]
    views = [
        _understood(asked, version, phase=phase, staff_group=group)
        for group in asked.get(STAFF_GROUP.name, (None,))
        for phase in asked.get(PHASE.name, (None,))
    ]
    levels = asked.get(LEVEL.name, (views[0].level,))
    if "school" in levels:
        _check_schools(views[0], viewer)
    for now in dict.fromkeys(views):
        for level in levels:
            rows = _of_level(now, level, chosen, viewer, alone=len(views) == 1)
            if chosen is not None and level != "school":
                rows = rows[rows["indicator"].isin(chosen)]
            rows = _there(rows, now) if level != "school" else rows
            if periods:
                rows = _at(rows, periods, known)
            if len(rows):
                # Figures whose source is not known are taken for invented, as in what data_access publishes.
                yield _finished(
                    rows.assign(kind=rows["indicator"].map(kinds).fillna("illustrative")), "values", version
                )


def _of_level(now: Shown, level: str, chosen: list[str] | None, viewer: Viewer, *, alone: bool) -> pd.DataFrame:
    """All figures of a level. One selection is kept, as the pages keep it; of several none, so memory stays flat."""
    choice = {"staff_group": now.staff_group, "phase": now.phase}
    if level == "school":
        audit.schools_left(f"schools of {now.la}, API")
        with reading(get_engine()) as connection:
            return values.school_values(connection, chosen, la_code=now.la, **choice, as_at=now.version, viewer=viewer)
    if alone and chosen is not None and len(chosen) == 1:
        return data.of_indicator(now.version, level, now.staff_group, now.phase, chosen[0])
    if alone:
        return data.history(now.version, level, now.staff_group, now.phase)
    about = data.reference(now.version).indicators
    with reading(get_engine()) as connection:
        return values.area_values(connection, level, **choice, as_at=now.version, about=about)


def _check_schools(now: Shown, viewer: Viewer) -> None:
    """Raise NotUnderstood unless one authority is named, NotAllowed unless its schools may be seen."""
    if now.la is None:
        raise NotUnderstood("Schools are shown for one authority at a time.", "Add la= with its name or code.")
    viewer.check(now.la, str(now.la_name))


def _at(rows: pd.DataFrame, periods: list[str], known: Reference) -> pd.DataFrame:
    """The rows that answer for these periods, as on the pages; each once."""
    found = pd.concat([values.at_period(rows, period, known.frequency) for period in dict.fromkeys(periods)])
    return found.drop_duplicates(values.CELL) if len(periods) > 1 else found


def _there(rows: pd.DataFrame, now: Shown) -> pd.DataFrame:
    """The rows of England and of what lies in the area that is shown, or above it; rows: area_code, region_code."""
    if now.la:
        return rows[rows["area_code"].isin([ENGLAND, now.region, now.la])]
    if now.region:
        return rows[(rows["area_code"] == ENGLAND) | (rows["region_code"] == now.region)]
    return rows


def _chosen(asked: Values, known: Reference) -> list[str] | None:
    """The codes of the chosen indicators, None for all; raises UnknownCode."""
    given = asked.get(INDICATOR.name)
    for code in given or ():
        areas.check(code, known.indicators["code"], "indicator")
    return None if given is None else list(given)


def _understood(asked: Values, version: int, **said: str | None) -> Shown:
    """What the filters say, as an address of a page says it; raises UnknownCode."""
    place = {name.name: one(asked, name) for name in (REGION, LA)}
    return shown.understood({key: value for key, value in (place | said).items() if value is not None}, version)
