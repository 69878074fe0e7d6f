"""The invented figures: the same each time, and behaving as design/data.md asks."""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data_access import pooled, queries
from data_access.engine import get_engine, reading
from data_access.values import area_values
from measures.intervals import with_interval
from seed_data import reference, schools
from seed_data.illustrative import data_sets
from tests.conftest import sqlite_url

YEARS = ["2009/10", "2010/11", "2011/12"]
TINY = {"201", "420"}


def fingerprints(folder: Path) -> dict[str, str]:
    register = schools.invent(reference.authorities(), 300)
    titles = {group["code"]: group["title"] for group in reference.strategy()["staff_groups"]}
    found = {"register": hashlib.sha256(register.schools.to_csv().encode()).hexdigest()}
    for data_set in data_sets(reference.indicators(), reference.authorities(), register.schools, titles):
        for file in data_set.write(folder):
            found[file.name] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found


def test_the_generator_makes_the_same_bytes_twice(tmp_path: Path) -> None:
    first, second = fingerprints(tmp_path), fingerprints(tmp_path)
    assert first == second
    assert len(first) > 20


def test_no_invented_school_can_be_taken_for_a_real_one() -> None:
    register = schools.invent(reference.authorities(), 2280)
    assert register.schools["name"].str.startswith("Example ").all()
    assert register.schools["urn"].str.len().eq(7).all()  # real ones have six digits
    counts = register.schools["la_code"].value_counts()
    assert len(counts) == 152
    assert {code: int(counts[code]) for code in TINY} == dict.fromkeys(TINY, 1)
    assert 2200 < len(register.schools) < 2500


@pytest.fixture(scope="module")
def figures(full_database: Path) -> dict[str, pd.DataFrame]:
    """Published figures by level and by staff group, of the whole data set."""
    with reading(get_engine(sqlite_url(full_database))) as connection:
        found = {level: area_values(connection, level) for level in ("england", "region", "la")}
        for group in ("teachers", "support_staff", "catering", "school_leaders"):
            found[group] = area_values(connection, "region", staff_group=group)
        for phase in ("primary", "secondary"):
            found[phase] = area_values(connection, "region", phase=phase)
        found["about"] = queries.indicators(connection)
    return found


