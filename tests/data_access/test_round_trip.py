"""What leaves comes back in unchanged, into the database that it came from: no figure new, revised or lost."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, func, or_, select

from data_access import queries, schema
from data_access.engine import current_version, get_engine, reading
from data_access.imports import import_file
from data_access.publish import Published, write_zip
from data_access.settings import settings
from data_access.thresholds import set_threshold
from data_access.undo import undo
from data_access.values import area_values
from measures.sums import with_ancestors
from tests.conftest import narrow, sqlite_url
from tests.data_access.files import BARNET, CAMDEN, bring, definition, line, mapping, out, write

LATEST = ["2011/12", "2011/12 summer"]
AREAS = {"levels": ["england", "region", "la"], "phases": ["all", "secondary"]}
SCHOOLS = {"levels": ["school"], "phases": ["all", "primary"], "areas": ["202"]}
WESTMINSTER = ["E12000007", "London", "213", "E09000033", "Westminster"]
SMALL = {"indicators": ["pd_days"], "levels": ["school"], "staff_groups": ["support_staff"], "areas": ["202"]}


def state(engine: Engine) -> dict[str, list[tuple]]:
    """The figures, the sums and what is withheld, whole and in order."""
    with reading(engine) as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in (schema.observation, schema.summary, schema.withheld, schema.school, schema.indicator)
        }


def changed_since(engine: Engine, version: int) -> dict[str, int]:
    """How many rows of each table began or ceased to count after a data version; only tables in which any did."""
    found = {}
    with reading(engine) as connection:
        for name, table in schema.metadata.tables.items():
            marks = [table.c[mark] for mark in ("from_version", "to_version") if mark in table.c]
            if marks:
                query = select(func.count()).select_from(table).where(or_(*(mark > version for mark in marks)))
                found[name] = connection.execute(query).scalar_one()
    return {name: count for name, count in found.items() if count}


def version_of(engine: Engine) -> int:
    with reading(engine) as connection:
        return current_version(connection)


def selections(engine: Engine) -> list[dict]:
    """All indicators, those collected for the same staff groups together, with the first and last of these groups."""
    with reading(engine) as connection:
        about, groups = queries.indicators(connection), queries.staff_groups(connection)
    parents = dict(
        zip(groups["code"], groups["parent"].astype(object).where(groups["parent"].notna(), None), strict=True)
    )
    about["nodes"] = ["|".join(with_ancestors(given, parents)) for given in about["staff_groups"]]
    return [
        {"indicators": list(codes), "staff_groups": list(dict.fromkeys([nodes.split("|")[0], nodes.split("|")[-1]]))}
        for nodes, codes in about.groupby("nodes")["code"]
    ]


def counts(engine: Engine, units: list[str], code: str = "duplicated_offers", period: str = "2011/12") -> list[tuple]:
    """Numerator, denominator and symbol that count now, by unit."""
    o = schema.observation.c
    query = select(o.numerator, o.denominator, o.symbol).where(
        o.indicator == code, o.period == period, o.unit_code.in_(units), o.to_version.is_(None)
    )
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(query.order_by(o.unit_code))]


def suppressed(made: Published) -> int:
    return int((made.data[[item.columns[0] for item in made.mapping.indicators]] == "c").to_numpy().sum())


def from_elsewhere(made: Published) -> Published:
    """The same figures as another publisher's."""
    return replace(made, mapping=made.mapping.model_copy(update={"data_set": "Someone's figures"}))


@pytest.mark.parametrize("where", [AREAS, SCHOOLS], ids=["areas", "schools"])
def test_all_indicators_come_back_unchanged_at_every_level(small_database: Path, tmp_path: Path, where: dict) -> None:
    reader = get_engine(sqlite_url(small_database))
    hidden = there = 0
    for selection in selections(reader):
        if where is SCHOOLS and "clt_registered" in selection["indicators"]:
            continue  # authorities are asked for it, so there is nothing of schools
        made = out(reader, **selection, **where, periods=LATEST)
        report = bring(reader, tmp_path, write_zip(made, "figures"), dry_run=True)
        assert (report.new, report.revised, report.unchanged) == (0, 0, len(made.data) * len(selection["indicators"]))
        hidden, there = hidden + suppressed(made), there + report.unchanged
    assert 0 < hidden < there


