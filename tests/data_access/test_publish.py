"""Figures out in the EES layout, and back in: the same bytes, nothing revised, nothing suppressed told."""

import json
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select, update

from data_access import incoming, schema
from data_access.access import Viewer
from data_access.engine import get_engine, reading, writing
from data_access.errors import UnknownCode
from data_access.files.mapping import Mapping
from data_access.files.opening import open_files
from data_access.imports import import_file
from data_access.publish import PARTS, Published, shortest, write_zip
from data_access.values import area_values
from tests.conftest import sqlite_url
from tests.data_access.files import BARNET, CAMDEN, bring, definition, line, mapping, out, write

WHOLE = [  # selections at the level from which an indicator is collected, or with the levels above it
    {"indicators": ["duplicated_offers"]},
    {"indicators": ["network_reach", "plan_aligned"], "levels": ["england", "region", "la"]},
    {"indicators": ["clusters_assured"], "levels": ["la", "england"], "periods": ["2010/11 autumn", "2010/11 summer"]},
    {"indicators": ["clt_registered"], "staff_groups": ["teachers"], "areas": ["E12000007"]},
    # One without a past: what an earlier version showed or hid has its say in what is hidden.
    {"indicators": ["impact_evaluated"], "levels": ["england", "region", "school"], "periods": ["2011/12"]},
    {"indicators": ["pd_days"], "staff_groups": ["teachers", "support_staff"], "levels": ["school"], "areas": ["202"]},
]
ABOVE = [  # levels above the one from which an indicator is collected: they come back as published for the area
    {"indicators": ["reviewed"], "staff_groups": ["all", "teachers", "site"], "phases": ["all", "primary"]},
    {"indicators": ["needs_met", "pd_in_improvement_plan"], "levels": ["england", "region"], "areas": ["E12000003"]},
    {"indicators": ["inducted"], "levels": ["region", "la"], "periods": ["2011/12 spring"]},
]


def strip(engine: Engine) -> None:
    """Leave the strategy, the places and the schools: no figure, no import, no indicator that an import brought."""
    i = schema.indicator.c
    with writing(engine) as connection:
        for name in ("confirmation", "quality_check", "observation", "summary", "summary_past", "import"):
            connection.execute(delete(schema.metadata.tables[name]))
        connection.execute(delete(schema.indicator).where(i.from_version > 1))


def figures(made: Published) -> pd.DataFrame:
    """The columns that come back: when, where, who, and those that the mapping reads."""
    read = [column for item in made.mapping.indicators for column in item.columns]
    parts = [column for column in made.data.columns if column.rpartition("_")[2] in PARTS]
    return made.data[[column for column in made.data.columns if column not in parts or column in read]]


def of_level(engine: Engine, level: str, code: str) -> pd.DataFrame:
    with reading(engine) as connection:
        return area_values(connection, level, indicator=code)


@pytest.mark.parametrize("choice", WHOLE, ids=str)
def test_what_leaves_comes_back_byte_for_byte(engine: Engine, tmp_path: Path, choice: dict) -> None:
    before = write_zip(out(engine, **choice), "figures")
    strip(engine)
    report = bring(engine, tmp_path, before)
    assert report.revised == 0
    assert write_zip(out(engine, **choice), "figures") == before


@pytest.mark.parametrize("choice", ABOVE, ids=str)
def test_pooled_figures_come_back_as_published_for_the_area(engine: Engine, tmp_path: Path, choice: dict) -> None:
    before = out(engine, **choice)
    strip(engine)
    bring(engine, tmp_path, write_zip(before, "figures"))
    after = out(engine, **choice)
    pd.testing.assert_frame_equal(figures(after), figures(before))
    assert after.mapping == before.mapping
    assert (figures(before) == "c").any(axis=None) or choice["indicators"] != ["reviewed"]
    lower = after.data[f"{choice['indicators'][0]}_lower"]
    assert set(lower) <= {"z", "x", "c"}  # an interval cannot be made from two numbers


def test_as_it_stood_at_an_earlier_version(engine: Engine, tmp_path: Path) -> None:
    with reading(engine) as connection:
        version = connection.execute(select(schema.data_version.c.number)).scalars().all()[-1]
    before = write_zip(out(engine, indicators=["duplicated_offers"]), "figures")
    import_file(engine, write(tmp_path / "new.csv", [line(CAMDEN, 7, 50)]), None, mapping())
    assert write_zip(out(engine, indicators=["duplicated_offers"]), "figures") != before
    then = write_zip(out(engine, indicators=["duplicated_offers"], as_at=version), "figures")
    assert then == before
    strip(engine)
    bring(engine, tmp_path, then)
    assert write_zip(out(engine, indicators=["duplicated_offers"]), "figures") == before


