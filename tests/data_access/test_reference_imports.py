"""Registers, targets, neighbours, outlines and templates: in, revised, out again, as they stood."""

import json
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, func, select

from data_access import bulk, queries, schema
from data_access.engine import current_version, reading
from data_access.errors import ImportRefused
from data_access.files import template
from data_access.imports import Provenance, Report
from data_access.incoming import bring_in, look
from data_access.settings import PROJECT
from data_access.undo import undo
from data_access.values import area_values
from data_access.versions import table
from tests.conftest import narrow
from tests.data_access.test_imports import everything, unchanged

SAID = Provenance("A test", "None", "illustrative")


def bring(engine: Engine, file: Path, text: str | bytes, **choice: object) -> Report:
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return bring_in(engine, look(file), said=SAID, **choice)  # type: ignore[arg-type]


def rows(engine: Engine, what: str, as_at: int | None = None) -> pd.DataFrame:
    now = schema.metadata.tables[what]
    with reading(engine) as connection:
        there = table(now, as_at)
        frame = bulk.frame(connection, select(there)).drop(columns=["import_id", "from_version"])
    return frame.sort_values(list(frame.columns), ignore_index=True)


TARGETS = "indicator,area_code,period,value\ninclusive_policy,202,2011/12,91\ninclusive_policy,London,2011/12,89\n"
NEIGHBOURS = "old_la_code,neighbour_old_la_code,rank,closeness\n202,302,1,0.9\n202,203,2,0.8\n"
FEWER = "old_la_code,neighbour_old_la_code,rank,closeness\n202,203,1,0.7\n"
REGISTER = (
    "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (name),"
    "EstablishmentTypeGroup (name),EstablishmentStatus (name),OpenDate,CloseDate,PhaseOfEducation (name),"
    "Easting,Northing,GOR (name)\n"
    "{urn},202,Camden,1234,An Invented School,Community school,Local authority maintained schools,Open,,,"
    "{phase},529000,184000,London\n"
)


@pytest.mark.parametrize(
    ("what", "first", "second"),
    [("target", TARGETS, TARGETS.replace("91", "93")), ("neighbour", NEIGHBOURS, FEWER)],
)
def test_a_file_comes_in_is_revised_and_taken_back(
    engine: Engine, tmp_path: Path, what: str, first: str, second: str
) -> None:
    _comes_and_goes(engine, tmp_path, what, first, second)


def test_a_register_comes_in_is_revised_and_taken_back(engine: Engine, tmp_path: Path) -> None:
    schools = [REGISTER.format(urn="900001", phase=phase) for phase in ("Primary", "Secondary")]
    _comes_and_goes(narrow(engine, "inclusive_policy", "reviewed"), tmp_path, "school", *schools)


def _comes_and_goes(engine: Engine, tmp_path: Path, what: str, first: str, second: str) -> None:
    before = rows(engine, what)
    one = bring(engine, tmp_path / "one.csv", first)
    after_one = rows(engine, what)
    assert one.new > 0
    assert not after_one.equals(before)
    assert bring(engine, tmp_path / "one.csv", first).data_version is None  # the same again changes nothing
    two = bring(engine, tmp_path / "two.csv", second)
    after_two = rows(engine, what)
    assert two.revised > 0
    for version, state in ((one.data_version, after_one), (two.data_version, after_two)):
        pd.testing.assert_frame_equal(rows(engine, what, version), state)
    undo(engine, two.import_id or 0, "x")
    pd.testing.assert_frame_equal(rows(engine, what), after_one)
    undo(engine, one.import_id or 0, "x")
    pd.testing.assert_frame_equal(rows(engine, what), before)
    pd.testing.assert_frame_equal(rows(engine, what, two.data_version), after_two)


@pytest.mark.parametrize("text", [TARGETS, NEIGHBOURS, REGISTER.format(urn="900001", phase="Primary")])
def test_a_dry_run_writes_nothing_and_says_the_same(engine: Engine, tmp_path: Path, text: str) -> None:
    before = everything(engine)
    dry = bring(engine, tmp_path / "one.csv", text, dry_run=True)
    assert unchanged(before, engine)
    done = bring(engine, tmp_path / "one.csv", text)
    assert (dry.new, dry.revised, dry.rows) == (done.new, done.revised, done.rows)
    assert "Dry run" in str(dry)


