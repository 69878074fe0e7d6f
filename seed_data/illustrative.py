"""Invented figures that behave like the real thing, as EES files: made from each indicator's baseline and target.

Deterministic. Differences between regions, LAs, phases and staff groups persist over time; staff of one school resemble
each other; some schools do not answer; a few LAs go backwards; one reports late. None of it says anything about a real
place.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv
from scipy.special import expit, logit

from data_access.definitions import IndicatorDefinition
from data_access.files.mapping import FilterMapping, IndicatorMapping, Mapping
from data_access.periods import TERMS, Period, academic_year, term

YEARS = (2009, 2010, 2011)
SEED = 2012
SOURCE = "Made by this program, not collected"
LICENCE = "Illustrative: free to use, says nothing about any real place"
SHARES = {  # of a school's staff, roughly
    "early_career_teachers": 0.12,
    "experienced_teachers": 0.34,
    "school_leaders": 0.08,
    "pupil_support": 0.26,
    "specialist_technical": 0.04,
    "administration": 0.07,
    "catering": 0.05,
    "site": 0.04,
}
TEACHERS = ("early_career_teachers", "experienced_teachers", "school_leaders")
SHARE_OF = SHARES | {"all": 1.0, "teachers": 0.54, "support_staff": 0.46}
GROUP_EFFECT = {
    "teachers": 0.2,
    "support_staff": -0.25,
    "catering": -0.7,
    "site": -0.6,
    "administration": -0.2,
    "school_leaders": 0.5,
}
PACE = {"1": 1.32, "2": 0.95, "3": 1.14}  # how fast each priority moves: 1 follows the straight line
BACKWARDS, LATE = 5, 1  # how many authorities
PER_SCHOOL = {"PD activities": 14, "PD decisions reviewed": 9}
PER_AUTHORITY = {
    "PD offers": 60,
    "Active clusters": 14,
    "CPD leaders": 90,
    "External provision": 35,
    "Teachers in post": 1900,
}


@dataclass(frozen=True)
class Frame:
    """Everything that a data set is drawn over: units (schools or LAs) with their persistent traits."""

    units: pd.DataFrame  # code, la_code, region_code, phase, headcount, la_position
    region: np.ndarray  # effect of the unit's region, logit scale
    la: np.ndarray
    own: np.ndarray  # the unit's own effect
    pace: np.ndarray  # its LA's pace
    response: np.ndarray  # its LA's chance of answering a survey
    late: np.ndarray  # True where its LA has not reported the last year


@dataclass(frozen=True)
class DataSet:
    """One file with its meta file and mapping."""

    name: str
    rows: pd.DataFrame
    meta: pd.DataFrame
    mapping: Mapping

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write both files; returns their paths."""
        data, meta = folder / f"{self.name}.csv", folder / f"{self.name}.meta.csv"
        for frame, path in ((self.rows, data), (self.meta, meta)):
            table = pa.Table.from_pandas(frame, preserve_index=False)
            csv.write_csv(table, path, csv.WriteOptions(quoting_style="needed"))
        return data, meta


def traits(authorities: pd.DataFrame, schools: pd.DataFrame | None) -> Frame:
    """Units with their traits: schools of a register, or the authorities themselves where schools is None."""
    rng = np.random.default_rng(SEED)
    las = len(authorities)
    regions = authorities["region_code"].astype("category").cat.codes.to_numpy()
    region = rng.normal(0, 0.08, 9)
    la = rng.normal(0, 0.13, las)
    pace = rng.normal(1, 0.2, las)
    response = np.clip(rng.beta(18, 2, las), 0, 1)
    big = np.flatnonzero(~authorities["code"].isin(["201", "420"]))
    chosen = rng.choice(big, BACKWARDS + LATE + 2, replace=False)
    pace[chosen[:BACKWARDS]] = rng.uniform(-0.9, -0.4, BACKWARDS)
    late = np.zeros(las, dtype=bool)
    late[chosen[BACKWARDS : BACKWARDS + LATE]] = True
    response[chosen[-2:]] = 0.38  # two answer so little that nothing can be judged
    position = np.arange(las) if schools is None else pd.Index(authorities["code"]).get_indexer(schools["la_code"])
    units = (
        authorities.assign(la_code=authorities["code"], phase="all", headcount=0)
        if schools is None
        else schools.rename(columns={"urn": "code"}).assign(region_code=authorities["region_code"].to_numpy()[position])
    )
    own = rng.normal(0, 0.55, len(units)) if schools is not None else np.zeros(las)
    return Frame(
        units.reset_index(drop=True),
        region[regions][position],
        la[position],
        own,
        pace[position],
        response[position],
        late[position],
    )