def test_a_published_rate_takes_its_definition_along(engine: Engine, tmp_path: Path) -> None:
    rows = [line([], 100 / 3, "x", level="National"), line(CAMDEN[:2], 12.1, "x", level="Regional")]
    item = {"indicator": "extra_one", "rate": "n", "define": definition("extra_one", collected_from="published")}
    extra = mapping(indicators=[item], kind="published")
    import_file(engine, write(tmp_path / "new.csv", rows), None, extra)
    made = out(engine, indicators=["extra_one"], levels=["england", "region"])
    assert made.mapping.indicators[0].rate == "extra_one_rate"
    assert made.data["extra_one_rate"].tolist() == ["33.333333333333336", "12.1"]
    assert set(made.data["extra_one_numerator"]) == {"z"}
    assert (made.mapping.source, made.mapping.kind) == ("A test", "published")
    before = write_zip(made, "figures")
    strip(engine)
    assert bring(engine, tmp_path, before).new_indicators == ["extra_one"]
    assert write_zip(out(engine, indicators=["extra_one"], levels=["england", "region"]), "figures") == before


@pytest.mark.parametrize(
    ("code", "level", "group", "phase"),
    [
        ("reviewed", "la", "all", "all"),
        ("pd_days", "region", "teachers", "all"),
        ("level_three", "la", "all", "special"),
    ],
)
def test_every_cell_is_what_the_pages_show(reader: Engine, code: str, level: str, group: str, phase: str) -> None:
    made = out(reader, indicators=[code], levels=[level], staff_groups=[group], phases=[phase]).data
    with reading(reader) as connection:
        frame = area_values(connection, level, indicator=code, staff_group=group, phase=phase)
    shown = frame[~frame["symbol"].isin(["z", "x"])].rename(columns={"value": "rate"})
    shown = shown.sort_values(["period_position", "area_code"])
    assert made[{"la": "old_la_code", "region": "region_code"}[level]].tolist() == shown["area_code"].tolist()
    for name in PARTS:
        cells = made[f"{code}_{name}"]
        expected = shown[name].where(shown["rate"].notna()).to_numpy(dtype=float)
        np.testing.assert_array_equal(pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float), expected)
        # Where there is no figure, no part of it leaves: not even how many reported.
        assert set(cells[shown["rate"].isna().to_numpy()]) <= {"c"}


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_reads_back_equal(number: float) -> None:
    assert pd.to_numeric(pd.Series([shortest(number)])).astype(float)[0] == number


def test_rows_are_the_chosen_places_in_a_stable_order(reader: Engine) -> None:
    choice = {"indicators": ["plan_aligned", "clusters_assured"], "levels": ["la", "england", "region"]}
    data = out(reader, **choice, areas=["E12000007", "383"]).data
    assert set(data["old_la_code"]) > {"202", "383"}
    assert set(data.loc[data["geographic_level"] == "Regional", "region_code"]) == {"E12000007"}
    assert data.loc[data["old_la_code"] == "383", "region_name"].unique().tolist() == ["Yorkshire and The Humber"]
    assert data["geographic_level"].unique().tolist() == ["National", "Regional", "Local authority"]
    # A term has no figure of what is counted each year.
    assert set(data.loc[data["time_identifier"] != "Academic year", "plan_aligned_rate"]) == {"z"}
    again = out(reader, **choice, areas=["383", "E12000007"]).data
    pd.testing.assert_frame_equal(again, data)


def test_a_school_stands_once(reader: Engine) -> None:
    choice = {"indicators": ["inclusive_policy"], "levels": ["school"], "areas": ["202"]}
    every = out(reader, **choice, phases=["all", "primary"]).data
    assert set(every["phase"]) == {"all"}
    some = out(reader, **choice, phases=["primary", "special"]).data
    assert set(some["phase"]) <= {"primary", "special"}
    assert 0 < len(some) < len(every)
    assert every["school_laestab"].str.startswith("202").all()
    assert set(every["old_la_code"]) == {"202"}


@pytest.mark.parametrize("name", ["=cmd()", "+44 School", "@home", "-1 + 2", "St Mary’s, “Nº 1”; Café"])
def test_names_come_through_as_text(engine: Engine, tmp_path: Path, name: str) -> None:
    choice = {"indicators": ["inclusive_policy"], "levels": ["school"], "areas": ["202"]}
    s = schema.school
    with writing(engine) as connection:
        urn = out(engine, **choice).data["school_urn"].iloc[0]
        connection.execute(update(s).where(s.c.urn == urn).values(name=name))
    content = write_zip(out(engine, **choice), "figures")
    (tmp_path / "x.zip").write_bytes(content)
    cells = open_files(tmp_path / "x.zip").data.whole()["school_name"]
    assert (name if name.startswith("St") else f"'{name}") in set(cells)
    assert bring(engine, tmp_path, content).revised == 0
    assert write_zip(out(engine, **choice), "figures") == content


