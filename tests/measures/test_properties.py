"""What must hold for any figures: the chain against its slow twin, mirrors, partitions, answers to bad input."""

from math import inf, isnan, nan
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy import insert

from data_access import queries, schema
from data_access.engine import get_engine, reading, writing
from data_access.values import MISSING_WORDS, area_values
from measures.comparison import compare, quartile, rank
from measures.intervals import with_interval
from measures.status import progress, summarise, with_status
from measures.sums import SUMS, six_sums
from measures.trajectory import expected
from measures.trends import with_trend
from tests.conftest import sqlite_url
from tests.measures.slow import (
    area_figure,
    coverage,
    inherited,
    judge,
    of_the_way,
    on_the_line,
    priority,
    versus,
    within,
)

REGION_OF = {"A": "north", "B": "north", "C": "south"}
FIGURES = ["value", "lower", "upper", "n_eff", "deff"]
TURNED = {"higher": "lower", "lower": "higher", None: None}
units = st.sampled_from(["percent", "rate", "gbp"])
directions = st.sampled_from(["higher", "lower", None])
whole = st.integers(0, 100).map(float)


@st.composite
def school_rows(draw: st.DrawFn, fewest: int = 1) -> list[dict]:
    """Schools of two regions; some did not report."""
    rows = []
    for unit in range(draw(st.integers(fewest, 14))):
        d = draw(st.integers(0, 200))
        n, la = draw(st.integers(0, d)), draw(st.sampled_from("ABC"))
        reported = draw(st.sampled_from([True, True, True, False]))
        counts = {"n": float(n), "d": float(d)} if reported else {"n": nan, "d": nan}
        rows.append(
            {"unit": unit, "la": la, "region": REGION_OF[la], "phase": draw(st.sampled_from(["primary", "special"]))}
            | counts
        )
    return rows


def sums(rows: list[dict], unit: str) -> pd.DataFrame:
    """The six sums of all rows, in one cell."""
    n, d = (np.array([row[name] for row in rows], dtype=float) for name in ("n", "d"))
    return six_sums(np.zeros(len(rows), dtype=int), 1, n, d).assign(unit=unit)


def measured(rows: list[dict], unit: str, level: float = 0.95) -> dict:
    return with_interval(sums(rows, unit), level).iloc[0].to_dict()


PLACES = [{"la": "A"}, {"region": "north"}, {}, {"phase": "special"}, {"region": "south", "phase": "primary"}]


@pytest.mark.parametrize("level", [0.95, 0.998])
@given(rows=school_rows(), unit=units, where=st.sampled_from(PLACES))
def test_a_figure_and_its_coverage_agree_with_the_slow_twin(
    level: float, rows: list[dict], unit: str, where: dict[str, str]
) -> None:
    mine = within(rows, **where)
    found, slow = measured(mine, unit, level), area_figure(rows, unit, level, **where)
    assert [found[name] for name in FIGURES] == pytest.approx(list(slow), rel=1e-6, abs=1e-5, nan_ok=True)
    assert found["units"] == pytest.approx(coverage(rows, **where) * len(mine) if mine else 0)


@st.composite
def judged(draw: st.DrawFn) -> dict:
    """One indicator of an area, from its schools to what is expected of it."""
    unit = draw(units)
    schools = draw(school_rows())
    points = [(2011.0, draw(whole)), (2012.0, draw(whole))][draw(st.integers(0, 1)) :]
    has_target, better = draw(st.sampled_from([True, True, True, False])), draw(directions)
    return {
        "shown": area_figure(schools, unit),
        "coverage": coverage(schools),
        "points": points if has_target else [],
        "baseline": draw(st.one_of(whole, st.just(nan))),
        "position": draw(st.sampled_from([2010.0, 2010 + 1 / 3, 2011.0, 2012.0])),
        "better": better,
    }


def close(row: dict) -> bool:
    """Whether rounding may decide the status."""
    return min(abs(row[name] - row["expected"]) for name in ("value", "lower", "upper")) < 1e-9


