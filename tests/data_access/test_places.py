"""Places: codes first, then names; later authorities followed back and forth; nothing counted twice."""

import json
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, select

from data_access import schema
from data_access.engine import reading
from data_access.imports import import_file
from data_access.known import places as known_places
from data_access.places import VARIANTS, Found, Places, plain_name
from data_access.values import area_values
from tests.data_access.files import BARNET, CAMDEN, line, load, mapping, write


@pytest.fixture(scope="module")
def places(reader: Engine) -> Places:
    with reading(reader) as connection:
        return known_places(connection)


@pytest.mark.parametrize(
    ("old", "new", "name", "la_code"),
    [
        ("202", "E09000007", "Camden", "202"),
        ("202", "", "a name that drifted", "202"),
        ("", "e09000007", "", "202"),
        ("", "E09000007", "", "202"),
        ("", "", "London Borough of Camden", "202"),
        ("z", "x", "CAMDEN", "202"),
        ("", "", "Bristol, City of", "801"),
        ("", "", "City of Bristol", "801"),
        ("", "", "Herefordshire, County of", "884"),
        ("", "", "County Durham", "840"),
        ("", "", "St. Helens", "342"),
        ("", "", "Kingston upon Hull, City of", "810"),
        ("", "", "Hull", "810"),
        ("", "", "Telford & Wrekin", "894"),
        ("", "", "Bath and NE Somerset", "800"),
        ("", "", "Royal Borough of Kensington and Chelsea", "207"),
        ("", "", "City of London", "201"),
        ("", "", "Westminster City Council", "213"),
        # The 3-digit code comes first, whatever the other says.
        ("202", "E09000003", "Barnet", "202"),
        # Recoded later: the same authority.
        ("390", "E08000037", "Gateshead", "390"),
        ("", "E08000037", "Gateshead", "390"),
        ("", "E06000060", "Buckinghamshire", "825"),
        ("", "E06000065", "North Yorkshire", "815"),
    ],
)
def test_an_authority_is_found(places: Places, old: str, new: str, name: str, la_code: str) -> None:
    found = places.find(old, new, name)
    assert (found.la_code, found.part, found.why) == (la_code, "", "")
    assert found.odd == ("202 with E09000003" if (old, new) == ("202", "E09000003") else "")
    assert bool(found.later) == (old == "" and new in {"E08000037", "E06000060", "E06000065"})


@pytest.mark.parametrize(
    ("old", "new", "name", "says"),
    [
        (
            "839",
            "E06000058",
            "Bournemouth, Christchurch and Poole",
            "formed in 2019 from Bournemouth and Poole and part",
        ),
        ("838", "E06000059", "Dorset", "boundary changed in 2019"),
        ("z", "z", "Camden / Barnet", "joint"),
        ("z", "z", "Camden / Nowhere", "joint"),
        ("", "", "Atlantis", "unknown"),
        ("", "", "London", "unknown"),
        ("x", "x", "", "unknown"),
    ],
)
def test_what_cannot_be_taken_says_why(places: Places, old: str, new: str, name: str, says: str) -> None:
    found = places.find(old, new, name)
    assert (found.la_code, found.part) == (None, "")
    assert says in found.why


def test_a_code_that_nobody_knows_is_neither(places: Places) -> None:
    assert places.find("999", "E09000099", "Camden") == Found(None)  # a wrong code is not mended by a name


def test_splits_are_followed_both_ways(places: Places) -> None:
    assert places.find("940", "E06000061", "North Northamptonshire") == Found(
        "928", part="940", later="North Northamptonshire"
    )
    assert places.find("", "E06000062", "").part == "941"
    assert places.parts("928") == {"940", "941"}
    assert places.parts("909") == {"942", "943"}
    assert places.parts("202") == frozenset()
    assert [change.to_name for change in places.successors("928")] == [
        "North Northamptonshire",
        "West Northamptonshire",
    ]
    assert [change.to_code for change in places.successors("835")] == ["838", "839"]
    assert places.successors("202") == []


def test_names_are_told_apart(places: Places, reader: Engine) -> None:
    with reading(reader) as connection:
        names = dict(connection.execute(select(schema.local_authority.c.name, schema.local_authority.c.code)).all())
    assert len({plain_name(name) for name in names}) == len(names) == 152
    assert all(places.find("", "", name).la_code == code for name, code in names.items())
    assert all(plain_name(name) == name for name in VARIANTS if name != "corporation of london")
    assert set(VARIANTS.values()) <= set(names.values())


NORTH, WEST = (["E12000004", "East Midlands", code, "", ""] for code in ("940", "941"))


