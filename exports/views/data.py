"""The frames behind figures, kept in memory for each data version; every figure comes from data_access.values."""

import pandas as pd

from data_access import neighbours as listed
from data_access import queries, schools, values, versions
from data_access.access import Viewer
from data_access.engine import get_engine, reading
from data_access.migrate import ready
from data_access.once import once
from exports import frames
from exports.frames import Reference
from exports.kept import kept
from measures import gaps, words


@once
def current_version() -> int:
    """The data version that pages show; raises DatabaseProblem where there is none."""
    return ready(get_engine())


def version_at(given: str) -> int:
    """The data version that a number or a date names; raises UnknownCode."""
    with reading(get_engine()) as connection:
        return versions.resolve(connection, given)


@kept(4)
def reference(version: int) -> Reference:
    """The reference frames of a data version."""
    return frames.reference(version)


@kept(60)
def history(version: int, level: str, staff_group: str, phase: str) -> pd.DataFrame:
    """Figures of all areas of a level, all indicators, all periods: data_access.values.area_values."""
    if level == "la":
        return _figures(version, (level,), staff_group, phase)
    rows = _england_and_regions(version, staff_group, phase)
    return rows[rows["level"] == level].reset_index(drop=True)


@kept(2)
def _england_and_regions(version: int, staff_group: str, phase: str) -> pd.DataFrame:
    """Both, since no page shows one without the other and they come in one pass."""
    return _figures(version, ("england", "region"), staff_group, phase)


def _figures(version: int, levels: tuple[str, ...], staff_group: str, phase: str) -> pd.DataFrame:
    about = reference(version).indicators
    with reading(get_engine()) as connection:
        return values.area_values(connection, *levels, staff_group=staff_group, phase=phase, as_at=version, about=about)


@kept(240)
def of_indicator(version: int, level: str, staff_group: str, phase: str, indicator: str) -> pd.DataFrame:
    """The rows of `history` of one indicator."""
    rows = history(version, level, staff_group, phase)
    return rows[rows["indicator"] == indicator]


@kept(300)
def of_area(version: int, level: str, staff_group: str, phase: str, area_code: str) -> pd.DataFrame:
    """The rows of `history` of one area."""
    rows = history(version, level, staff_group, phase)
    return rows[rows["area_code"] == area_code]


@kept(120)
def at(version: int, level: str, staff_group: str, phase: str, period: str) -> pd.DataFrame:
    """The same for one period: one row an area × indicator."""
    return values.at_period(history(version, level, staff_group, phase), period, reference(version).frequency)


def authority_of_school(version: int, urn: str) -> str | None:
    """The name of the authority whose school a URN is, as data_access.schools.authority_of says."""
    with reading(get_engine()) as connection:
        code = schools.authority_of(connection, urn)
    names = reference(version).authorities.set_index("code")["name"]
    return None if code is None else str(names[code])


@kept(4)
def school_counts(version: int, viewer: Viewer) -> dict[str, int]:
    """How many schools each authority has whose schools the viewer may see."""
    with reading(get_engine()) as connection:
        return schools.counts(connection, as_at=version, viewer=viewer)


@kept(4)
def neighbours(version: int) -> pd.DataFrame:
    """The statistical neighbours of every authority: data_access.neighbours."""
    with reading(get_engine()) as connection:
        return listed.neighbours(connection, versions.earlier(connection, version))


@kept(4)
def similar(version: int) -> pd.DataFrame:
    """All other authorities by how much they are like each: data_access.neighbours."""
    with reading(get_engine()) as connection:
        return listed.similar(connection, versions.earlier(connection, version))


@kept(60)
def trends(version: int, level: str, staff_group: str, phase: str, until: str | None = None) -> pd.DataFrame:
    """The trend marker of every area of a level and indicator: measures.trends.with_trend.

    until: the code of the last period that counts; None: of all periods.
    """
    return frames.trends(reference(version), history(version, level, staff_group, phase), until)


@kept(24)
def spread(version: int, staff_group: str, phase: str, period: str) -> pd.DataFrame:
    """How far all authorities lie apart on each indicator: measures.gaps.spread."""
    return gaps.spread(at(version, "la", staff_group, phase, period))


@kept(24)
def beside(version: int, level: str, staff_group: str, phase: str, period: str) -> pd.DataFrame:
    """The rows of `at` with what each is set against: exports.frames.beside; of authorities with their neighbours."""
    markers = trends(version, level, staff_group, phase, period)
    rows, others = history(version, level, staff_group, phase), neighbours(version) if level == "la" else None
    return frames.beside(reference(version), rows, period, markers, others)


@kept(4)
def targets(version: int) -> pd.DataFrame:
    """Targets and stored trajectory points: data_access.queries.targets."""
    with reading(get_engine()) as connection:
        return queries.targets(connection, versions.earlier(connection, version))


@kept(4)
def published_facts(version: int) -> pd.DataFrame:
    """Published facts as a table for people."""
    with reading(get_engine()) as connection:
        facts = queries.published_facts(connection)
    figures = [_with_unit(f"{value:,.10g}", unit) for value, unit in zip(facts["value"], facts["unit"], strict=True)]
    return pd.DataFrame(
        {
            "What": facts["title"],
            "Figure": figures,
            "When": facts["period"].fillna(""),
            "Where": facts["scope"],
            "Source": facts["source"],
            "Note": facts["note"].fillna(""),
        }
    )


def _with_unit(number: str, unit: str) -> str:
    """'£2,400', '55.2%', '390 people'."""
    return {"GBP": f"£{number}", "percent": f"{number}%"}.get(unit, f"{number} {unit}")


@kept(4)
def areas(version: int) -> pd.DataFrame:
    """England, the regions and the authorities: area_code, area, short, level, region_code; indexed by area."""
    there = reference(version)
    england = pd.DataFrame([{"area_code": "E92000001", "area": "England", "short": "ENG", "level": "england"}])
    regions = there.regions.rename(columns={"code": "area_code", "name": "area"})
    authorities = there.authorities.rename(columns={"code": "area_code", "name": "area"})
    frame = pd.concat(
        [
            england.assign(region_code=None),
            regions.assign(level="region", region_code=regions["area_code"]),
            authorities.assign(level="la", short=authorities["area"].map(words.short_name)),
        ],
        ignore_index=True,
    )[["area_code", "area", "short", "level", "region_code"]]
    return frame.set_index("area", drop=False)