def data_sets(
    definitions: list[IndicatorDefinition], authorities: pd.DataFrame, schools: pd.DataFrame, titles: dict[str, str]
) -> Iterator[DataSet]:
    """The files, one per collection: same units, frequency, kind of evidence and staff groups.

    titles: staff group → title.
    """
    frames = {"school": traits(authorities, schools), "la": traits(authorities, None)}
    collections: dict[tuple[str, str, str, str, tuple[str, ...]], list[IndicatorDefinition]] = {}
    for definition in definitions:
        key = (
            definition.collected_from,
            definition.evidence_kind,
            definition.frequency,
            definition.scope,
            tuple(definition.staff_groups),
        )
        collections.setdefault(key, []).append(definition)
    for (unit, kind, frequency, scope, groups), members in collections.items():
        who = (
            "all-staff"
            if groups == ("all",)
            else "by-role"
            if len(groups) > 2
            else "-and-".join(groups).replace("_", "-")
        )
        name = f"illustrative_{unit}_{kind}_{frequency}_{who}" + ("" if scope == "England" else f"_{scope.lower()}")
        yield _data_set(name, frames[unit], members, unit, kind, frequency, scope, groups, authorities, titles)


def _periods(frequency: str) -> list[Period]:
    if frequency == "year":
        return [academic_year(year) for year in YEARS]
    return [term(year, name) for year in YEARS for name in TERMS]


def _data_set(name, frame, members, unit, kind, frequency, scope, groups, authorities, titles) -> DataSet:  # type: ignore[no-untyped-def]
    """Draw one collection: rows are unit × period × staff group, columns the numerators and denominators."""
    periods = _periods(frequency)
    rng = np.random.default_rng([SEED, *name.encode()])
    keep = np.ones(len(frame.units), dtype=bool)
    if scope != "England":
        keep = (
            frame.units["region_code"].to_numpy()
            == authorities.loc[authorities["region_name"] == scope, "region_code"].iloc[0]
        )
    count, shape = int(keep.sum()), (int(keep.sum()), len(periods), len(groups))
    last_year = np.array([period.position > YEARS[-1] for period in periods])
    answering = _answers(frame, keep, kind, unit, shape, last_year, rng)
    columns = {}
    for definition in members:
        numerator, denominator = draw(frame, keep, definition, periods, groups, rng)
        unanswered = rng.random(shape) < (0.015 if kind == "survey" else 0)
        for part, values in (("numerator", numerator), ("denominator", denominator)):
            written = pd.Series(values[answering]).astype(str)
            columns[f"{definition.code}_{part}"] = written.mask(unanswered[answering], "x")
    where = [
        axis[answering]
        for axis in np.broadcast_arrays(
            np.arange(count)[:, None, None],
            np.arange(len(periods))[None, :, None],
            np.arange(len(groups))[None, None, :],
        )
    ]
    rows = _identify(frame.units[keep].reset_index(drop=True), where, periods, groups, unit, authorities, titles)
    rows = pd.concat([rows, pd.DataFrame(columns)], axis=1)
    return DataSet(name, rows, _meta(members, titles), _mapping(name, members, groups, titles))