def table(frame: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Areas down, years across."""
    rows = frame[(frame["indicator"] == indicator) & frame["period"].isin(YEARS)]
    return rows.pivot(index="area_code", columns="period", values="value")


@pytest.mark.parametrize("level", ["region", "la"])
def test_differences_between_places_persist(figures: dict[str, pd.DataFrame], level: str) -> None:
    """One year's values say much about the next year's; one indicator may be stirred up by differences in pace."""
    about = figures["about"].query("collected_from == 'school' and frequency == 'year'")
    tables = {code: table(figures[level], code).dropna() for code in about["code"]}
    kept = pd.Series({code: values.corr().loc["2009/10", "2010/11"] for code, values in tables.items()})
    assert kept.median() > 0.5
    assert (kept > 0).mean() > 0.9
    assert min(values["2009/10"].std() for values in tables.values()) > 0  # there are differences to persist


@pytest.mark.parametrize(
    ("ahead", "behind", "indicator"),
    [("teachers", "support_staff", "reviewed"), ("school_leaders", "catering", "sen_trained")],
)
def test_differences_between_staff_groups_persist(
    figures: dict[str, pd.DataFrame], ahead: str, behind: str, indicator: str
) -> None:
    gap = table(figures[ahead], indicator) - table(figures[behind], indicator)
    assert (gap > 0).to_numpy().mean() > 0.95


def test_differences_between_phases_persist(figures: dict[str, pd.DataFrame]) -> None:
    codes = ["reviewed", "needs_met", "sen_trained"]
    gaps = [(table(figures["primary"], code) - table(figures["secondary"], code)).to_numpy() for code in codes]
    assert np.nanmean(np.concatenate(gaps)) > 1


def test_staff_of_one_school_resemble_each_other(full_database: Path) -> None:
    with reading(get_engine(sqlite_url(full_database))) as connection:
        of = {"staff_group": "all", "phase": "all", "indicator": None, "as_at": None}
        sums = pooled.cells(connection, ["england"], queries.indicators(connection), **of)
    for code in ("reviewed", "needs_met", "sen_trained"):
        assert with_interval(sums[sums["indicator"] == code])["deff"].min() > 1.3


def test_some_schools_do_not_answer(figures: dict[str, pd.DataFrame]) -> None:
    england = figures["england"]
    surveys = england[england["indicator"] == "reviewed"]
    assert surveys["coverage"].between(0.75, 0.97).all()
    low = figures["la"].query("indicator == 'reviewed' and reason == 'coverage below 50%'")
    assert 1 <= low["area_code"].nunique() <= 10


def test_tiny_authorities_are_suppressed_and_take_a_neighbour_with_them(figures: dict[str, pd.DataFrame]) -> None:
    rows = figures["la"].query("indicator == 'reviewed'")
    assert (rows[rows["area_code"].isin(TINY)]["symbol"].isin(["c", "x"])).all()
    hidden = rows[rows["symbol"] == "c"]
    assert set(hidden["area_code"]) >= TINY
    assert (hidden.groupby(["region_code", "period"]).size() >= 2).all()


def test_a_few_authorities_go_backwards(figures: dict[str, pd.DataFrame]) -> None:
    la, about = figures["la"], figures["about"].set_index("code")
    percent = [code for code in about.index if about.loc[code, "collected_from"] == "school"]
    percent = [
        code for code in percent if about.loc[code, "frequency"] == "year" and about.loc[code, "unit"] == "percent"
    ]
    moves = pd.DataFrame(
        {
            code: table(la, code).pipe(lambda t: t["2011/12"] - t["2009/10"])
            * (1 if about.loc[code, "better"] == "higher" else -1)
            for code in percent
        }
    )
    worse = (moves < 0).sum(axis=1) / moves.notna().sum(axis=1)
    assert 3 <= (worse > 0.7).sum() <= 15
    assert worse.median() < 0.25


def test_exactly_one_authority_is_late_in_the_last_year(figures: dict[str, pd.DataFrame]) -> None:
    la = figures["la"]
    last = la[la["period"].str.startswith("2011/12")]
    nothing = last.groupby("area_code")["symbol"].apply(lambda symbols: symbols.isin(["x"]).all())
    assert nothing.sum() == 1
    before = la[la["period"].str.startswith("2010/11") & (la["area_code"] == nothing.idxmax())]
    assert before["value"].notna().mean() > 0.8


def test_administrative_indicators_come_by_term(figures: dict[str, pd.DataFrame]) -> None:
    about, england = figures["about"].set_index("code"), figures["england"]
    termly = about[about["frequency"] == "term"]
    assert set(termly["evidence_kind"]) == {"administrative"}
    for code in termly.index:
        assert sorted(england.loc[england["indicator"] == code, "period"]) == sorted(
            f"{year} {name}" for year in YEARS for name in ("autumn", "spring", "summer")
        )


def test_england_starts_near_each_baseline_and_moves_towards_its_target(figures: dict[str, pd.DataFrame]) -> None:
    england = figures["england"].set_index(["indicator", "period"])["value"]
    right_way = []
    for definition in reference.indicators():
        if definition.scope != "England":
            continue
        end = " summer" if definition.frequency == "term" else ""
        start, last = england[definition.code, YEARS[0] + end], england[definition.code, YEARS[2] + end]
        assert definition.illustrative_baseline is not None
        assert definition.target is not None
        way = definition.target.value - definition.illustrative_baseline
        assert abs(start - definition.illustrative_baseline) < max(0.35 * abs(way), 4), definition.code
        right_way.append((last - start) * way > 0)
    assert np.mean(right_way) > 0.9
