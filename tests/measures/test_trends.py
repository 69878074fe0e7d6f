"""The trend marker: the slow twin, the words, which points count, and what cannot be judged."""

from math import isnan, nan
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.api import WLS, add_constant

from data_access.engine import get_engine, reading
from data_access.values import area_values
from measures.trends import is_term, with_trend
from tests.conftest import sqlite_url
from tests.measures.slow import Figure, trend, wilson, z

USUAL = {"trend_points": 5.0, "trend_confidence": 0.998, "minimum_coverage": 0.5}
COLUMNS = ["indicator", "area_code", "trend", "trend_points_used", "trend_statistic", "slope_sign"]
YEARS = [f"20{year:02d}/{year + 1}" for year in range(9, 40)]


def share(x: float, n: float) -> Figure:
    low, high = (100 * limit for limit in wilson(x / n * n, n, 0.95))
    return Figure(100 * x / n, min(low, 100 * x / n), max(high, 100 * x / n), n, 1.0)


def amount(value: float, error: float) -> Figure:
    return Figure(value, value - z(0.95) * error, value + z(0.95) * error, nan, nan)


NOTHING = Figure(nan, nan, nan, nan, nan)


def yearly(figures: list[Figure], coverage: float = 1.0) -> list[dict]:
    """One point a year."""
    return [
        {"period": YEARS[i], "position": 2010.0 + i, "figure": shown, "coverage": coverage}
        for i, shown in enumerate(figures)
    ]


def rows(points: list[dict], unit: str, better: str | None, **keys: str) -> pd.DataFrame:
    """A series as with_trend takes it."""
    about = {"indicator": "i", "area_code": "a", "unit": unit, "better": better} | USUAL | keys
    made = [
        {"period": p["period"], "period_position": p["position"], "coverage": p["coverage"]}
        | {name: getattr(p["figure"], name) for name in ("value", "lower", "upper", "n_eff")}
        | about
        for p in points
    ]
    return pd.DataFrame(made).astype({"better": object})


def found(points: list[dict], unit: str = "percent", better: str | None = "higher", **limits: float) -> pd.Series:
    return with_trend(rows(points, unit, better).assign(**limits)).iloc[0]


def close_to_the_limit(statistic: float) -> bool:
    """Whether rounding may decide."""
    return abs(statistic - 9.549535706083241) < 1e-6


shares = st.integers(1, 400).flatmap(lambda n: st.integers(0, n).map(lambda x: share(x, n)))
amounts = st.tuples(st.integers(-500, 500), st.integers(1, 200)).map(lambda pair: amount(pair[0], pair[1] / 10))