def _answers(
    frame: Frame,
    keep: np.ndarray,
    kind: str,
    unit: str,
    shape: tuple[int, ...],
    last_year: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Which unit × period × group rows exist: a unit answers a period for all groups or none."""
    chance = frame.response[keep] if kind in ("survey", "evaluation") else 0.5 + frame.response[keep] / 2
    chance = np.where(unit == "la", 0.985, chance)
    answered = rng.random(shape[:2]) < np.broadcast_to(chance, (shape[0],))[:, None]
    answered &= ~(frame.late[keep][:, None] & last_year[None, :])
    return np.broadcast_to(answered[:, :, None], shape)


def draw(
    frame: Frame,
    keep: np.ndarray,
    definition: IndicatorDefinition,
    periods: list[Period],
    groups: tuple[str, ...],
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Numerators and denominators, whole numbers, of unit × period × group.

    The expected share moves from baseline towards target on the logit scale at the LA's and the priority's pace.
    """
    assert definition.illustrative_baseline is not None
    assert definition.target is not None
    baseline, goal = definition.illustrative_baseline, definition.target.value
    units = int(keep.sum())
    pace = PACE[(definition.outcome or "3")[0]] * rng.normal(1, 0.2)
    progress = np.array([(period.position - periods_start()) / 2 for period in periods])
    noise = rng.normal(0, 0.15, 9)[frame.units["region_code"].astype("category").cat.codes.to_numpy()[keep]]
    local = rng.normal(0, 0.2, frame.units["la_code"].nunique())[
        frame.units["la_code"].astype("category").cat.codes.to_numpy()[keep]
    ]
    unit_effect = frame.region[keep] + frame.la[keep] + noise + local
    group_effect = np.array([GROUP_EFFECT.get(group, 0.0) for group in groups]) if len(groups) > 1 else np.zeros(1)
    phase_effect = (
        frame.units["phase"][keep].map({"primary": 0.06, "secondary": -0.1, "special": 0.12}).fillna(0).to_numpy()
    )
    moved = (pace * frame.pace[keep])[:, None] * progress[None, :]
    own = frame.own[keep] + rng.normal(0, 0.4 if frame.own.any() else 0.15, units)
    sign = 1 if definition.better == "higher" else -1
    level = (sign * (unit_effect + phase_effect + own))[:, None, None] + sign * group_effect[None, None, :]
    denominator = _denominators(frame, keep, definition, groups, len(periods), rng)
    if definition.unit != "percent":
        path = baseline + (goal - baseline) * moved
        rate = path[:, :, None] * np.exp(0.16 * (level - level.mean()))
        return np.maximum(0, np.round(denominator * rate)).astype(int), denominator
    low, high = logit(baseline / 100), logit(goal / 100)
    # Averaging over unequal units pulls a share towards one half; stretching the logit puts the mean back.
    share = expit((low + (high - low) * moved[:, :, None]) * np.sqrt(1 + 0.19 * level.var()) + level - level.mean())
    if denominator.max() == 1:
        steady = rng.random((units, 1, 1))  # a school that has a policy keeps it while the share rises
        return (steady < share).astype(int) * denominator, denominator
    return rng.binomial(denominator, share), denominator


def periods_start() -> float:
    """The end of the baseline year."""
    return float(YEARS[0] + 1)


def _denominators(
    frame: Frame,
    keep: np.ndarray,
    definition: IndicatorDefinition,
    groups: tuple[str, ...],
    periods: int,
    rng: np.random.Generator,
) -> np.ndarray:
    units = int(keep.sum())
    shape = (units, periods, len(groups))
    words = definition.denominator
    if definition.collected_from == "la":
        if words.startswith("LAs") or definition.code == "plan_aligned":
            return np.ones(shape, dtype=int)
        mean = next((size for start, size in PER_AUTHORITY.items() if words.lower().startswith(start.lower())), 40)
        size = np.maximum(4, rng.gamma(6, mean / 6, units))
        return np.maximum(3, rng.poisson(size[:, None, None], shape))
    if definition.denominator_counts == "schools" or "governing" in words.lower():
        return np.ones(shape, dtype=int)
    if definition.denominator_counts == "people" or definition.unit == "rate":
        staff = frame.units["headcount"].to_numpy()[keep]
        people = np.maximum(
            1, np.round(staff[:, None] * np.array([SHARE_OF[group] for group in groups])[None, :])
        ).astype(int)
        if definition.code == "inducted":
            people = np.maximum(1, people // 7)
        return np.broadcast_to(people[:, None, :], shape).copy()
    if definition.unit == "gbp":
        staff = frame.units["headcount"].to_numpy()[keep]
        return np.maximum(5, rng.poisson(staff[:, None, None] * 4.5, shape))
    mean = next((size for start, size in PER_SCHOOL.items() if words.startswith(start)), 12)
    return 2 + rng.poisson(mean, shape)


def _identify(
    units: pd.DataFrame,
    where: list[np.ndarray],
    periods: list[Period],
    groups: tuple[str, ...],
    unit: str,
    authorities: pd.DataFrame,
    titles: dict[str, str],
) -> pd.DataFrame:
    row, period, group = where
    time = np.array([f"{p.code[:4]}{p.code[5:7]}" for p in periods])
    identifier = np.array(
        ["Academic year" if p.kind == "year" else f"{p.code.split()[1].capitalize()} term" for p in periods]
    )
    la = authorities.set_index("code").loc[units["la_code"]].reset_index()
    made = {
        "time_period": time[period],
        "time_identifier": identifier[period],
        "geographic_level": "School" if unit == "school" else "Local authority",
        "country_code": "E92000001",
        "country_name": "England",
        "region_code": la["region_code"].to_numpy()[row],
        "region_name": la["region_name"].to_numpy()[row],
        "old_la_code": la["code"].to_numpy()[row],
        "new_la_code": la["ons_code"].to_numpy()[row],
        "la_name": la["name"].to_numpy()[row],
    }
    if unit == "school":
        made |= {
            "school_urn": units["code"].to_numpy()[row],
            "school_laestab": units["laestab"].to_numpy()[row],
            "school_name": units["name"].to_numpy()[row],
        }
    return pd.DataFrame(made | {"staff_group": np.array([titles[g] for g in groups])[group]})


def _meta(members: list[IndicatorDefinition], titles: dict[str, str]) -> pd.DataFrame:
    rows = [("staff_group", "Filter", "Staff group", "", "", "", "Illustrative data")]
    for definition in members:
        for part, label in (("numerator", definition.numerator), ("denominator", definition.denominator)):
            rows.append((f"{definition.code}_{part}", "Indicator", label, definition.short_title, "", "0", ""))
    return pd.DataFrame(
        rows,
        columns=[
            "col_name",
            "col_type",
            "label",
            "indicator_grouping",
            "indicator_unit",
            "indicator_dp",
            "filter_hint",
        ],
    )


def _mapping(name: str, members: list[IndicatorDefinition], groups: tuple[str, ...], titles: dict[str, str]) -> Mapping:
    return Mapping(
        data_set=name,
        source=SOURCE,
        licence=LICENCE,
        kind="illustrative",
        filters={"staff_group": FilterMapping(role="staff_group", values={titles[group]: group for group in groups})},
        indicators=[
            IndicatorMapping(indicator=d.code, numerator=f"{d.code}_numerator", denominator=f"{d.code}_denominator")
            for d in members
        ],
    )