@given(made=st.lists(judged(), min_size=1, max_size=6))
def test_status_progress_and_counts_agree_with_the_slow_twin(made: list[dict]) -> None:
    rows = []
    for item in made:
        target = item["points"][-1][1] if item["points"] else nan
        line = on_the_line(item["baseline"], 2010.0, item["points"], item["better"], item["position"])
        fast = expected(
            np.array([item["baseline"]]), np.array([item["position"]]), 2010.0, item["points"], item["better"]
        )
        assert fast[0] == pytest.approx(line, abs=1e-9, nan_ok=True)
        row = {"value": item["shown"].value, "lower": item["shown"].lower, "upper": item["shown"].upper}
        row |= {"expected": line, "target": target, "is_baseline": item["position"] <= 2010, "missing": ""}
        rows.append(row | {name: item[name] for name in ("baseline", "coverage", "better")})
    found = with_status(pd.DataFrame(rows).astype({"better": object}))
    assert list(zip(found["status"], found["reason"], strict=True)) == [judge(row) for row in rows]
    ways = [of_the_way(row["value"], row["baseline"], row["target"]) for row in rows]
    assert found["progress"].tolist() == pytest.approx(ways, nan_ok=True)
    counts, middle = priority(found.to_dict("records"))
    summary = summarise(found)
    assert {name: getattr(summary, name) for name in counts} == counts
    assert summary.median_progress == pytest.approx(middle, nan_ok=True)


@given(rows=school_rows(), unit=units)
def test_an_interval_holds_its_value_and_the_wider_level_holds_the_narrower(rows: list[dict], unit: str) -> None:
    narrow, wide = measured(rows, unit, 0.95), measured(rows, unit, 0.998)
    assert narrow["value"] == wide["value"] or isnan(narrow["value"])
    if not isnan(narrow["lower"]):
        assert wide["lower"] <= narrow["lower"] <= narrow["value"] <= narrow["upper"] <= wide["upper"]
        assert unit != "percent" or (wide["lower"] >= 0 and wide["upper"] <= 100)


@given(rows=school_rows(fewest=2), unit=units)
def test_half_of_alike_schools_know_less(rows: list[dict], unit: str) -> None:
    """Of schools that come in pairs of alike ones, one of each pair has the same ratio and a wider interval."""
    half = [row for row in rows if row["d"] > 0]
    assume(len(half) >= 2)
    one, both = measured(half, unit), measured(half + half, unit)
    assert one["value"] == pytest.approx(both["value"])
    wide, narrow = (found["upper"] - found["lower"] for found in (one, both))
    assert wide > narrow or wide == narrow == pytest.approx(0, abs=1e-6)
    assert unit != "percent" or wide > narrow


@given(rows=school_rows(), labels=st.lists(st.integers(0, 3), min_size=14, max_size=14), unit=units)
def test_pooling_does_not_depend_on_how_schools_are_parted(rows: list[dict], labels: list[int], unit: str) -> None:
    parts: dict[int, list[dict]] = {}
    for row, label in zip(rows, labels, strict=False):
        parts.setdefault(label, []).append(row)
    added = pd.concat([sums(part, unit) for part in parts.values()])[SUMS].sum().to_frame().T.assign(unit=unit)
    pd.testing.assert_frame_equal(added, sums(rows, unit), check_dtype=False)
    found = with_interval(added).iloc[0].to_dict()
    assert found == pytest.approx(measured(rows, unit), nan_ok=True)


@given(item=judged(), extra=st.tuples(whole, whole, whole))
def test_a_mirrored_indicator_has_the_mirrored_line_status_and_progress(
    item: dict, extra: tuple[float, float, float]
) -> None:
    low, value, high = sorted(extra)
    better = item["better"]

    def judged_as(mirror: bool) -> pd.Series:
        def turn(x: float) -> float:
            return 100 - x if mirror else x

        way = TURNED[better] if mirror else better
        points = [(at, turn(y)) for at, y in item["points"]]
        baseline = turn(item["baseline"])
        line = expected(np.array([baseline]), np.array([item["position"]]), 2010.0, points, way)[0]
        row = {"value": turn(value), "lower": turn(high if mirror else low), "upper": turn(low if mirror else high)}
        row |= {"expected": round(line, 9), "baseline": baseline, "target": points[-1][1] if points else nan}
        row |= {"coverage": 1.0, "better": way, "is_baseline": False, "missing": ""}
        return with_status(pd.DataFrame([row]).astype({"better": object})).iloc[0]

    one, other = judged_as(False), judged_as(True)
    assert other["expected"] == pytest.approx(100 - one["expected"], abs=1e-9, nan_ok=True)
    assert other["progress"] == pytest.approx(one["progress"], nan_ok=True)
    # Whole numbers do not round; a third of the way does.
    assert (one["status"], one["reason"]) == (other["status"], other["reason"]) or close(one.to_dict())


