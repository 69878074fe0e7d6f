"""Published figures against the slow twin that pools observation rows by hand."""

import json
import os
import subprocess
import sys
from decimal import ROUND_DOWN, ROUND_UP, Context, Decimal
from io import StringIO
from math import isnan, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine, delete, insert, select, text

from data_access import queries, schema
from data_access.__main__ import VALUE_COLUMNS
from data_access.engine import get_engine, reading, writing
from data_access.errors import UnknownCode
from data_access.settings import PROJECT
from data_access.values import COLUMNS, area_values, at_period, school_values
from measures.trajectory import expected
from tests.conftest import sqlite_url
from tests.data_access.slow_values import slow_values
from tests.measures.slow import Figure, z

CHOICES = [
    ("england", "reviewed", "all", "all"),
    ("england", "pd_days", "support_staff", "secondary"),
    ("england", "inclusive_policy", "all", "all"),
    ("region", "reviewed", "teachers", "all"),
    ("region", "sen_trained", "catering", "primary"),
    ("region", "cost_per_participant_day", "all", "all"),
    ("region", "clt_registered", "teachers", "all"),
    ("region", "plan_aligned", "all", "all"),
    ("la", "pd_days", "all", "all"),
    ("la", "needs_met", "support_staff", "primary"),
    ("la", "level_three", "support_staff", "all"),
    ("la", "duplicated_offers", "all", "all"),
    ("la", "reviewed", "early_career_teachers", "primary"),
]


def coarse(figure: Figure, unit: str, d: float) -> tuple[float, float, float]:
    """Limits and effective number as they are published: digits cut as text, limits by hand."""
    if isnan(figure.lower):
        return figure.lower, figure.upper, figure.n_eff
    if unit != "percent":
        error = (figure.upper - figure.lower) / 2 / z(0.95)
        half = z(0.95) * float(Decimal(error).normalize(Context(prec=2, rounding=ROUND_UP))) if error else 0.0
        return figure.value - half, figure.value + half, figure.n_eff
    exact = Decimal(f"{figure.n_eff:.9f}")
    n_eff = (
        d
        if abs(d - figure.n_eff) < 1e-6
        else float(exact.normalize(Context(prec=2 if exact >= 10 else 1, rounding=ROUND_DOWN)))
    )
    squared, share = z(0.95) ** 2, figure.value / 100
    middle, size = (share + squared / 2 / n_eff), 1 + squared / n_eff
    half = sqrt(squared * (share * (1 - share) / n_eff + squared / 4 / n_eff**2))
    return 100 * (middle - half) / size, 100 * (middle + half) / size, n_eff


@pytest.mark.parametrize(("level", "indicator", "group", "phase"), CHOICES)
def test_figures_agree_with_the_slow_twin(reader: Engine, level: str, indicator: str, group: str, phase: str) -> None:
    with reading(reader) as connection:
        frame = area_values(connection, level, indicator=indicator, staff_group=group, phase=phase)
        slow = slow_values(connection, level, indicator, group, phase)
    assert not frame.empty
    shown = 0
    for row in frame.to_dict("records"):
        figure, n, d, units, of = slow.get((row["area_code"], row["period"]), (None, None, None, 0, 0))
        if row["symbol"] == "c":
            assert all(isnan(row[name]) for name in ("value", "lower", "upper", "numerator", "denominator", "n_eff"))
            continue
        assert (row["units"] if units else 0) == units
        if figure is None or isnan(figure.value):
            assert isnan(row["value"])
            assert row["symbol"] in ("x", "z")
            continue
        shown += 1
        assert row["expected_units"] == of
        assert row["coverage"] == pytest.approx(units / of)
        found = [row[name] for name in ("value", "lower", "upper", "n_eff", "numerator", "denominator")]
        lower, upper, n_eff = coarse(figure, row["unit"], d)
        slow_row = [figure.value, lower, upper, n_eff, n, d]
        assert found == pytest.approx(slow_row, rel=1e-6, abs=1e-6, nan_ok=True)
    assert shown > 0