def test_the_zip_is_one_that_is_taken(reader: Engine, tmp_path: Path) -> None:
    made = out(reader, indicators=["reviewed", "cost_per_participant_day"])
    for stem, name in (("figures 2011-12", "figures-2011-12"), ("../up.meta", "up-meta"), ("..", "figures")):
        content = write_zip(made, stem)
        assert zipfile.ZipFile(BytesIO(content)).namelist() == [
            f"{name}.{e}" for e in ("csv", "meta.csv", "mapping.yaml", "csv-metadata.json")
        ]
        (tmp_path / "x.zip").write_bytes(content)
        found = incoming.look(tmp_path / "x.zip")
        assert found.mapping == made.mapping
        assert found.found is not None
        assert found.found.notes == [
            "the filter staff_group has one value, “all”.", "the filter phase has one value, “all”.",
        ]  # fmt: skip
        assert {column.role for column in found.found.columns[12:]} == {"indicator"}
        assert [column.name for column in found.found.of_role("filter")] == ["staff_group", "phase"]
    units = {row["col_name"]: row["indicator_unit"] for row in made.meta.to_dict("records")}
    assert (units["reviewed_rate"], units["cost_per_participant_day_rate"], units["reviewed_numerator"]) == (
        "%",
        "£",
        "",
    )
    assert isinstance(made.mapping, Mapping)
    assert made.mapping.kind == "illustrative"


def test_csvw_metadata_reads_the_csv_back(reader: Engine) -> None:
    """By the rules of CSVW alone: columns by their titles, types by datatype, symbols as null."""
    made = out(reader, indicators=["reviewed", "cost_per_participant_day"], levels=["region", "la"])
    archive = zipfile.ZipFile(BytesIO(write_zip(made, "figures")))
    said = json.loads(archive.read("figures.csv-metadata.json"))
    columns = said["tableSchema"]["columns"]
    numbers = {column["titles"]: column["null"] for column in columns if column["datatype"] == "number"}
    read = pd.read_csv(
        BytesIO(archive.read(said["url"])),
        encoding="utf-8-sig",
        dtype={column["titles"]: float if column["titles"] in numbers else str for column in columns},
        na_values=numbers,
        keep_default_na=False,
    )
    assert list(read) == [column["titles"] for column in columns] == list(made.data)
    assert len(numbers) == 2 * len(PARTS)
    for name in read:
        if name in numbers:
            assert read[name].equals(pd.to_numeric(made.data[name], errors="coerce").astype(float)), name
        else:
            assert read[name].tolist() == made.data[name].tolist()
    assert not read.duplicated(said["tableSchema"]["primaryKey"]).any()
    about = {column["name"]: column.get("dc:description", "") for column in columns}
    assert about["reviewed_rate"].endswith(", in %")
    assert "primary" in about["phase"] or "all" in about["phase"]
    assert said["dc:description"].startswith("Illustrative data")
    assert (said["dc:source"], said["dc:license"]) == (made.mapping.source, made.mapping.licence)


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        ({"indicators": ["nonsense"]}, "not a known indicator"),
        ({"indicators": []}, "names no indicator"),
        ({"indicators": ["reviewed", "reviewed"]}, "one twice"),
        ({"indicators": ["inclusive_policy"], "staff_groups": ["teachers"]}, "not collected for the staff group"),
        ({"indicators": ["reviewed"], "levels": ["ward"]}, "not a known level"),
        ({"indicators": ["reviewed"], "periods": ["2011/12 autumn"]}, "no figures for this selection"),
        ({"indicators": ["reviewed"], "periods": ["1066/67"]}, "not a known period"),
        ({"indicators": ["reviewed"], "areas": ["999"]}, "not a known area"),
        ({"indicators": ["clt_registered"], "areas": ["383"], "staff_groups": ["teachers"]}, "no figures"),
        ({"indicators": ["clt_registered"], "as_at": 1, "staff_groups": ["teachers"]}, "no figures"),
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_leave_is_refused_in_a_sentence(small_database: Path, choice: dict, says: str) -> None:
    with pytest.raises(UnknownCode, match=says):
        out(get_engine(sqlite_url(small_database)), **choice)


def test_schools_of_others_are_left_out_and_a_refusal_says_so(reader: Engine) -> None:
    choice = {"indicators": ["reviewed"], "levels": ["school"], "periods": ["2011/12"]}
    officer = Viewer(frozenset({"202"}))
    assert set(out(reader, **choice, viewer=officer).data["old_la_code"]) == {"202"}
    with pytest.raises(UnknownCode, match="shown to their own officers only are left out"):
        out(reader, **choice, areas=["383"], viewer=officer)


def test_barnet_is_not_camden(reader: Engine) -> None:
    """The names beside the codes are those of the place."""
    data = out(reader, indicators=["plan_aligned"], areas=["202", "302"], periods=["2010/11"]).data
    places = data[["region_code", "region_name", "old_la_code", "new_la_code", "la_name"]].to_numpy().tolist()
    assert places == [CAMDEN, BARNET]