@given(low=whole, high=whole, mark=whole, better=directions)
def test_a_mirrored_comparison_has_the_same_word(low: float, high: float, mark: float, better: str | None) -> None:
    low, high = sorted((low, high))
    word = compare(*(pd.Series([x]) for x in (low, high, mark)), pd.Series([better], dtype=object))[0]
    mirror = compare(*(pd.Series([100 - x]) for x in (high, low, mark)), pd.Series([TURNED[better]], dtype=object))[0]
    assert mirror == {"Higher": "Lower", "Lower": "Higher"}.get(word, word)
    against = compare(*(pd.Series([x]) for x in (low, high, mark)), pd.Series([TURNED[better]], dtype=object))[0]
    assert against == ({"Better": "Worse", "Worse": "Better"}.get(word, word))


@given(
    rows=st.lists(st.tuples(st.sampled_from("ij"), st.one_of(whole, st.just(nan))), min_size=1, max_size=20),
    better=st.sampled_from(["higher", "lower"]),
    turn=st.randoms(use_true_random=False),
)
def test_ranks_survive_new_names_and_another_order(rows: list[tuple[str, float]], better: str, turn) -> None:
    frame = pd.DataFrame(rows, columns=["indicator", "value"], index=[f"area {i}" for i in range(len(rows))])
    order = list(range(len(rows)))
    turn.shuffle(order)
    other = frame.iloc[order].rename(lambda name: name.upper()).replace({"indicator": {"i": "z", "j": "a"}})
    for measure in (rank, quartile):
        found = measure(frame["value"], better, frame["indicator"])
        again = measure(other["value"], better, other["indicator"])
        assert again.tolist() == pytest.approx(found.iloc[order].tolist(), nan_ok=True)


def series(shares: list[tuple[int, int]], better: str | None) -> pd.DataFrame:
    """Five years of (x, n)."""
    frame = pd.DataFrame([{"units": 1, "n": x, "d": n, "nn": x * x, "nd": x * n, "dd": n * n} for x, n in shares])
    years = [f"{2009 + i}/{10 + i}" for i in range(len(shares))]
    about = {"indicator": "i", "area_code": "a", "better": better, "coverage": 1.0}
    limits = {"trend_points": 5.0, "trend_confidence": 0.998, "minimum_coverage": 0.5}
    made = with_interval(frame.assign(unit="percent")).assign(**about, **limits).astype({"better": object})
    return made.assign(period=years, period_position=[2010.0 + i for i in range(len(shares))])


OPPOSITE = {"Improving": "Worsening", "Worsening": "Improving", "Increasing": "Decreasing", "Decreasing": "Increasing"}


@given(
    shares=st.lists(
        st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=4, max_size=5
    ),
    better=directions,
)
def test_a_trend_is_mirrored_with_time_and_with_the_count(shares: list[tuple[int, int]], better: str | None) -> None:
    row = with_trend(series(shares, better)).iloc[0]
    back = with_trend(series(shares[::-1], better)).iloc[0]
    others = with_trend(series([(n - x, n) for x, n in shares], TURNED[better])).iloc[0]
    for mirror in (back, others):
        assert mirror["trend_statistic"] == pytest.approx(row["trend_statistic"], rel=1e-6, abs=1e-9, nan_ok=True)
        assert mirror["slope_sign"] == pytest.approx(-row["slope_sign"], nan_ok=True)
    if not abs(row["trend_statistic"] - 9.549535706083241) < 1e-6:
        assert back["trend"] == OPPOSITE.get(row["trend"], row["trend"])
        assert others["trend"] == (row["trend"] if better else OPPOSITE.get(row["trend"], row["trend"]))