def test_england_is_the_sum_of_what_was_pooled(reader: Engine) -> None:
    with reading(reader) as connection:
        england = area_values(connection, "england").set_index(["indicator", "period"])
        regions = area_values(connection, "region")
    parts = regions[regions["indicator"].isin(england.index.get_level_values("indicator"))]
    complete = parts.groupby(["indicator", "period"]).filter(lambda rows: not (rows["symbol"] == "c").any())
    added = complete.groupby(["indicator", "period"])[["numerator", "denominator", "units", "expected_units"]].sum()
    assert len(added) > 100
    pd.testing.assert_frame_equal(
        added, england.loc[added.index, added.columns], check_dtype=False, check_index_type=False
    )


def test_one_row_an_area_indicator_and_period(reader: Engine) -> None:
    with reading(reader) as connection:
        frame = area_values(connection, "la")
        about = queries.indicators(connection)
    assert list(frame.columns) == COLUMNS
    assert not frame.duplicated(["area_code", "indicator", "period"]).any()
    assert set(frame["indicator"]) == set(about["code"])
    every = frame.groupby("indicator")["area_code"].nunique()
    assert every["clt_registered"] == 33
    assert (every.drop("clt_registered") == 152).all()
    missing = frame["value"].isna()
    assert (frame.loc[missing, "symbol"] != "").all()
    assert (frame.loc[missing, "status"] == "none").all()
    assert (frame.loc[~missing, "symbol"] == "").all()


@pytest.mark.parametrize(
    "choice", [{}, {"staff_group": "support_staff", "phase": "secondary"}, {"indicator": "reviewed"}]
)
@pytest.mark.parametrize("levels", [("england", "region"), ("england", "la"), ("region", "england", "la")])
def test_levels_in_one_pass_are_those_one_by_one(reader: Engine, levels: tuple[str, ...], choice: dict) -> None:
    with reading(reader) as connection:
        together = area_values(connection, *levels, **choice)
        alone = pd.concat([area_values(connection, level, **choice) for level in levels], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone, rtol=1e-12)


def test_a_published_denominator_of_zero_gives_no_figure(engine: Engine) -> None:
    """Where nobody could be counted there is no rate, whoever published it."""
    with writing(engine) as connection:
        number = connection.execute(select(schema.import_.c.id)).scalars().first()
        of = {"indicator": "reviewed", "period": "2010/11", "level": "england", "unit_code": "E92000001"}
        connection.execute(delete(schema.summary).where(schema.summary.c.indicator == "reviewed"))
        connection.execute(
            insert(schema.observation).values(
                **of, staff_group="all", phase="all", numerator=3.0, denominator=0.0, import_id=number, from_version=1
            )
        )
        row = area_values(connection, "england", indicator="reviewed").iloc[0]
    assert isnan(row["value"])
    assert (row["symbol"], row["status"], row["published_rate"]) == ("z", "none", False)


def test_an_unknown_level_or_indicator_is_refused(reader: Engine) -> None:
    with reading(reader) as connection:
        with pytest.raises(UnknownCode, match="galaxy"):
            area_values(connection, "galaxy")
        with pytest.raises(UnknownCode, match="nonsense"):
            school_values(connection, "nonsense")


