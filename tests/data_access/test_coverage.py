"""Who reported: counted from summaries, against a count school by school; and who stopped."""

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Connection, Engine, event, text

from data_access.coverage import COLUMNS, GAPS, gaps, grid
from data_access.definitions import IndicatorDefinition
from data_access.engine import current_version, reading, writing
from data_access.errors import UnknownCode
from data_access.imports import add_indicator, import_file
from tests.data_access.files import BARNET, CAMDEN, definition, line, mapping, write

LONDON = "E12000007"


def slow_units(connection: Connection, indicator: str, period: str) -> Counter[str]:
    """How many schools of each local authority gave a figure, one school at a time."""
    rows = connection.execute(
        text(
            "select distinct s.urn, s.la_code from observation o join school s on s.urn = o.unit_code "
            "where o.indicator = :i and o.period = :p and o.level = 'school' and o.to_version is null "
            "and o.numerator is not null and o.denominator > 0"
        ),
        {"i": indicator, "p": period},
    )
    return Counter(la for _, la in rows)


def slow_expected(connection: Connection) -> Counter[str]:
    return Counter(la for (la,) in connection.execute(text("select la_code from school")))


@pytest.mark.parametrize("indicator", ["inclusive_policy", "reviewed"])
def test_units_are_those_of_the_observations(reader: Engine, indicator: str) -> None:
    with reading(reader) as connection:
        frame = grid(connection, indicator=indicator)
        expected = slow_expected(connection)
        for period, rows in frame.groupby("period"):
            units = slow_units(connection, indicator, str(period))
            assert dict(zip(rows["area_code"], rows["units"].fillna(0), strict=True)) == {
                code: units[code] for code in rows["area_code"]
            }
            there = rows[rows["expected_units"] > 0]
            assert there["expected_units"].tolist() == [expected[code] for code in there["area_code"]]
    assert list(frame.columns) == COLUMNS
    assert len(frame) == 152 * frame["period"].nunique()
    reported = frame[frame["symbol"] == ""]
    assert (reported["coverage"] == reported["units"] / reported["expected_units"]).all()


def test_regions_add_up_their_authorities(reader: Engine) -> None:
    with reading(reader) as connection:
        las, regions = grid(connection, indicator="reviewed"), grid(connection, indicator="reviewed", level="region")
        london = grid(connection, indicator="reviewed", region=LONDON)
    keys = ["period", "region_code"]
    sums = las.groupby(keys)[["units", "expected_units"]].sum()
    pd.testing.assert_frame_equal(regions.set_index(keys)[["units", "expected_units"]].sort_index(), sums)
    assert regions["short"].head(3).tolist() == ["NE", "NW", "Y&H"]
    assert set(london["region"]) == {"London"}
    assert len(london) == 33 * 3


def test_a_year_has_a_row_for_every_indicator_and_area(reader: Engine) -> None:
    with reading(reader) as connection:
        frame = grid(connection, period="2011/12", level="region")
        term = grid(connection, period="2011/12 spring", level="region").drop_duplicates("indicator")
    assert frame.groupby("indicator").size().unique().tolist() == [9]
    termly = frame[frame["indicator"] == "clusters_assured"]
    assert termly["period"].unique().tolist() == ["2011/12 summer"]
    only = frame[frame["indicator"] == "clt_registered"].set_index("area")
    assert only.loc["London", "symbol"] == ""
    assert only.loc["South East", ["symbol", "why"]].tolist() == ["z", "not collected here"]
    assert pd.isna(only.loc["South East", "coverage"])
    # In a term, what is collected each year was not collected.
    assert len(term) == frame["indicator"].nunique()
    assert set(term.loc[term["indicator"] == "reviewed", "why"]) == {"not collected in this period"}