@pytest.mark.parametrize(
    "choice",
    [
        {"indicators": ["clusters_assured", "network_reach"], "levels": ["england", "region", "la"]},
        {"indicators": ["reviewed", "inducted"], "levels": ["england", "la", "school"], "areas": ["202"]},
        SMALL | {"staff_groups": ["all", "support_staff"]},
    ],
    ids=lambda choice: ", ".join(choice["indicators"]),
)
def test_a_real_load_leaves_the_database_as_it_was(engine: Engine, tmp_path: Path, choice: dict) -> None:
    narrow(engine, *choice["indicators"])
    before, version = state(engine), version_of(engine)
    content = write_zip(out(engine, **choice), "figures")
    said = bring(engine, tmp_path, content, dry_run=True)
    report = bring(engine, tmp_path, content)
    assert (report.new, report.revised, report.unchanged) == (0, 0, report.observations)
    assert (said.new, said.revised, said.unchanged) == (0, 0, report.unchanged)
    assert changed_since(engine, version) == {}
    changed = [name for name, rows in state(engine).items() if rows != before[name]]
    assert not changed
    assert write_zip(out(engine, **choice), "figures") == content
    assert bring(engine, tmp_path, content).data_version is None  # all of it is there already
    assert report.import_id is not None
    undo(engine, report.import_id, "a tester")
    assert changed_since(engine, version) == {}


def test_the_report_says_what_was_left_as_it_is(engine: Engine, tmp_path: Path) -> None:
    made = out(engine, **SMALL)
    report = bring(engine, tmp_path, write_zip(made, "figures"), dry_run=True)
    number = suppressed(made)
    assert number > 0
    assert f"Of the unchanged, {number} say only what is shown here already, or that it is suppressed" in str(report)
    with_none = out(engine, indicators=["duplicated_offers"])
    assert "Of the unchanged" not in str(bring(engine, tmp_path, write_zip(with_none, "figures"), dry_run=True))


def test_numbers_that_were_suppressed_at_an_earlier_version_stay(engine: Engine, tmp_path: Path) -> None:
    shown = out(engine, **SMALL)
    version = set_threshold(engine, "fewest_people", 1000, indicator="pd_days", by="a tester")
    set_threshold(engine, "fewest_people", None, indicator="pd_days", by="a tester")
    then = out(engine, **SMALL, as_at=version)
    assert suppressed(then) == len(then.data) > suppressed(shown)
    before = version_of(engine)
    report = bring(engine, tmp_path, write_zip(then, "figures"))
    assert (report.new, report.revised) == (0, 0)
    assert changed_since(engine, before) == {}