def test_parts_of_a_split_authority_are_added_up(engine: Engine, tmp_path: Path) -> None:
    file = write(tmp_path / "split.csv", [line(NORTH, 4, 30), line(WEST, 5, 40), line(CAMDEN, 7, 50)])
    report = import_file(engine, file, None, mapping())
    assert report.observations == 2
    assert report.ignored == {"rows added up to the authority that was split into them": 1}
    assert "North Northamptonshire, West Northamptonshire" in report.notes[0]
    o = schema.observation.c
    with reading(engine) as connection:
        current = select(o.numerator, o.denominator).where(o.unit_code == "928", o.to_version.is_(None))
        row = connection.execute(current.where(o.indicator == "duplicated_offers", o.period == "2011/12")).one()
    assert tuple(row) == (9, 70)


@pytest.mark.parametrize("rows", [[line(NORTH, 4, 30)], [line(NORTH, 4, 30), line(WEST, "c", 40)]])
def test_a_part_alone_is_not_the_whole(engine: Engine, tmp_path: Path, rows: list[list[str]]) -> None:
    report = import_file(engine, write(tmp_path / "part.csv", [*rows, line(CAMDEN, 7, 50)]), None, mapping())
    assert report.observations == 1
    assert [*report.ignored.values()] == [len(rows)]
    assert "split" in next(iter(report.ignored))


def test_england_is_the_sum_of_what_was_pooled(engine: Engine, tmp_path: Path) -> None:
    """Totals, regions, halves of London, joint and later authorities beside the authorities themselves."""
    inner, outer = ["E13000001", "Inner London"], ["E13000002", "Outer London"]
    rows = [
        line([], 1000, 9000, level="National"),
        line(["E12000007", "London"], 700, 5000, level="Regional"),
        line(inner, 300, 2000, level="Regional"),
        line(outer, 400, 3000, level="Regional"),
        line(CAMDEN, 7, 50),
        line(BARNET, 9, 60),
        line(NORTH, 4, 30),
        line(WEST, 5, 40),
        line(["", "", "390", "E08000037", "Gateshead"], 3, 20),
        line(["", "", "839", "E06000058", "Bournemouth, Christchurch and Poole"], 11, 70),
        line(["", "", "z", "z", "Camden / Barnet"], 13, 80),
    ]
    other = [line(place, n, 100, period="201213") for place, n in ((CAMDEN, 1), (BARNET, 2))]
    import_file(engine, write(tmp_path / "all.csv", [*rows, *other]), None, mapping())
    period = {"2011/12": None, "2012/13": (3, 200)}
    o, la = schema.observation.c, schema.local_authority.c
    for code, known in period.items():
        with reading(engine) as connection:
            there = connection.execute(
                select(o.unit_code, la.region_code, o.numerator, o.denominator)
                .join(schema.local_authority, la.code == o.unit_code)
                .where(o.indicator == "duplicated_offers", o.period == code, o.level == "la", o.to_version.is_(None))
                .where(o.numerator.is_not(None), o.denominator.is_not(None))
            ).all()
            found = {
                level: area_values(connection, level, indicator="duplicated_offers")
                for level in ("england", "region", "la")
            }
        found = {level: frame[frame["period"] == code] for level, frame in found.items()}
        pooled = pd.DataFrame(there, columns=["la", "region", "n", "d"])
        assert not pooled["la"].duplicated().any()
        england = found["england"].iloc[0]
        assert (england["numerator"], england["denominator"]) == (pooled["n"].sum(), pooled["d"].sum())
        assert found["region"]["numerator"].sum() == found["la"]["numerator"].sum() == pooled["n"].sum()
        assert not england["published_rate"]
        assert known is None or (england["numerator"], england["denominator"]) == known


def test_absence_england_is_the_sum_of_what_was_pooled(engine: Engine, absence: Path) -> None:
    """The real file, summed by hand from its text."""
    load(engine, absence, "absence_by_term")
    rows = pd.read_csv(absence, dtype=str)
    las = set(pd.read_csv("seed_data/geography/local_authorities_2009.csv", dtype=str)["old_la_code"])
    rows = rows[(rows["geographic_level"] == "Local authority") & rows["old_la_code"].isin(las)]
    with reading(engine) as connection:
        item = next(row for row in connection.execute(select(schema.indicator)) if row.outcome is None)
        found = area_values(connection, "england", indicator=item.code).set_index("period")
        told = connection.execute(select(schema.import_.c.mapping).order_by(schema.import_.c.id.desc())).scalar()
    content = json.loads(told)
    for column, rule in content["filters"].items():
        rows = rows[rows[column].isin(list(rule["values"]))]
    used = content["indicators"][0]
    for period, group in rows.groupby("time_period"):
        code = f"{period[:4]}/{period[4:]}"
        pair = group[[used["numerator"], used["denominator"]]].apply(pd.to_numeric, errors="coerce").dropna()
        assert found.loc[code, "numerator"] == pytest.approx(pair[used["numerator"]].sum())
        assert found.loc[code, "denominator"] == pytest.approx(pair[used["denominator"]].sum())