@pytest.mark.parametrize("level", ["la", "region"])
@pytest.mark.parametrize(
    ("parts", "of"),
    [
        ([{"phase": name} for name in ("primary", "secondary", "special")], {}),
        ([{"staff_group": name} for name in ("teachers", "support_staff")], {}),
        (
            [{"phase": "secondary", "staff_group": name} for name in ("teachers", "support_staff")],
            {"phase": "secondary"},
        ),
    ],
)
def test_no_total_gives_a_suppressed_part_away(reader: Engine, level: str, parts: list[dict], of: dict) -> None:
    """Where a total is shown, no phase or staff group that rests on one or two schools is the only one that is not."""
    keys = ["indicator", "period", "area_code"]
    with reading(reader) as connection:
        total = area_values(connection, level, **of).set_index(keys)
        shown = [area_values(connection, level, **part).set_index(keys) for part in parts]
    hidden = sum((frame["symbol"] == "c").reindex(total.index, fill_value=False).astype(int) for frame in shown)
    there = sum(frame["value"].notna().reindex(total.index, fill_value=False).astype(int) for frame in shown)
    few = sum(
        ((frame["symbol"] == "c") & frame["units"].between(1, 2)).reindex(total.index, fill_value=False).astype(int)
        for frame in shown
    )
    assert ((few == 1) & (hidden == 1) & (there > 0) & total["value"].notna()).sum() == 0
    assert level == "region" or of or ((few == 1) & (hidden > 1)).any()


def test_a_year_asks_a_termly_indicator_for_its_latest_term(reader: Engine) -> None:
    with reading(reader) as connection:
        frame = area_values(connection, "region")
        frequency = queries.indicators(connection).set_index("code")["frequency"]
    year, term = (at_period(frame, code, frequency) for code in ("2010/11", "2010/11 spring"))
    assert not year.duplicated(["area_code", "indicator"]).any()
    assert set(year.loc[year["indicator"].map(frequency) == "term", "period"]) == {"2010/11 summer"}
    assert set(year.loc[year["indicator"].map(frequency) == "year", "period"]) == {"2010/11"}
    assert set(term["indicator"].map(frequency)) == {"term"}
    unfinished = frame[~frame["period"].isin(["2011/12 summer"])]
    assert set(at_period(unfinished, "2011/12", frequency).query("indicator == 'pd_days'")["period"]) == {
        "2011/12 spring"
    }


def test_a_year_s_own_figure_wins_over_its_terms() -> None:
    frame = pd.DataFrame(
        {"indicator": "i", "period": ["2010/11", "2010/11 summer"], "area_code": "a", "period_position": [2011.0] * 2}
    )
    assert at_period(frame, "2010/11", pd.Series({"i": "term"}))["period"].tolist() == ["2010/11"]


def test_the_nearest_target_counts(engine: Engine) -> None:
    """The one set for the area, else for its region, else for England, each with its own stored points."""
    rows = [
        ("la", "202", "2011/12", 99.0),
        ("region", "E12000007", "2011/12", 90.0),
        ("region", "E12000007", "2010/11", 10.0),
    ]
    with writing(engine) as connection:
        connection.execute(delete(schema.target).where(schema.target.c.indicator == "reviewed"))
        for level, code, period, value in [*reversed(rows), ("england", "E92000001", "2011/12", 80.0)]:
            connection.execute(
                insert(schema.target).values(
                    indicator="reviewed", area_level=level, area_code=code, period=period, value=value
                )
            )
        frames = {level: area_values(connection, level, indicator="reviewed") for level in ("england", "region", "la")}

    def target(level: str, area: str) -> tuple[float, float]:
        row = frames[level].set_index(["area_code", "period"]).loc[area, "2010/11"]
        return row["target"], row["expected"]

    assert target("region", "E12000007") == (90, 10)
    assert target("la", "302") == (90, 10)
    assert target("la", "383")[0] == target("england", "E92000001")[0] == 80
    camden = frames["la"].set_index(["area_code", "period"]).loc["202"]
    start = camden.loc["2009/10", "value"]
    assert camden.loc["2010/11", "target"] == 99
    assert camden.loc["2010/11", "expected"] == pytest.approx((start + 99) / 2)


