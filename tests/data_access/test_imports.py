"""Files in: all or nothing, superseding, versions, and summaries of what was touched."""

import hashlib
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, func, select

from data_access import bulk, schema, summaries
from data_access.engine import current_version, reading, writing
from data_access.errors import DataAccessError, ImportRefused
from data_access.imports import import_file
from data_access.values import area_values, school_values
from tests.data_access.files import BARNET, CAMDEN, HEADER, definition, line, mapping, write

KEY = ["indicator", "period", "level", "unit_code", "staff_group", "phase"]


def everything(engine: Engine) -> dict[str, pd.DataFrame]:
    """Every table whole; observations and summaries as counts and sums, being large."""
    o, s = schema.observation.c, schema.summary.c
    with reading(engine) as connection:
        found = {
            name: bulk.frame(connection, select(table))
            for name, table in schema.metadata.tables.items()
            if name not in ("observation", "summary")
        }
        for name, query in {
            "observation": select(func.count(o.id), func.sum(o.numerator), func.sum(o.id), func.count(o.to_version)),
            "summary": select(func.count(s.period), func.sum(s.n), func.sum(s.dd), func.sum(s.expected_units)),
        }.items():
            found[name] = bulk.frame(connection, query)
    return found


def unchanged(before: dict[str, pd.DataFrame], engine: Engine) -> bool:
    return all(frame.equals(before[name]) for name, frame in everything(engine).items())


def history(engine: Engine, unit: str, indicator: str = "duplicated_offers", period: str = "2011/12") -> list[tuple]:
    o = schema.observation.c
    query = select(o.numerator, o.denominator, o.symbol, o.from_version, o.to_version).where(
        o.unit_code == unit, o.indicator == indicator, o.period == period
    )
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(query.order_by(o.id))]


def summaries_of(engine: Engine, indicators: list[str] | None = None) -> pd.DataFrame:
    query = select(schema.summary)
    if indicators is not None:
        query = query.where(schema.summary.c.indicator.in_(indicators))
    with reading(engine) as connection:
        frame = bulk.frame(connection, query)
    keys = ["indicator", "period", "staff_group", "la_code", "phase"]
    return frame.set_index(keys).sort_index().astype(float)


def test_a_revised_row_supersedes_the_old_one_which_stays(engine: Engine, tmp_path: Path) -> None:
    import_file(engine, write(tmp_path / "old.csv", [line(CAMDEN, 6, 48)]), None, mapping())
    before = history(engine, "202")[-1]
    with reading(engine) as connection:
        version = current_version(connection)
    report = import_file(engine, write(tmp_path / "new.csv", [line(CAMDEN, 7, 50)]), None, mapping())
    assert (report.new, report.revised, report.unchanged, report.data_version) == (0, 1, 0, version + 1)
    old, new = history(engine, "202")[-2:]
    assert old == (*before[:4], version + 1)
    assert new == (7.0, 50.0, None, version + 1, None)
    with reading(engine) as connection:
        row = area_values(connection, "la", indicator="duplicated_offers").query("area_code == '202'")
    row = row[row["period"] == "2011/12"].iloc[0]
    assert (row["numerator"], row["denominator"], row["value"]) == (7, 50, pytest.approx(14))