def test_the_illustrative_data_agree_with_the_slow_twin(small_copy: Path) -> None:
    """Expected values with targets of authority, region and England; statuses, progress, counts and comparison."""
    database = get_engine(sqlite_url(small_copy))
    own = [
        ("la", "202", "2011/12", 99.0),
        ("region", "E12000007", "2010/11", 10.0),
        ("region", "E12000007", "2011/12", 90.0),
    ]
    with writing(database) as connection:
        for level, code, period, value in own:
            connection.execute(
                insert(schema.target).values(
                    indicator="reviewed", area_level=level, area_code=code, period=period, value=value
                )
            )
    with reading(database) as connection:
        frame = area_values(connection, "la")
        england = area_values(connection, "england").set_index(["indicator", "period"])["value"].to_dict()
        targets: dict[str, dict[str, list[tuple[float, float]]]] = {}
        for row in queries.targets(connection).to_dict("records"):
            of = targets.setdefault(row["indicator"], {})
            of.setdefault(row["area_code"], []).append((row["position"], row["value"]))
    listed = frame.assign(better=frame["better"].astype(object).where(frame["better"].notna(), None)).to_dict("records")
    value = {(row["indicator"], row["area_code"], row["period"]): row["value"] for row in listed}
    goals = set()
    for row in listed:
        points = inherited(targets.get(row["indicator"], {}), row["area_code"], row["region_code"], "E92000001")
        start = "2009/10 summer" if " " in row["period"] else "2009/10"
        baseline = value.get((row["indicator"], row["area_code"], start), nan)
        line = on_the_line(baseline, 2010.0, points, row["better"], row["period_position"])
        assert row["baseline"] == pytest.approx(baseline, nan_ok=True)
        assert row["expected"] == pytest.approx(line, abs=1e-9, nan_ok=True)
        goal = sorted(points)[-1][1] if points else nan
        assert row["target"] == pytest.approx(goal, nan_ok=True)
        missing = MISSING_WORDS[row["symbol"]] if isnan(row["value"]) else ""
        said = judge(row | {"missing": missing, "is_baseline": row["period_position"] <= 2010})
        assert (row["status"], row["reason"]) == said
        assert row["progress"] == pytest.approx(of_the_way(row["value"], baseline, goal), nan_ok=True)
        goals.add((row["indicator"], goal))
    assert {("reviewed", 99.0), ("reviewed", 90.0)} < goals
    assert set(frame["status"]) == {"on_track", "at_risk", "off_track", "none"}
    marks = [england.get((row["indicator"], row["period"]), nan) for row in listed]
    words = compare(frame["lower"], frame["upper"], pd.Series(marks), frame["better"])
    assert list(words) == [
        versus(row["lower"], row["upper"], mark, row["better"]) for row, mark in zip(listed, marks, strict=True)
    ]
    one = frame[(frame["area_code"] == "202") & (frame["period"] == "2011/12")]
    counts, middle = priority(one.to_dict("records"))
    summary = summarise(one)
    assert {name: getattr(summary, name) for name in counts} == counts
    assert summary.median_progress == pytest.approx(middle, nan_ok=True)


anything = st.one_of(st.integers(-50, 500).map(float), st.sampled_from([nan, inf, -inf, 0.0, 0.5]))


@given(rows=st.lists(st.tuples(anything, anything, anything, units), min_size=1, max_size=4))
def test_no_counts_raise_an_error_or_make_a_figure_infinite(rows: list[tuple]) -> None:
    """Counts that cannot be have no value; others are pooled as ever."""
    made = pd.DataFrame(
        [{"units": k, "n": n, "d": d, "nn": n * n, "nd": n * d, "dd": d * d, "unit": unit} for k, n, d, unit in rows]
    )
    found = with_interval(made)
    assert not np.isinf(found[FIGURES].to_numpy(dtype=float)).any()
    impossible = (made["n"] < 0) | (made["d"] <= 0) | ((made["unit"] == "percent") & (made["n"] > made["d"]))
    assert found.loc[impossible, FIGURES].isna().all(axis=None)
    there = found["value"].notna() & found["lower"].notna()
    assert (found.loc[there, "lower"] <= found.loc[there, "value"]).all()
    assert (found.loc[there, "upper"] >= found.loc[there, "value"]).all()


