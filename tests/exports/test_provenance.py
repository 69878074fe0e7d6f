"""What stands behind a figure: its address, its rows as a file, and the figures behind every kind of chart."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from sqlalchemy import select

from charts.figure import Figure
from data_access import schema
from data_access.access import Viewer
from data_access.engine import get_engine, reading
from data_access.errors import NotAllowed, UnknownCode
from data_access.provenance import Cell
from data_access.schools import register
from data_access.settings import settings
from data_access.values import area_values, school_values
from exports import provenance
from exports.api import openapi
from exports.shown import understood
from exports.views import (
    behind,
    built,
    compared,
    comparisons,
    data,
    figures,
    partnership_progress,
    priorities,
    registry,
    tiles,
)
from tests.exports.asking import ask
from tests.exports.conftest import look_at, look_away

CAMDEN = Cell("reviewed", "202", "2011/12")
LONDON = "E12000007"
ALL, NOBODY, OFFICER = Viewer(None), Viewer(frozenset()), Viewer(frozenset({"202"}))


@pytest.fixture(scope="module", autouse=True)
def _small(small_database: Path) -> Iterator[None]:
    """Everything reads the small database; what is kept is kept from test to test."""
    with pytest.MonkeyPatch.context() as patch:
        look_at(small_database, patch)
        yield
    look_away()


def read(cell: Cell, viewer: Viewer | None = None) -> provenance.Provenance:
    return provenance.read(cell, data.current_version(), viewer)


def rows(cell: Cell, viewer: Viewer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(provenance.csv(read(cell, viewer), viewer).decode("utf-8-sig"))))


# Its address -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        CAMDEN,
        Cell("inducted", LONDON, "2011/12 summer", "teachers", "primary"),
        Cell("reviewed", "E92000001", "2009/10"),
    ],
)
def test_an_address_leads_back_to_its_figure(cell: Cell) -> None:
    assert provenance.understood(provenance.named(cell), data.current_version()) == cell
    assert provenance.link(cell, 3) == f"/definitions?from={provenance.named(cell)}&as_at=3"
    assert "%" not in provenance.link(cell)


@pytest.mark.parametrize("given", ["reviewed/camden/2011-12", "reviewed/E09000007/2011-12/all", "reviewed/202/2011-12"])
def test_places_may_be_called_as_elsewhere(given: str) -> None:
    assert provenance.understood(given, data.current_version()) == CAMDEN


@pytest.mark.parametrize("given", ["", "/", "nonsense", "a/b", "a/b/c/d/e/f", "a//c", "x" * 300, "///", "a/b/ "])
def test_what_names_no_figure_is_said_in_a_sentence(given: str) -> None:
    with pytest.raises(UnknownCode, match="does not name a figure") as said:
        provenance.understood(given, data.current_version())
    assert len(str(said.value)) < 160


# Its rows --------------------------------------------------------------------------------------------------


def test_the_file_holds_the_rows_that_the_viewer_may_see() -> None:
    with reading(get_engine()) as connection:
        schools = school_values(connection, "reviewed", la_code="202", viewer=ALL)
        urns = set(register(connection, "202", viewer=ALL)["urn"])
        area = area_values(connection, "la", indicator="reviewed")
    area = area[(area["area_code"] == "202") & (area["period"] == "2011/12")].iloc[0]
    told = schools[(schools["period"] == "2011/12") & ~schools["symbol"].isin(["x", "z"])]
    for viewer in (ALL, OFFICER):
        found = rows(CAMDEN, viewer)
        own, *others = found
        assert {row["school_urn"] for row in others} == set(told["area_code"]) <= urns
        cells = {row["school_urn"]: row["reviewed_numerator"] for row in others}
        for row in told.itertuples():
            assert cells[row.area_code] == (row.symbol if row.symbol else f"{row.numerator:g}")
        assert own["reviewed_numerator"] == (area["symbol"] or f"{area['numerator']:g}")
        assert (own["geographic_level"], own["kind"], own["old_la_code"]) == ("Local authority", "illustrative", "202")
    assert {row["link"] for row in found} == {provenance.link(CAMDEN, data.current_version())}
    assert "c" in {row["reviewed_rate"] for row in found}, "what is suppressed is a symbol"


@pytest.mark.parametrize("code", ["202", LONDON, "E92000001"])
def test_no_school_s_row_is_for_who_may_not_see_it(code: str) -> None:
    cell = Cell("reviewed", code, "2011/12")
    assert not any("School" in row["geographic_level"] or row.get("school_urn") for row in rows(cell, NOBODY))
    seen = {row["old_la_code"] for row in rows(cell, OFFICER) if row["geographic_level"] == "School"}
    assert seen == {"202"}
    assert "own officers only" in provenance.contents(read(cell, NOBODY), NOBODY)


def test_many_schools_are_left_to_their_authorities(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "MOST_SCHOOLS", 20)
    england = Cell("reviewed", "E92000001", "2011/12")
    assert {row["geographic_level"] for row in rows(england, ALL)} == {"National", "Regional", "Local authority"}
    assert "one authority’s figure at a time" in provenance.contents(read(england), ALL)


def test_a_school_s_file_holds_its_row_alone() -> None:
    with reading(get_engine()) as connection:
        found = school_values(connection, "reviewed", viewer=ALL)
        urn = found.loc[(found["period"] == "2011/12") & (found["symbol"] == ""), "area_code"].iloc[0]
        la_code = connection.execute(select(schema.school.c.la_code).where(schema.school.c.urn == urn)).scalar_one()
    school = Cell("reviewed", urn, "2011/12")
    (row,) = rows(school, Viewer(frozenset({la_code})))
    assert row["school_urn"] == urn
    with pytest.raises(NotAllowed):
        read(school, NOBODY)


def test_where_nothing_is_held_the_file_says_so() -> None:
    assert rows(Cell("reviewed", "202", "2011/12 autumn"), ALL) == [
        {"note": "There are no figures for this selection."}
    ]
    assert provenance.file_name(read(Cell("reviewed", "202", "2011/12", "teachers"))).endswith(
        "_camden_2011-12_teachers.csv"
    )


def test_the_rule_of_suppression_is_said_and_never_which_part_of_it() -> None:
    with reading(get_engine()) as connection:
        found = area_values(connection, "la", indicator="reviewed")
    hidden = found[found["symbol"] == "c"].iloc[0]
    said = provenance.suppression(read(Cell("reviewed", hidden["area_code"], hidden["period"])))
    assert "fewer than 10 people, where it rests on fewer than 3 schools, or where such a figure" in said
    assert said.endswith(provenance.NOT_TOLD)
    school = Cell("cost_per_participant_day", "9000004", "2011/12")
    assert "where it would give away one" in provenance.suppression(read(school, ALL))
    assert "is shown as it is" in provenance.suppression(read(Cell("duplicated_offers", "202", "2011/12")))
    assert provenance.NOT_TOLD not in provenance.suppression(read(Cell("reviewed", "E92000001", "2011/12")))
    assert provenance.value(hidden, "percent") == "c: suppressed to protect confidentiality"


# The figures behind charts ---------------------------------------------------------------------------------


def test_every_kind_of_chart_says_which_figures_stand_behind_it() -> None:
    assert {*registry.all_views()} == {*behind._VIEWS, *behind.ENTERED}


def charts() -> dict[str, Callable[[], Figure | None]]:
    """One of each kind of chart: of Camden, and of England's regions."""
    now = understood({"la": "Camden"}, data.current_version())
    everywhere = understood({}, now.version)
    areas, of = ("Camden", "London", "Leeds"), ("reviewed", "inducted")
    return {
        "status_heat": lambda: figures.status_heat(now),
        "share_map": lambda: figures.share_map(everywhere, "region"),
        "share_tiles": lambda: tiles.share_tiles(now),
        "value_map": lambda: comparisons.value_map(everywhere, "region", "reviewed"),
        "value_tiles": lambda: tiles.value_tiles(everywhere, "reviewed"),
        "ranked": lambda: comparisons.ranked(everywhere, "region", "reviewed"),
        "funnel_plot": lambda: comparisons.funnel_plot(now, "reviewed"),
        "gap_over_time": lambda: comparisons.gap_over_time(now, "reviewed"),
        "trajectory": lambda: comparisons.trajectory(now, "reviewed"),
        "trend_strips": lambda: comparisons.trend_strips(now, "culture"),
        "spine_chart": lambda: comparisons.spine_chart(now),
        "groups_here": lambda: comparisons.groups_here(now, "teachers", "support_staff"),
        "between_groups": lambda: comparisons.between_groups(now, "reviewed", "teachers", "support_staff"),
        "overview": lambda: compared.overview(now, areas, of, "England"),
        "ranking": lambda: compared.ranking(now, areas, "reviewed", "England"),
        "by_area": lambda: compared.by_area(now, areas, "reviewed", "England"),
        "by_indicator": lambda: compared.by_indicator(now, areas, of, "Camden"),
        "built": lambda: built.built(everywhere, "dots", ("reviewed",), each="region"),
        "with_and_without": lambda: partnership_progress.with_and_without(everywhere),
        "outcome_rows": lambda: priorities.outcome_rows(now, "1b"),
    }


