"""Real files that others made: what comes in is what stands in them."""

import csv
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine

from data_access import queries
from data_access.engine import reading
from data_access.values import area_values, at_period
from tests.data_access.files import load

pytestmark = pytest.mark.usefixtures("shared")


def raw_totals(absence: Path, **wanted: str) -> tuple[int, int]:
    """Absent and possible sessions over the year's total rows of the raw file."""
    with absence.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["term"] == "Total"]
    rows = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    return sum(int(row["sess_overall"]) for row in rows), sum(int(row["sess_possible"]) for row in rows)


def one(engine: Engine, level: str, indicator: str, period: str, area: str, **choice: str) -> pd.Series:
    with reading(engine) as connection:
        frame = area_values(connection, level, indicator=indicator, **choice)
    return frame[(frame["period"] == period) & (frame["area_code"] == area)].iloc[0]


def test_absence_becomes_an_extra_indicator(engine: Engine, absence: Path) -> None:
    report = load(engine, absence, "absence_by_term", meta=absence.with_suffix(".meta.csv"))
    assert (report.rows, report.new_indicators) == (9680, ["overall_absence"])
    assert report.ignored["rows whose term the mapping leaves out"] == 9680 * 3 // 4
    # Inner and Outer London would count London twice.
    halves = report.ignored["Inner and Outer London rows: parts of London, not regions"]
    assert halves == 2 * 3 * 5
    assert report.observations == 9680 // 4 - halves

    with reading(engine) as connection:
        about = queries.indicators(connection).set_index("code")
        assert len(about) == 34
        assert about.loc["overall_absence", "outcome"] is None
        assert about.loc["overall_absence", "better"] == "lower"

    year = {"geographic_level": "Local authority", "time_period": "201617"}
    camden = one(engine, "la", "overall_absence", "2016/17", "202")
    absent, possible = raw_totals(absence, old_la_code="202", **year)
    assert (absent, possible) == (154750 + 163334 + 10828, 3564402 + 2847921 + 87146)
    assert (camden["numerator"], camden["denominator"]) == (absent, possible)
    assert camden["value"] == pytest.approx(100 * absent / possible)
    assert (camden["status"], camden["reason"]) == ("none", "no target")

    special = one(engine, "la", "overall_absence", "2016/17", "202", phase="special")
    assert special["value"] == pytest.approx(100 * 10828 / 87146)

    england = one(engine, "england", "overall_absence", "2016/17", "E92000001")
    absent, possible = raw_totals(absence, **year)
    assert (england["numerator"], england["denominator"]) == (absent, possible)
    assert england["lower"] < england["value"] < england["upper"]

    london = one(engine, "region", "overall_absence", "2016/17", "E12000007")
    halves = [raw_totals(absence, region_code=code, **year) for code in ("E13000001", "E13000002")]
    assert (london["numerator"], london["denominator"]) == tuple(map(sum, zip(*halves, strict=True)))


def test_absence_again_changes_nothing(engine: Engine, absence: Path) -> None:
    first = load(engine, absence, "absence_by_term")
    second = load(engine, absence, "absence_by_term")
    assert (second.new, second.revised, second.unchanged) == (0, 0, first.observations)
    assert (second.data_version, second.import_id) == (None, None)
    assert "there already" in str(second)
    assert one(engine, "la", "overall_absence", "2016/17", "202")["denominator"] == 3564402 + 2847921 + 87146


@pytest.mark.parametrize(
    ("name", "indicator", "series"),
    [
        ("npq_school_coverage", "npq_schools", [47.4, 71.1, 83.3, 88.4]),
        ("npq_participants", "npq_participation", [5.5, 6.3, 7.1, 4.5]),
    ],
)
def test_npq_rates_show_as_published(
    engine: Engine, published: Path, name: str, indicator: str, series: list[float]
) -> None:
    report = load(engine, published / "cpd" / f"{name}_2024-25.first5.csv", name)
    assert (report.rows, report.observations, sum(report.ignored.values())) == (5, 4, 1)
    with reading(engine) as connection:
        frame = area_values(connection, "england", indicator=indicator).sort_values("period")
        assert at_period(frame, "2022/23", pd.Series({indicator: "year"}))["value"].tolist() == [series[1]]
        assert area_values(connection, "region", indicator=indicator)["value"].isna().all()
    assert frame["period"].tolist() == ["2021/22", "2022/23", "2023/24", "2024/25"]
    assert frame["value"].tolist() == series
    assert frame["published_rate"].all()
    assert frame[["lower", "upper", "n_eff", "numerator"]].isna().all(axis=None)
    assert (frame["status"] == "none").all()


def test_levels_not_held_are_counted_and_schools_load(engine: Engine, published: Path) -> None:
    from tests.data_access.published import import_pair

    folder = published / "ees_screener"
    report = import_pair(engine, folder / "passes_everything.csv")
    with (folder / "passes_everything.csv").open(encoding="utf-8-sig", newline="") as file:
        levels = pd.Series([row["geographic_level"] for row in csv.DictReader(file)]).value_counts()
    held = ["National", "Regional", "Local authority", "School"]
    for level, count in levels.drop(held, errors="ignore").items():
        assert report.ignored[f"{level} rows: a level not held here"] == count
    assert report.new_schools > 0