def test_a_target_is_what_the_pages_show(engine: Engine, tmp_path: Path) -> None:
    bring(engine, tmp_path / "targets.csv", TARGETS)
    with reading(engine) as connection:
        frame = area_values(connection, "la", indicator="inclusive_policy").set_index(["area_code", "period"])
        region = area_values(connection, "region", indicator="inclusive_policy").set_index(["area_code", "period"])
    assert frame.loc[("202", "2011/12"), "target"] == 91
    assert frame.loc[("302", "2011/12"), "target"] == 89  # Barnet: its region's
    assert region.loc[("E12000007", "2011/12"), "target"] == 89
    assert frame.loc[("383", "2011/12"), "target"] not in (89, 91)


def test_a_school_that_moves_takes_its_figures_along(engine: Engine, tmp_path: Path) -> None:
    """Its sums leave one cell and enter another; England stays what it was but for who is expected."""
    narrow(engine, "inclusive_policy", "reviewed")
    with reading(engine) as connection:
        o, s = schema.observation.c, schema.school.c
        urn = connection.execute(select(s.urn).where(s.la_code == "202", s.phase == "primary").order_by(s.urn)).scalar()
        pairs = connection.execute(
            select(func.count()).where(o.unit_code == urn, o.indicator == "inclusive_policy", o.to_version.is_(None))
        ).scalar()
        before = area_values(connection, "england", indicator="inclusive_policy")
    assert pairs
    text = REGISTER.format(urn=urn, phase="Primary").replace(",202,Camden", ",302,Barnet")
    report = bring(engine, tmp_path / "register.csv", text)
    assert (report.new, report.revised) == (0, 1)
    with reading(engine) as connection:
        after = area_values(connection, "england", indicator="inclusive_policy")
        summed = select(func.sum(schema.summary.c.n)).where(
            schema.summary.c.indicator == "inclusive_policy",
            schema.summary.c.staff_group == "all",
            schema.summary.c.phase == "all",
            schema.summary.c.la_code == "202",
        )
        camden = connection.execute(summed).scalar()
        schools = select(func.sum(o.numerator)).where(
            o.indicator == "inclusive_policy",
            o.to_version.is_(None),
            o.denominator.is_not(None),
            o.unit_code.in_(select(s.urn).where(s.la_code == "202")),
        )
        assert camden == connection.execute(schools).scalar()
    columns = ["period", "numerator", "denominator", "units", "expected_units"]
    pd.testing.assert_frame_equal(before[columns], after[columns])


def test_a_closed_school_is_expected_while_it_was_open(engine: Engine, tmp_path: Path) -> None:
    def expected() -> dict[str, float]:
        with reading(engine) as connection:
            frame = area_values(connection, "la", indicator="inclusive_policy")
        return frame[frame["area_code"] == "202"].set_index("period")["expected_units"].to_dict()

    before = expected()
    text = REGISTER.format(urn="900001", phase="Primary").replace("Open,,,", "Closed,01-09-2009,31-08-2011,")
    bring(engine, tmp_path / "register.csv", text)
    rise = {period: value - before[period] for period, value in expected().items()}
    assert rise == {"2009/10": 1, "2010/11": 1, "2011/12": 0}


def test_outlines_come_in_and_reach_the_maps(engine: Engine, tmp_path: Path) -> None:
    shipped = json.loads((PROJECT / "seed_data/geography/local_authorities_2009.geojson").read_text(encoding="utf-8"))
    report = bring(engine, tmp_path / "outlines.geojson", json.dumps(shipped))
    assert (report.layout, report.new) == ("boundaries", 152)
    with reading(engine) as connection:
        there = queries.boundaries(connection)
        assert queries.boundaries(connection, (report.data_version or 0) - 1) == {}
    assert len(there) == 152
    assert json.loads(there["202"])["type"] == "MultiPolygon"
    undo(engine, report.import_id or 0, "x")
    with reading(engine) as connection:
        assert queries.boundaries(connection) == {}
        assert len(queries.boundaries(connection, report.data_version)) == 152


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_filled_in_template_comes_back(engine: Engine, tmp_path: Path, suffix: str) -> None:
    with reading(engine) as connection:
        about = queries.indicators(connection).set_index("code", drop=False).loc["duplicated_offers"].to_dict()
        las = queries.authorities(connection)
    made = template.make(about, las[["code", "name"]].head(3), ["2010/11", "2011/12"])
    at = made.index[made["note"] == ""][:2]
    made.loc[at, ["numerator", "denominator"]] = ["3", "40"]
    from data_access.files.spreadsheets import csv_bytes, workbook

    content = csv_bytes(made) if suffix == "csv" else workbook({"data": made, template.HOW: template.explained(about)})
    report = bring(engine, tmp_path / f"filled.{suffix}", content)
    assert (report.layout, report.observations) == ("template", 2)
    assert report.ignored == {"example rows": 1, "rows without a figure": 1}
    with reading(engine) as connection:
        frame = area_values(connection, "la", indicator="duplicated_offers").set_index(["area_code", "period"])
    code = made.loc[at[0], "code"]
    assert frame.loc[(code, "2011/12"), ["numerator", "denominator"]].tolist() == [3, 40]