def test_the_numbers_of_every_chart_s_table_are_among_its_figures() -> None:
    """Those that are figures of an indicator: not shares of indicators, differences, limits or ranks."""
    names = {
        "Value",
        "Value (95% interval)",
        "Best value",
        "Worst value",
        "England",
        "Region",
        "Teachers",
        "Support staff",
    }
    made, without = charts(), {"share_map", "share_tiles", "with_and_without"}
    assert {*made} == {*behind._VIEWS}
    for name, make in made.items():
        figure = make()
        assert figure is not None, name
        found = behind.of(figure.origin, data.current_version())
        assert len(found), name
        assert not found.duplicated(behind.CELL).any(), name
        told = set(behind.told(found, data.current_version())["Figure"])
        cells = {cell for column in names & {*figure.table} for cell in figure.table[column].astype(str)}
        numbers = {cell.partition(" ")[0] for cell in cells if cell[:1].isdigit() or cell[:1] == "£"}
        assert bool(numbers) == (name not in without), name
        assert numbers <= told, name


def test_what_pages_say_in_sentences_has_figures_behind_it() -> None:
    now = understood({"la": "Camden"}, data.current_version())
    assert set(behind.own(now, "culture")["area_code"]) == {"202"}
    assert behind.own(now)["period"].nunique() > 1, "and the year before"
    assert behind.compared(now)["area_code"].nunique() > 2
    assert set(behind.one(now, "reviewed")["area"]) == {"Camden", "London", "England"}
    assert set(behind.phases(now)["phase"]) == {"all", "primary", "secondary", "special"}
    assert behind.everywhere(now)["area_code"].iloc[0] == "202"
    keys = behind.own(now)[["indicator", "area_code", "area", "period"]].head(20)
    assert behind.named(keys, "la", now.version)["value"].notna().any()
    gone = behind.named(keys.assign(period="2011/12 autumn"), "la", now.version)
    assert (gone["symbol"].isin(["z", "x", "c", ""])).all()
    assert len(gone) == keys["indicator"].nunique()