@st.composite
def series(draw: st.DrawFn) -> tuple[list[dict], str, str | None]:
    """Years and terms mixed, with holes, low coverage and any unit."""
    unit = draw(st.sampled_from(["percent", "rate", "gbp"]))
    shown = shares if unit == "percent" else amounts
    points = []
    for i in range(draw(st.integers(1, 9))):
        year, kind = YEARS[i // 2], draw(st.sampled_from(["", "", "", " autumn"]))
        figure = draw(st.one_of(shown, shown, shown, st.just(NOTHING)))
        coverage = draw(st.sampled_from([1.0, 1.0, 0.5, 0.49]))
        points.append({"period": year + kind, "position": 2010 + i / 3, "figure": figure, "coverage": coverage})
    return draw(st.permutations(points)), unit, draw(st.sampled_from(["higher", "lower", None]))


@given(made=st.lists(series(), min_size=1, max_size=5))
def test_trends_agree_with_the_slow_twin(made: list[tuple[list[dict], str, str | None]]) -> None:
    frame = pd.concat([rows(*one, area_code=f"a{i}") for i, one in enumerate(made)])
    table = with_trend(frame)
    assert list(table.columns) == COLUMNS
    assert table["area_code"].tolist() == [f"a{i}" for i in range(len(made))]
    for (points, unit, better), row in zip(made, table.to_dict("records"), strict=True):
        word, used, statistic, sign = trend(points, unit, better)
        assert row["trend_points_used"] == used
        assert row["trend_statistic"] == pytest.approx(statistic, rel=1e-6, abs=1e-6, nan_ok=True)
        assert row["slope_sign"] == pytest.approx(sign, nan_ok=True)
        assert row["trend"] == word or close_to_the_limit(statistic)


@given(figures=st.lists(amounts, min_size=5, max_size=5))
def test_a_slope_s_z_agrees_with_statsmodels(figures: list[Figure]) -> None:
    value = np.array([shown.value for shown in figures])
    error = np.array([(shown.upper - shown.lower) / 2 / z(0.95) for shown in figures])
    fit = WLS(value, add_constant(np.arange(1.0, 6)), weights=1 / error**2).fit(cov_type="fixed scale")
    row = found(yearly(figures), "gbp")
    assert row["trend_statistic"] == pytest.approx(fit.tvalues[1] ** 2, rel=1e-6, abs=1e-6)
    if not close_to_the_limit(row["trend_statistic"]):
        assert (row["trend"] != "No significant change") == (fit.pvalues[1] < 0.002)


UP = [share(x, 200) for x in (80, 100, 120, 140, 160)]
SPIKE = [share(x, 400) for x in (200, 200, 200, 200, 320)]


@pytest.mark.parametrize(
    ("figures", "better", "word"),
    [
        (UP, "higher", "Improving"),
        (UP, "lower", "Worsening"),
        (UP, None, "Increasing"),
        (UP[::-1], "higher", "Worsening"),
        (UP[::-1], "lower", "Improving"),
        (UP[::-1], None, "Decreasing"),
        (UP[1:], "higher", "Too few points"),
        ([share(100, 200)] * 5, "higher", "No significant change"),
        ([share(x, 20) for x in (8, 9, 9, 10, 11)], "higher", "No significant change"),
    ],
)
def test_the_words(figures: list[Figure], better: str | None, word: str) -> None:
    assert found(yearly(figures), better=better)["trend"] == word


def test_one_point_does_not_make_a_trend_of_shares() -> None:
    """χ² alone would call it one; without the last point there is no slope."""
    row = found(yearly(SPIKE))
    assert row["trend_statistic"] > 9.5495
    assert row["trend"] == "No significant change"
    assert row["slope_sign"] == 1
    assert found(yearly([share(x, 400) for x in (196, 198, 200, 202, 320)]))["trend"] == "Improving"


@pytest.mark.parametrize("x", [0, 40])
def test_everyone_or_no_one_is_no_change(x: int) -> None:
    row = found(yearly([share(x, 40)] * 5))
    assert (row["trend"], row["slope_sign"], row["trend_points_used"]) == ("No significant change", 0, 5)
    assert isnan(row["trend_statistic"])


def test_only_the_latest_points_are_used() -> None:
    row = found(yearly([share(199, 200), *UP]))
    assert (row["trend"], row["trend_points_used"]) == ("Improving", 5)
    assert row["trend_statistic"] == found(yearly(UP))["trend_statistic"]
    assert found(yearly([share(199, 200)] * 3 + UP), trend_points=8.0)["trend"] == "Worsening"


def test_a_hole_is_skipped_and_the_points_beside_it_follow_each_other() -> None:
    row = found(yearly([*UP[:2], NOTHING, *UP[2:]]))
    assert row["trend_statistic"] == found(yearly(UP))["trend_statistic"]


def test_low_coverage_is_not_comparable() -> None:
    points = yearly(UP)
    points[0]["coverage"] = 0.4
    assert (found(points)["trend"], found(points)["trend_points_used"]) == ("Too few points", 4)
    assert found(points, minimum_coverage=0.4)["trend"] == "Improving"


def test_the_thresholds_are_the_indicator_s_own() -> None:
    assert found(yearly(UP[:3]), trend_points=3.0)["trend"] == "Improving"
    weak = yearly([share(x, 60) for x in (20, 22, 27, 30, 31)])
    assert 3.85 < found(weak)["trend_statistic"] < 9.54
    assert found(weak)["trend"] == "No significant change"
    assert found(weak, trend_confidence=0.95)["trend"] == "Improving"
    both = pd.concat(
        [rows(weak, "percent", "higher", area_code="b"), rows(weak, "percent", "higher", indicator="j")]
    ).assign(trend_confidence=[0.95] * 5 + [0.998] * 5)
    assert with_trend(both)["trend"].tolist() == ["Improving", "No significant change"]


def test_years_and_terms_are_not_mixed() -> None:
    terms = [
        {"period": f"2010/11 {name} {i}", "position": 2010 + i / 3, "figure": shown, "coverage": 1.0}
        for i, (name, shown) in enumerate(zip(("autumn", "spring", "summer") * 2, [*UP[::-1], UP[0]], strict=True))
    ]
    assert found(yearly(UP) + terms)["slope_sign"] == -1
    assert found(yearly(UP) + terms[:5])["slope_sign"] == 1  # years where equal
    assert found(yearly(UP) + terms[:4])["slope_sign"] == 1
    assert found(yearly(UP[:4]) + terms[:4])["trend"] == "Too few points"
    assert is_term(pd.Series(["2010/11", "2010/11 autumn"])).tolist() == [False, True]


def test_an_amount_without_interval_or_with_one_of_no_width_does_not_count() -> None:
    steady = [amount(100 + 10 * i, 2) for i in range(5)]
    assert found(yearly(steady), "gbp")["trend"] == "Improving"
    for other in (Figure(150, nan, nan, nan, nan), amount(150, 0)):
        row = found(yearly([*steady[:4], other]), "gbp")
        assert (row["trend"], row["trend_points_used"]) == ("Too few points", 4)


def test_rows_without_any_figure_and_no_rows() -> None:
    row = found(yearly([NOTHING] * 6))
    assert (row["trend"], row["trend_points_used"]) == ("Too few points", 0)
    assert isnan(row["trend_statistic"])
    assert isnan(row["slope_sign"])
    empty = with_trend(rows(yearly(UP), "percent", "higher").iloc[:0])
    assert (len(empty), list(empty.columns)) == (0, COLUMNS)


@given(figures=st.lists(st.one_of(shares, st.just(NOTHING)), min_size=3, max_size=8))
def test_nothing_is_infinite(figures: list[Figure]) -> None:
    row = found(yearly(figures), trend_points=3.0)
    assert not np.isinf(row[["trend_statistic", "slope_sign"]].astype(float)).any()


def test_the_illustrative_data_agree_with_the_slow_twin(small_database: Path) -> None:
    with reading(get_engine(sqlite_url(small_database))) as connection:
        frame = area_values(connection, "region").assign(**USUAL)
    for needed in (3.0, 5.0):
        table = with_trend(frame.assign(trend_points=needed))
        assert len(table) == len(frame.drop_duplicates(["indicator", "area_code"]))
        assert table["trend"].nunique() > 2
        points: dict[tuple[str, str], list[dict]] = {}
        for row in frame.to_dict("records"):
            shown = Figure(row["value"], row["lower"], row["upper"], row["n_eff"], nan)
            points.setdefault((row["indicator"], row["area_code"]), []).append(
                {"period": row["period"], "position": row["period_position"], "figure": shown} | row
            )
        for row in table.to_dict("records"):
            mine = points[row["indicator"], row["area_code"]]
            better = None if pd.isna(mine[0]["better"]) else mine[0]["better"]
            word, used, statistic, _ = trend(mine, mine[0]["unit"], better, int(needed))
            assert (row["trend"], row["trend_points_used"]) == (word, used)
            assert row["trend_statistic"] == pytest.approx(statistic, rel=1e-6, nan_ok=True)