def test_a_fault_in_a_template_names_the_persons_own_column(engine: Engine, tmp_path: Path) -> None:
    text = "indicator,period,level,code,name,numerator,denominator\nduplicated_offers,2011/12,la,999,Nowhere,1,2\n"
    with pytest.raises(ImportRefused) as caught:
        bring(engine, tmp_path / "filled.csv", text)
    assert [(p.row, p.column, p.value) for p in caught.value.problems] == [(2, "code", "999")]


@pytest.mark.parametrize("text", [TARGETS + "nonsense,202,2011/12,5\n", NEIGHBOURS + "202,999,3,0.1\n"])
def test_a_refused_file_writes_nothing(engine: Engine, tmp_path: Path, text: str) -> None:
    before = everything(engine)
    with pytest.raises(ImportRefused):
        bring(engine, tmp_path / "bad.csv", text)
    assert unchanged(before, engine)
    with reading(engine) as connection:
        assert current_version(connection) == before["data_version"]["number"].max()


def test_a_file_without_source_or_mapping_is_refused(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "targets.csv"
    file.write_text(TARGETS, encoding="utf-8")
    with pytest.raises(ImportRefused, match="1 problem"):
        bring_in(engine, look(file))
    file.write_text("time_period,time_identifier,geographic_level,country_code,country_name,n\n"
                    "201112,Academic year,National,E92000001,England,1\n", encoding="utf-8")  # fmt: skip
    with pytest.raises(ImportRefused, match="1 problem"):
        bring_in(engine, look(file))


def test_all_faults_of_a_template_come_at_once(engine: Engine, tmp_path: Path) -> None:
    text = (
        "indicator,period,level,code,name,numerator,denominator\n"
        "duplicated_offers,Dec-11,la,202,Camden,1,2\n"
        "duplicated_offers,2011/12,la,302,Barnet,1O,2\n"
        "duplicated_offers,2011/12,la,203,Greenwich,9,2\n"
        "duplicated_offers,2011/12,la,999,Nowhere,1,2\n"
    )
    with pytest.raises(ImportRefused) as caught:
        bring(engine, tmp_path / "filled.csv", text)
    places = [(p.row, p.column) for p in caught.value.problems]
    assert places == [(2, "period"), (3, "numerator"), (4, "numerator"), (5, "code")]


def test_a_targets_template_with_one_cell_filled_loads(engine: Engine, tmp_path: Path) -> None:
    from data_access.files import targets
    from data_access.files.spreadsheets import csv_bytes

    with reading(engine) as connection:
        made = targets.template(queries.indicators(connection))
    made.loc[0, "value"] = "77"
    report = bring(engine, tmp_path / "targets.csv", csv_bytes(made))
    assert (report.observations, report.ignored) == (1, {"rows without a figure": len(made) - 1})
    with pytest.raises(ImportRefused, match="1 problem"):
        bring(engine, tmp_path / "blank.csv", csv_bytes(made.assign(value="")))


def test_rows_are_counted_as_the_file_has_them(engine: Engine, tmp_path: Path) -> None:
    text = (
        "indicator,period,level,code,name,numerator,denominator\n"
        "duplicated_offers,2011/12,la,202,Camden,1,2\nduplicated_offers,2011/12,la,302,Barnet,,\n"
    )
    report = bring(engine, tmp_path / "filled.csv", text)
    assert (report.rows, report.observations, sum(report.ignored.values())) == (2, 1, 1)