def test_the_setting_holds_where_nobody_says_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "schools_of", "none")
    assert b"School," not in provenance.csv(read(CAMDEN))


# For programs ----------------------------------------------------------------------------------------------


def api(query: str) -> tuple[int, dict[str, Any]]:
    answer = ask(f"/api/v1/provenance.json?{query}")
    return answer.status, json.loads(answer.body)


def test_programs_are_told_the_same() -> None:
    cell = Cell("reviewed", "E92000001", "2011/12")
    found = read(cell)
    status, said = api("figure=reviewed/England/2011-12")
    assert status == 200
    answer = openapi.document()["paths"]["/api/v1/provenance.json"]["get"]["responses"]["200"]
    jsonschema.validate(said, answer["content"]["application/json"]["schema"])
    assert said["figure"]["value"] == found.figure["value"]
    assert [each["sha256"] for each in said["imports"]] == found.imports["sha256"].tolist()
    assert [each["version"] for each in said["revisions"]] == found.revisions["version"].tolist()
    assert said["suppression"] == provenance.suppression(found)
    assert said["link"] == provenance.link(cell, found.version)
    assert "imported_by" not in said["imports"][0], "who brought it in is told on the pages only"
    hidden = api("figure=reviewed/Camden/2011-12")[1]
    assert (hidden["figure"]["symbol"], hidden["figure"]["value"], hidden["figure"]["numerator"]) == ("c", None, None)
    status, nothing = api("figure=reviewed/202/2011-12-autumn")
    assert (status, nothing["figure"]["symbol"], nothing["imports"], nothing["revisions"]) == (200, "z", [], [])
    assert api("figure=reviewed/202/2011-12&as_at=15")[1]["data_version"] == 15


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("", 400, "does not say figure"),
        ("figure=nonsense", 404, "does not name a figure"),
        ("figure=nonsense/202/2011-12", 404, "not a known indicator"),
        ("figure=reviewed/202/2011-12&as_at=nonsense", 404, "neither a data version nor a date"),
        ("figure=reviewed/9000004/2011-12", 404, "“9000004” is not England, a region or a local authority"),
        ("figure=reviewed/1/2011-12", 404, "“1” is not England, a region or a local authority"),
    ],
)
def test_refusals_are_those_of_the_pages(query: str, status: int, says: str) -> None:
    found, said = api(query)
    assert (found, says in said["detail"]) == (status, True), said