def test_expected_values_lie_on_the_line_from_each_area_s_own_baseline(reader: Engine) -> None:
    with reading(reader) as connection:
        frame = area_values(connection, "region", indicator="pd_days").sort_values(["area_code", "period_position"])
        goal = connection.scalar(select(schema.target.c.value).where(schema.target.c.indicator == "pd_days"))
    for _, rows in frame.groupby("area_code"):
        start = rows.set_index("period").loc["2009/10 summer", "value"]
        line = expected(np.full(9, start), rows["period_position"].to_numpy(), 2010.0, [(2012.0, goal)], "higher")
        assert rows["expected"].to_numpy() == pytest.approx(line)
        assert set(rows["status"].head(3)) == {"none"}


def test_schools_show_their_own_figures(reader: Engine) -> None:
    with reading(reader) as connection:
        frame = school_values(connection, "reviewed", la_code="383", staff_group="all")
        urn, n, d = connection.execute(
            text(
                "select unit_code, sum(numerator), sum(denominator) from observation join school on urn = unit_code "
                "where indicator = 'reviewed' and period = '2010/11' and la_code = '383' group by 1 order by 1 limit 1"
            )
        ).one()
        schools = connection.scalar(text("select count(*) from school where la_code = '383'"))
    assert len(frame) == 3 * schools
    row = frame[(frame["area_code"] == urn) & (frame["period"] == "2010/11")].iloc[0]
    if d < 10:
        assert row["symbol"] == "c"
    else:
        assert (row["numerator"], row["denominator"], row["value"]) == (n, d, pytest.approx(100 * n / d))


def cli(engine: Engine, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`python -m data_access …` on the engine's database."""
    address = engine.url.render_as_string(hide_password=False)
    return subprocess.run(
        [sys.executable, "-m", "data_access", *arguments],
        cwd=PROJECT, env=os.environ | {"CPD_DATABASE_URL": address}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "period", "choice"),
    [
        (["--level", "la", "--area", "Camden"], "2010/11", {"level": "la", "indicator": "pd_days", "area": "202"}),
        (
            ["--level", "region", "--area", "E12000007", "--staff-group", "teachers"],
            "2011/12 spring",
            {"level": "region", "indicator": "pd_days", "staff_group": "teachers", "area": "E12000007"},
        ),
    ],
)
def test_the_command_prints_what_pages_show(reader: Engine, options: list[str], period: str, choice: dict) -> None:
    indicator, area = choice["indicator"], choice.get("area")
    with reading(reader) as connection:
        frame = area_values(
            connection, choice["level"], indicator=indicator, staff_group=choice.get("staff_group", "all")
        )
        frame = at_period(frame, period, queries.indicators(connection).set_index("code")["frequency"])
    if area:
        frame = frame[frame["area_code"] == area]
    frame = frame[VALUE_COLUMNS].reset_index(drop=True)
    asked = ["values", "--indicator", indicator, "--period", period, *options]
    as_csv = pd.read_csv(StringIO(cli(reader, *asked).stdout), dtype={"area_code": str}, keep_default_na=False)
    as_json = pd.DataFrame(json.loads(cli(reader, *asked, "--format", "json").stdout))
    for printed in (as_csv, as_json):
        assert list(printed.columns) == VALUE_COLUMNS
        for name in VALUE_COLUMNS:
            if pd.api.types.is_float_dtype(frame[name]):
                found = pd.to_numeric(printed[name], errors="coerce").to_numpy(dtype=float)
                assert found == pytest.approx(frame[name].to_numpy(), nan_ok=True)
            else:
                assert printed[name].tolist() == frame[name].tolist()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--indicator", "nonsense", "--level", "england", "--period", "2011/12"], "not a known indicator"),
        (["--indicator", "reviewed", "--level", "england", "--period", "1066/67"], "not a known period"),
        (["--indicator", "reviewed", "--level", "la", "--period", "2011/12", "--area", "Narnia"], "Narnia"),
    ],
)
def test_the_command_refuses_in_one_sentence(small_database: Path, options: list[str], says: str) -> None:
    done = cli(get_engine(sqlite_url(small_database)), "values", *options)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