def test_summaries_are_remade_only_for_what_was_touched(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = summaries_of(engine)
    asked: list[pd.DataFrame] = []
    remake = summaries.remake
    monkeypatch.setattr(
        summaries, "remake", lambda c, touched, *rest: asked.append(touched) or remake(c, touched, *rest)
    )
    import_file(engine, write(tmp_path / "new.csv", [line(CAMDEN, 7, 50)]), None, mapping())
    assert [tuple(pair) for pair in asked[0].to_numpy()] == [("duplicated_offers", "2011/12")]
    after = summaries_of(engine)
    assert after.index.equals(before.index)
    differs = after.index[(after != before).any(axis=1)]
    assert list(differs) == [("duplicated_offers", "2011/12", "all", "202", "all")]


def test_remaking_every_summary_gives_the_same(engine: Engine, tmp_path: Path) -> None:
    """What was made from the file's rows is what the observations give when read back."""
    codes = ["reviewed", "pd_days", "plan_aligned", "clt_registered"]
    before = summaries_of(engine, codes)
    with writing(engine) as connection:
        summaries.remake(connection, before.index.to_frame(index=False)[["indicator", "period"]], None, 99)
    pd.testing.assert_frame_equal(summaries_of(engine, codes), before)


@pytest.mark.parametrize("dry", [True, False])
def test_nothing_is_written_by_a_dry_run_or_a_refused_file(engine: Engine, tmp_path: Path, dry: bool) -> None:
    before = everything(engine)
    rows = [line(CAMDEN, 7, 50), line(BARNET, 9, 60, period="201314")]
    extra = mapping("extra_one", indicators=[item_that_adds("extra_one")])
    if dry:
        report = import_file(engine, write(tmp_path / "new.csv", rows), None, extra, dry_run=True)
        assert (report.data_version, report.new, report.new_indicators) == (None, 2, ["extra_one"])
        assert "Dry run" in str(report)
    else:
        rows.append(line(["E12000007", "London", "999", "E09000099", "Nowhere"], 1, 2))
        with pytest.raises(ImportRefused):
            import_file(engine, write(tmp_path / "new.csv", rows), None, extra)
    assert unchanged(before, engine)


def item_that_adds(code: str, **changes: object) -> dict:
    return {"indicator": code, "numerator": "n", "denominator": "d", "define": definition(code, **changes)}


@pytest.mark.parametrize("at", ["compare", "insert", "remake"])
def test_a_crash_in_the_middle_rolls_everything_back(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    before = everything(engine)

    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("the power went")

    target = {"compare": "data_access.observations.compare", "remake": "data_access.summaries.remake"}
    if at == "insert":
        insert = bulk.insert
        monkeypatch.setattr(
            bulk, "insert", lambda c, table, rows: crash() if table is schema.summary else insert(c, table, rows)
        )
    else:
        monkeypatch.setattr(target[at], crash)
    with pytest.raises(RuntimeError, match="power"):
        import_file(engine, write(tmp_path / "new.csv", [line(CAMDEN, 7, 50)]), None, mapping())
    assert unchanged(before, engine)


def test_a_symbol_is_kept_and_never_read_as_zero(engine: Engine, tmp_path: Path) -> None:
    import_file(engine, write(tmp_path / "new.csv", [line(CAMDEN, "u", 50)]), None, mapping())
    assert history(engine, "202")[-1][:3] == (None, 50.0, "u")
    with reading(engine) as connection:
        frame = area_values(connection, "la", indicator="duplicated_offers")
    row = frame[(frame["area_code"] == "202") & (frame["period"] == "2011/12")].iloc[0]
    assert (row["symbol"], row["reason"], row["status"]) == ("u", "low reliability", "none")
    assert pd.isna(row["value"])


def test_later_codes_are_followed_back(engine: Engine, tmp_path: Path) -> None:
    later = ["E12000001", "North East", "390", "E08000037", "Gateshead"]
    formed = ["E12000009", "South West", "839", "E06000058", "Bournemouth, Christchurch and Poole"]
    joint = ["E12000007", "London", "z", "z", "Camden / Barnet"]
    report = import_file(
        engine,
        write(tmp_path / "new.csv", [line(later, 7, 50), line(formed, 1, 2), line(joint, 1, 2)]),
        None,
        mapping(),
    )
    assert report.observations == 1
    assert history(engine, "390")[-1][:2] == (7.0, 50.0)
    assert sorted(report.ignored.values()) == [1, 1]
    assert any("formed in 2019 from Bournemouth and Poole and part of Dorset" in reason for reason in report.ignored)


def test_london_halves_are_left_out_and_regions_keep_their_published_figures(engine: Engine, tmp_path: Path) -> None:
    inner, london = ["E13000001", "Inner London"], ["E12000007", "London"]
    rows = [
        line(inner, 1, 2, level="Regional"),
        line(london, 30, 90, level="Regional"),
        line([], 3, 4, level="National"),
    ]
    extra = mapping("extra_one", indicators=[item_that_adds("extra_one", collected_from="published")])
    report = import_file(engine, write(tmp_path / "new.csv", rows), None, extra)
    assert (report.observations, list(report.ignored.values())) == (2, [1])
    with reading(engine) as connection:
        frame = area_values(connection, "region", indicator="extra_one").set_index("area_code")
        england = area_values(connection, "england", indicator="extra_one").iloc[0]
    assert frame.loc["E12000007", "value"] == pytest.approx(100 / 3)
    assert frame["value"].notna().sum() == 1
    assert england["value"] == 75  # as published: regions are not pooled into it
    assert pd.isna(england["lower"])


def test_schools_load_and_pool_upwards(engine: Engine, tmp_path: Path) -> None:
    """A school-level file with unknown schools, a tree of staff groups and a missing part."""
    header = [*HEADER[:10], "school_urn", "school_laestab", "school_name", "phase", *HEADER[10:]]

    def row(urn: str, phase: str, group: str, n: object, d: object) -> list[str]:
        start = line(CAMDEN, n, d, level="School")
        return [*start[:10], urn, f"202{urn[-4:]}", f"School {urn}", phase, group, *start[11:]]

    rows = [
        row("100001", "Primary", "Teachers", 10, 20),
        row("100001", "Primary", "Support", "c", 9),
        row("100002", "Secondary", "Teachers", 30, 40),
        row("100002", "Secondary", "Support", 5, 30),
        row("100003", "Primary", "Teachers", 0, 10),
    ]
    file = write(tmp_path / "schools.csv", rows, header)
    groups = {"Teachers": "teachers", "Support": "support_staff"}
    extra = mapping(
        "extra_one",
        indicators=[item_that_adds("extra_one", collected_from="school", staff_groups=list(groups.values()))],
        filters={
            "phase": {"role": "phase", "values": {"Primary": "primary", "Secondary": "secondary"}},
            "group": {"role": "staff_group", "values": groups},
        },
    )
    with pytest.raises(ImportRefused, match="5 problems"):
        import_file(engine, file, None, extra)
    report = import_file(engine, file, None, extra.model_copy(update={"new_schools": "add"}))
    assert (report.new_schools, report.observations) == (3, 5)
    with reading(engine) as connection:
        camden = area_values(connection, "la", indicator="extra_one").set_index("area_code").loc["202"]
        teachers = area_values(connection, "england", indicator="extra_one", staff_group="teachers").iloc[0]
        single = school_values(connection, "extra_one", la_code="202", staff_group="support_staff")
        registered = connection.scalar(select(func.count()).where(schema.school.c.la_code == "202"))
    assert (camden["numerator"], camden["denominator"], camden["units"]) == (45, 100, 3)
    assert camden["expected_units"] == registered
    # Support staff rest on one school: the total less the teachers would give them away.
    assert (teachers["symbol"], teachers["units"]) == ("c", 3)
    single = single.set_index("area_code")
    assert single.loc["100001", "symbol"] == "c"
    assert single.loc["100002", "value"] == pytest.approx(100 / 6)
    assert single.loc["100003", "symbol"] == "x"


def test_new_schools_raise_the_expected_units_of_every_indicator(engine: Engine, tmp_path: Path) -> None:
    before = summaries_of(engine, ["reviewed", "inducted", "duplicated_offers"])
    test_schools_load_and_pool_upwards(engine, tmp_path)
    after = summaries_of(engine, ["reviewed", "inducted", "duplicated_offers"])
    rise = (after["expected_units"] - before["expected_units"]).dropna()
    rise = rise[rise != 0].reset_index()
    assert set(rise["la_code"]) == {"202"}
    assert rise[rise["phase"] == "all"]["expected_units"].eq(3).all()
    assert set(rise["indicator"]) == {"reviewed", "inducted"}  # the third is collected from local authorities


def test_an_indicator_of_one_region_counts_its_own_schools_only(engine: Engine, tmp_path: Path) -> None:
    header = [*HEADER[:10], "school_urn", "school_laestab", "school_name", *HEADER[10:]]
    with reading(engine) as connection:
        rows = connection.execute(select(schema.school.c.urn, schema.school.c.la_code)).all()
    urns = [(urn, la) for la in ("202", "383") for urn in [u for u, code in rows if code == la][:3]]  # Camden, Leeds
    lines = []
    for urn, la in urns:
        start = line(CAMDEN, 5, 10, level="School")
        lines.append([*start[:10], urn, f"{la}9001", "x", *start[10:]])
    extra = mapping("extra_one", indicators=[item_that_adds("extra_one", collected_from="school", scope="London")])
    import_file(engine, write(tmp_path / "schools.csv", lines, header), None, extra)
    with reading(engine) as connection:
        frame = area_values(connection, "region", indicator="extra_one")
    assert frame[["area_code", "numerator", "denominator"]].to_numpy().tolist() == [["E12000007", 15.0, 30.0]]


def test_blank_lines_bom_and_trailing_blanks_do_no_harm(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    write(file, [[value + "  " for value in line(CAMDEN, 7, 50)]])
    file.write_text("\ufeff" + file.read_text(encoding="utf-8") + "\n\n", encoding="utf-8")
    assert import_file(engine, file, None, mapping()).observations == 1
    assert history(engine, "202")[-1][:2] == (7.0, 50.0)


def test_an_import_says_where_it_came_from(engine: Engine, tmp_path: Path) -> None:
    file = write(tmp_path / "new.csv", [line(CAMDEN, 7, 50)])
    import_file(engine, file, None, mapping())
    with reading(engine) as connection:
        last = connection.execute(select(schema.import_).order_by(schema.import_.c.id.desc())).mappings().first()
    assert last is not None
    assert (last["file_name"], last["sha256"], last["rows"]) == (
        "new.csv",
        hashlib.sha256(file.read_bytes()).hexdigest(),
        1,
    )
    assert (last["source"], last["kind"], last["undone_at"]) == ("A test", "illustrative", None)
    assert last["imported_by"]


def test_every_refusal_is_an_error_of_this_room() -> None:
    assert issubclass(ImportRefused, DataAccessError)