@pytest.mark.parametrize(
    ("schools", "unit", "value"),
    [
        ([(5, 0), (0, 0)], "percent", nan),  # nobody to count
        ([(5, 0), (3, 10)], "percent", 30),  # a school without people counts nowhere
        ([(30, 60)], "percent", 50),  # one school: a plain interval
        ([(30, 60)], "rate", 0.5),  # one school: a value, no interval
        ([(0, 40)] * 3, "percent", 0),
        ([(40, 40)] * 3, "percent", 100),
        ([(0, 40)] * 3, "gbp", 0),
        ([(-5, 40), (3, 40)], "percent", nan),
        ([(-5, 40), (3, 40)], "gbp", nan),
        ([(50, 40), (3, 10)], "percent", nan),
        ([(50, 40), (3, 10)], "rate", 1.06),
        ([], "percent", nan),
        ([(57, 100)], "percent", 57),
    ],
)
def test_the_answer_to_each_odd_set_of_counts(schools: list[tuple[float, float]], unit: str, value: float) -> None:
    found = measured([{"n": float(n), "d": float(d)} for n, d in schools], unit)
    assert found["value"] == value or (isnan(found["value"]) and isnan(value))
    known = [(n, d) for n, d in schools if d > 0]
    interval = not isnan(value) and (unit == "percent" or len(known) > 1)
    assert isnan(found["lower"]) != interval
    assert isnan(found["upper"]) != interval


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"baseline": nan, "expected": nan}, "no baseline"),
        ({"expected": nan}, "no expected value"),
        ({"target": nan, "expected": nan}, "no target"),
        ({"lower": nan, "upper": nan}, "no interval"),
        ({"value": nan, "lower": nan, "upper": nan}, "no figure"),
        ({"coverage": 0.0}, "coverage below 50%"),
    ],
)
def test_what_is_missing_is_not_judged(change: dict, reason: str) -> None:
    row = {"value": 60.0, "lower": 56.0, "upper": 64.0, "expected": 62.0, "baseline": 40.0, "target": 80.0}
    row |= {"coverage": 1.0, "better": "higher", "is_baseline": False, "missing": ""}
    assert with_status(pd.DataFrame([row])).loc[0, "status"] == "at_risk"
    found = with_status(pd.DataFrame([row | change])).iloc[0]
    assert (found["status"], found["reason"]) == ("none", reason)


@given(
    value=st.floats(allow_nan=True, allow_infinity=False, width=32),
    start=st.one_of(whole, st.floats(0, 100)),
    goal=st.one_of(whole, st.floats(0, 100)),
)
def test_progress_is_never_infinite(value: float, start: float, goal: float) -> None:
    way = progress(np.array([value, value]), pd.Series([start, goal]), pd.Series([goal, goal]))
    assert not np.isinf(way).any()
    assert isnan(way[1])


@pytest.mark.parametrize("better", ["higher", "lower"])
@pytest.mark.parametrize(("n", "d"), [(57, 100), (29, 50), (11, 14), (1, 3)])
def test_an_area_that_starts_at_its_target_is_on_track_while_it_stays(n: int, d: int, better: str) -> None:
    """57 of 100 are 57 %, not a hair less: the target is reached, and there is no way to go."""
    found = measured([{"n": float(n), "d": float(d)}], "percent")
    target = 100 * n / d
    line = expected(np.array([found["value"], 33.3]), np.array([2011.0, 2012.0]), 2010.0, [(2012.0, target)], better)
    row = found | {"expected": line[0], "baseline": found["value"], "target": target, "missing": ""}
    row |= {"coverage": 1.0, "better": better, "is_baseline": False}
    judged_now = with_status(pd.DataFrame([row])).iloc[0]
    assert judged_now["status"] == "on_track"
    assert isnan(judged_now["progress"])
    assert line[1] == (33.3 if better == "lower" and target > 33.3 else target)  # at its end the line is the target


@pytest.mark.parametrize("better", [None, nan, ""])
def test_without_a_direction_nothing_is_expected(better: object) -> None:
    assert np.isnan(expected(np.array([40.0]), np.array([2011.0]), 2010.0, [(2012.0, 60.0)], better)).all()


def test_no_rows_have_no_figures() -> None:
    none = with_interval(sums([{"n": 1.0, "d": 2.0}], "percent").iloc[:0])
    assert (len(none), set(FIGURES) - set(none.columns)) == (0, set())
    blank = none.assign(expected=1.0, baseline=1.0, target=1.0, coverage=1.0, better="", is_baseline=True, missing="")
    assert len(with_status(blank)) == 0
    summary = summarise(with_status(blank))
    assert (summary.total, summary.judged) == (0, 0)
    assert isnan(summary.median_progress)