def test_numbers_kept_from_those_who_may_not_see_all_schools_stay(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = {"indicators": ["inclusive_policy"], "levels": ["school"], "areas": ["202"]}
    assert suppressed(out(engine, **choice)) == 0
    monkeypatch.setattr(settings(), "schools_of", "202")
    made = out(engine, **choice)
    assert suppressed(made) > 0
    before = version_of(engine)
    for allowed in ("202", "none", "all"):
        monkeypatch.setattr(settings(), "schools_of", allowed)
        report = bring(engine, tmp_path, write_zip(made, "figures"), dry_run=True)
        assert (report.new, report.revised, report.unchanged) == (0, 0, len(made.data))
    bring(engine, tmp_path, write_zip(made, "figures"))
    assert changed_since(engine, before) == {}


def test_numbers_of_an_earlier_version_are_a_revision(engine: Engine, tmp_path: Path) -> None:
    import_file(engine, write(tmp_path / "old.csv", [line(CAMDEN, 6, 48)]), None, mapping())
    version = version_of(engine)
    import_file(engine, write(tmp_path / "new.csv", [line(CAMDEN, 7, 50)]), None, mapping())
    then = out(engine, indicators=["duplicated_offers"], as_at=version)
    report = bring(engine, tmp_path, write_zip(then, "figures"))
    assert (report.new, report.revised) == (0, 1)
    assert counts(engine, ["202"]) == [(6, 48, None)]


def test_a_file_of_the_dashboard_that_was_edited_revises_what_was_edited(engine: Engine, tmp_path: Path) -> None:
    made = out(engine, indicators=["duplicated_offers"], periods=["2011/12"])
    told = made.data["duplicated_offers_numerator"] != "c"
    data = made.data.copy()
    row = data.index[told][0]
    data.loc[row, ["duplicated_offers_numerator", "duplicated_offers_denominator"]] = ["1", "77"]
    report = bring(engine, tmp_path, write_zip(replace(made, data=data), "figures"))
    assert (report.new, report.revised) == (0, 1)
    assert counts(engine, [data.loc[row, "old_la_code"]]) == [(1, 77, None)]


def test_another_publishers_c_holds_nothing_new_where_it_is_suppressed_here(engine: Engine, tmp_path: Path) -> None:
    made = out(engine, **SMALL)
    before = version_of(engine)
    report = bring(engine, tmp_path, write_zip(from_elsewhere(made), "figures"))
    assert suppressed(made) > 0
    assert (report.new, report.revised, report.unchanged) == (0, 0, len(made.data))
    assert changed_since(engine, before) == {}


@pytest.mark.parametrize("denominator", ["c", "8"])
def test_another_publishers_c_supersedes_what_is_shown_here(engine: Engine, tmp_path: Path, denominator: str) -> None:
    """Camden has too few people to be shown, Barnet protects it, Westminster is shown: their publisher hides all."""
    item = {"indicator": "extra_one", "numerator": "n", "denominator": "d"}
    define = definition("extra_one", collected_from="published", denominator_counts="people")
    extra = mapping(indicators=[item | {"define": define}], kind="published")
    places, codes = [CAMDEN, WESTMINSTER, BARNET], ["202", "213", "302"]
    held = [(5, 8, None), (40, 90, None), (30, 60, None)]
    rows = [line(place, n, d) for place, (n, d, _) in zip(places, held, strict=True)]
    import_file(engine, write(tmp_path / "first.csv", rows), None, extra)
    with reading(engine) as connection:
        frame = area_values(connection, "la", indicator="extra_one").set_index("area_code")
    assert frame.loc[codes, "symbol"].tolist() == ["c", "", "c"]
    rows = [line(place, "c", denominator if place is CAMDEN else "c") for place in places]
    report = import_file(engine, write(tmp_path / "second.csv", rows), None, extra)
    assert (report.new, report.revised, report.unchanged) == (0, 1, 2)
    assert counts(engine, codes, "extra_one") == [held[0], (None, None, "c"), held[2]]
    assert report.import_id is not None
    undo(engine, report.import_id, "a tester")
    assert counts(engine, codes, "extra_one") == held


def test_another_publishers_pooled_figures_stand_behind_those_pooled_here(engine: Engine, tmp_path: Path) -> None:
    def shown() -> list[pd.DataFrame]:
        with reading(engine) as connection:
            return [area_values(connection, level, indicator="reviewed") for level in ("england", "la")]

    before = shown()
    made = from_elsewhere(out(engine, indicators=["reviewed"]))
    report = bring(engine, tmp_path, write_zip(made, "figures"))
    assert report.new == report.observations
    for frame, then in zip(shown(), before, strict=True):
        pd.testing.assert_frame_equal(frame, then, check_dtype=False)


def test_a_rate_beside_counts_stays(engine: Engine, tmp_path: Path) -> None:
    """A file in which an indicator has counts and, elsewhere, a rate without them reads the counts alone."""
    rate = {"indicator": "extra_one", "rate": "n", "define": definition("extra_one")}
    rows = [line([], 12.1, "x", level="National")]
    import_file(engine, write(tmp_path / "rate.csv", rows), None, mapping(indicators=[rate]))
    import_file(engine, write(tmp_path / "counts.csv", [line(CAMDEN, 7, 50, "201011")]), None, mapping("extra_one"))
    before = version_of(engine)
    made = out(engine, indicators=["extra_one"], levels=["england", "la"])
    report = bring(engine, tmp_path, write_zip(made, "figures"))
    assert (report.new, report.revised, report.unchanged) == (0, 0, len(made.data))
    assert changed_since(engine, before) == {}