def test_not_reported_is_neither_zero_nor_absent(engine: Engine, tmp_path: Path) -> None:
    extra = [{"indicator": "extra_one", "numerator": "n", "denominator": "d", "define": definition("extra_one")}]
    rows = [line(CAMDEN, 1, 2, "201011"), line(BARNET, 0, 2, "201011"), line(BARNET, "x", 2)]
    rows += [line(CAMDEN, 1, 2, "201112")]
    report = import_file(engine, write(tmp_path / "new.csv", rows), None, mapping(indicators=extra))
    assert report.data_version is not None
    with reading(engine) as connection:
        frame = grid(connection, indicator="extra_one", region=LONDON)
        before = grid(connection, indicator="extra_one", region=LONDON, as_at=current_version(connection))
        assert "extra_one" not in set(grid(connection, period="2011/12", as_at=report.data_version - 1)["indicator"])
    pd.testing.assert_frame_equal(before, frame)
    barnet = frame[frame["area"] == "Barnet"].set_index("period")
    assert barnet.loc["2010/11", ["units", "coverage", "symbol", "why"]].tolist() == [1, 1, "", ""]
    assert barnet.loc["2011/12", ["units", "coverage", "symbol", "why"]].tolist() == [0, 0, "x", "not reported"]
    found = gaps(frame)
    assert list(found.columns) == GAPS
    assert found["sentence"].tolist() == ["Barnet reported extra_one for 2010/11, but not for 2011/12."]
    assert found[["last_period", "last_units"]].to_numpy().tolist() == [["2010/11", 1]]
    assert gaps(frame[frame["period"] == "2010/11"]).empty


def test_an_earlier_state_is_shown_as_it_was(engine: Engine, tmp_path: Path) -> None:
    with reading(engine) as connection:
        version = current_version(connection)
        before = grid(connection, indicator="duplicated_offers")
    import_file(engine, write(tmp_path / "new.csv", [line(BARNET, "x", 2)]), None, mapping())
    with reading(engine) as connection:
        now = grid(connection, indicator="duplicated_offers")
        then = grid(connection, indicator="duplicated_offers", as_at=version)
    pd.testing.assert_frame_equal(then, before)
    changed = now[now["units"] != before["units"]]
    assert changed[["area", "period", "symbol"]].to_numpy().tolist() == [["Barnet", "2011/12", "x"]]


def test_what_is_only_published_is_reported_or_not(engine: Engine, tmp_path: Path) -> None:
    item = {"indicator": "extra_one", "rate": "n", "define": definition("extra_one", collected_from="published")}
    rows = [line(CAMDEN, 40, 1), line(BARNET, "c", 1), line(["E12000007", "London"], 41, 1, level="Regional")]
    import_file(engine, write(tmp_path / "new.csv", rows), None, mapping(indicators=[item]))
    with reading(engine) as connection:
        las = grid(connection, indicator="extra_one").set_index("area")
        regions = grid(connection, indicator="extra_one", level="region")
    assert las["expected_units"].eq(1).all()
    assert las.index[las["units"] == 1].tolist() == ["Camden"]
    assert las.loc["Barnet", "symbol"] == "x"
    assert regions.loc[regions["units"] == 1, "area"].tolist() == ["London"]


def test_schools_are_never_read(reader: Engine) -> None:
    said: list[str] = []
    event.listen(reader, "before_cursor_execute", lambda _c, _u, statement, *_: said.append(statement))
    with reading(reader) as connection:
        grid(connection, period="2011/12")
    assert said
    assert not any("FROM school" in statement or "JOIN school" in statement for statement in said)
    assert all("level <> 'school'" in statement for statement in said if "FROM observation" in statement)


def test_an_indicator_without_any_figure_has_no_row(engine: Engine) -> None:
    with writing(engine) as connection:
        add_indicator(connection, IndicatorDefinition.model_validate(definition("extra_one")), "A test")
        frame = grid(connection, indicator="extra_one")
        year = grid(connection, indicator="extra_one", period="2011/12", region=LONDON)
    assert list(frame.columns) == COLUMNS
    assert frame.empty
    assert gaps(frame).empty
    assert set(year["why"]) == {"not collected in this period"}
    assert len(year) == 33


@pytest.mark.parametrize(
    "wrong", [{"indicator": "nothing"}, {"period": "1812"}, {"level": "school"}, {"region": "202"}]
)
def test_a_wrong_code_is_named(reader: Engine, wrong: dict[str, str]) -> None:
    with reading(reader) as connection, pytest.raises(UnknownCode):
        grid(connection, **wrong)
