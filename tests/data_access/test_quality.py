"""What an import is told to look at: each check with a file that has it and one that has not, on both databases."""

from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, func, select

from data_access import access, quality, schema, versions
from data_access.access import RIGHTS, Role, Viewer
from data_access.engine import reading, writing
from data_access.files.mapping import Mapping
from data_access.imports import Report, import_file
from tests.data_access.files import BARNET, CAMDEN, HEADER, definition, line, mapping, write
from tests.measures.slow import figure, z

LEEDS = ["E12000003", "Yorkshire and The Humber", "383", "E08000035", "Leeds"]
BRENT = ["E12000007", "London", "304", "E09000005", "Brent"]
PLACES = [CAMDEN, BARNET, BRENT, LEEDS]


def defined(rate: str | None = None, **changes: object) -> Mapping:
    """A mapping of columns n and d, and a rate where given, to a new indicator of local authorities."""
    counted = {"denominator_counts": "schools"} | changes
    item = {"indicator": "extra_one", "define": definition("extra_one", **counted)}
    columns = {"numerator": "n", "denominator": "d"} if changes.get("collected_from") != "published" else {}
    return mapping("extra_one", indicators=[item | columns | ({"rate": rate} if rate else {})])


def steady(period: str, places: list[list[str]] = PLACES, n: int = 50, d: int = 100) -> list[list[str]]:
    return [line(place, n, d, period) for place in places]


def load(engine: Engine, folder: Path, rows: list[list[str]], how: Mapping, header: list[str] = HEADER) -> Report:
    return import_file(engine, write(folder / "new.csv", rows, header), None, how)


def kept(engine: Engine, report: Report) -> dict[str, quality.Check]:
    """The findings of an import as they are read back, which must be those that it reported."""
    assert report.import_id is not None
    with reading(engine) as connection:
        found = quality.checks(connection, report.import_id)
    assert [(c.check, c.severity, c.sentence, c.count) for c in found] == [
        (c.check, c.severity, c.sentence, c.count) for c in report.checks
    ]
    assert all(c.severity != "error" and len(c.rows) and c.count >= len(c.rows) for c in found)
    return {c.check: c for c in found}


def test_a_file_without_anything_odd_has_no_findings(engine: Engine, tmp_path: Path) -> None:
    rows = [line([], 200, 400, "201011", "National"), *steady("200910"), *steady("201011"), *steady("201112", n=55)]
    report = load(engine, tmp_path, rows, defined(target={"period": "2011/12", "value": 60}))
    assert kept(engine, report) == {}


def test_a_jump_is_measured_from_the_period_before(engine: Engine, tmp_path: Path) -> None:
    rows = [*steady("200910"), *steady("201112", [BARNET, BRENT, LEEDS]), line(CAMDEN, 90, 100)]
    row = kept(engine, load(engine, tmp_path, rows, defined()))["jump"].rows.iloc[0]
    assert row[["area_code", "area", "indicator", "period", "period_before", "before", "after", "symbol"]].tolist() == [
        "202", "Camden", "extra_one", "2011/12", "2009/10", 50.0, 90.0, "",
    ]  # fmt: skip
    errors = [(made.upper - made.lower) / 2 / z(0.95) for made in (figure([(n, 100)], "percent") for n in (50, 90))]
    error = (errors[0] ** 2 + errors[1] ** 2) ** 0.5
    assert row["standard_error"] == pytest.approx(error, rel=1e-4)
    assert row["jump"] == pytest.approx(40 / error, rel=1e-4)


def test_counts_of_other_things_jump_when_they_leave_the_others(engine: Engine, tmp_path: Path) -> None:
    """Sessions of a whole authority are no sample: its change is held against those of all authorities."""
    with reading(engine) as connection:
        codes = connection.execute(select(schema.local_authority.c.code).order_by(schema.local_authority.c.code))
        places = [["", "", code, "", ""] for code in codes.scalars()][:40]
    before = [line(place, 500_000, 1_000_000, "201011") for place in places]
    after = [line(place, 520_000 + 1000 * (at % 5), 1_000_000) for at, place in enumerate(places)]
    after[7] = line(places[7], 600_000, 1_000_000)
    report = load(engine, tmp_path, [*before, *after], defined(denominator_counts="other"))
    row = kept(engine, report)["jump"].rows
    assert row["area_code"].tolist() == [places[7][2]]
    changes = pd.Series([2 + 0.1 * (at % 5) for at in range(40)])
    changes[7] = 10.0
    off = changes - changes.median()
    spread = 1.4826 * off.abs().median()
    assert row["jump"].iloc[0] == pytest.approx(off[7] / spread, rel=1e-6)
    assert "jump" not in kept(engine, load(engine, tmp_path, [line(CAMDEN, 9, 10, "201213")], mapping("extra_one")))


def test_a_term_is_compared_with_the_term_before(engine: Engine, tmp_path: Path) -> None:
    def term(name: str, period: str, n: int) -> list[str]:
        return [period, f"{name} term", *line(CAMDEN, n, 100)[2:]]

    rows = [term("Summer", "200910", 50), term("Autumn", "201011", 95), term("Spring", "201011", 95)]
    rows.append(line(CAMDEN, 5, 100, "201011"))  # the year has no year before it
    found = kept(engine, load(engine, tmp_path, rows, defined(frequency="term")))["jump"]
    assert found.rows[["period", "period_before"]].to_numpy().tolist() == [["2010/11 autumn", "2009/10 summer"]]


def test_what_is_suppressed_is_not_shown_with_a_jump(engine: Engine, tmp_path: Path) -> None:
    rows = [*steady("201011"), *steady("201112", [BARNET, LEEDS]), line(CAMDEN, 9, 9), line(BRENT, 95, 100)]
    rows[0] = line(CAMDEN, 0, 9, "201011")
    found = kept(engine, load(engine, tmp_path, rows, defined(denominator_counts="people")))
    shown = found["jump"].rows.set_index("area")
    # Camden's own; in London one of the larger goes with it, so that it cannot be had by subtraction.
    assert shown.loc["Camden", "symbol"] == "c"
    assert shown.loc["Camden", ["before", "after", "standard_error", "jump"]].isna().all()
    changed = found["jump"].rows
    assert changed["symbol"].tolist() == sorted(changed["symbol"])


@pytest.mark.parametrize(("places", "missing"), [(PLACES[:3], ["Leeds"]), (PLACES[:1], []), (PLACES, [])])
def test_an_authority_missing_from_a_file_about_most(
    engine: Engine, tmp_path: Path, places: list[list[str]], missing: list[str]
) -> None:
    load(engine, tmp_path, steady("201011"), defined())
    found = kept(engine, load(engine, tmp_path, steady("201112", places), mapping("extra_one")))
    assert [area for check in found.values() if check.check == "area_missing" for area in check.rows["area"]] == missing
    # One authority sent again does not make the others missing.
    again = kept(engine, load(engine, tmp_path, steady("201112", PLACES[:1], n=51), mapping("extra_one")))
    assert "area_missing" not in again


def test_schools_of_a_file_stand_for_their_authority(engine: Engine, tmp_path: Path) -> None:
    with reading(engine) as connection:
        school = schema.school.c
        urns = [
            connection.execute(select(school.urn).where(school.la_code == place[2]).order_by(school.urn))
            .scalars()
            .all()
            for place in (CAMDEN, BARNET, LEEDS)
        ]
    header = [*HEADER[:10], "school_urn", "school_laestab", "school_name", *HEADER[10:]]

    def rows(period: str, some: list[list[str]]) -> list[list[str]]:
        start = line(CAMDEN, 5, 10, period, "School")
        return [[*start[:10], urn, "2029001", "x", *start[10:]] for each in some for urn in each]

    load(engine, tmp_path, rows("201011", urns), defined(collected_from="school"), header)
    found = kept(engine, load(engine, tmp_path, rows("201112", urns[:2]), mapping("extra_one"), header))
    assert found["area_missing"].rows["area"].tolist() == ["Leeds"]


def test_figures_without_a_baseline(engine: Engine, tmp_path: Path) -> None:
    how = defined(target={"period": "2011/12", "value": 60})
    rows = [*steady("200910", PLACES[1:]), *steady("201011"), *steady("201112")]
    found = kept(engine, load(engine, tmp_path, rows, how))["baseline_missing"]
    assert found.severity == "note"
    assert found.rows[["area", "period"]].to_numpy().tolist() == [["Camden", "2011/12"]]


def test_without_a_target_no_baseline_is_missing(engine: Engine, tmp_path: Path) -> None:
    assert kept(engine, load(engine, tmp_path, steady("201112"), defined())) == {}


@pytest.mark.parametrize(
    ("better", "target", "behind"),
    [("higher", 50, True), ("higher", 60, False), ("lower", 60, True), ("lower", 40, False), (None, 50, False)],
)
def test_a_target_behind_the_baseline(
    engine: Engine, tmp_path: Path, better: str | None, target: float, behind: bool
) -> None:
    how = defined(target={"period": "2011/12", "value": target}, better=better)
    found = kept(engine, load(engine, tmp_path, steady("200910"), how))
    assert list(found) == (["target_behind_baseline"] if behind else [])
    if behind:
        row = found["target_behind_baseline"].rows.iloc[0]
        assert row[["area", "period", "target", "baseline"]].tolist() == ["England", "2011/12", target, 50]


def test_targets_that_come_by_themselves_are_checked(engine: Engine, tmp_path: Path) -> None:
    load(engine, tmp_path, steady("200910"), defined())
    rows = [("region", "E12000007", "2011/12", 45.0), ("la", "202", "2011/12", 55.0), ("la", "302", "2010/11", 40.0)]
    rows += [("la", "302", "2011/12", 70.0), ("la", "383", "2011/12", 50.0)]
    brought = pd.DataFrame(rows, columns=["area_level", "area_code", "period", "value"]).assign(indicator="extra_one")
    with writing(engine) as connection:
        version = versions.next_version(connection, "Targets")
        versions.change(connection, schema.target, brought, version)
        (found,) = quality.of_targets(connection, version)
        assert quality.of_targets(connection, version + 1) == []
    assert found.rows["area"].tolist() == [
        "Leeds",
        "London",
    ]  # Barnet's final target is fine, its first point is not one
    assert found.severity == "warning"


def test_targets_of_what_is_only_published(engine: Engine, tmp_path: Path) -> None:
    how = defined("n", collected_from="published", target={"period": "2011/12", "value": 40})
    found = kept(engine, load(engine, tmp_path, [line([], 45, 1, "200910", "National")], how))
    row = found["target_behind_baseline"].rows.iloc[0]
    assert row[["area", "target", "baseline"]].tolist() == ["England", 40, 45]


def test_published_rates_out_of_range(engine: Engine, tmp_path: Path) -> None:
    rows = [line(CAMDEN, 105, 1), line(BARNET, -1, 1), line(BRENT, 100, 1), line(LEEDS, "x", 1)]
    found = kept(engine, load(engine, tmp_path, rows, defined("n", collected_from="published")))["value_out_of_range"]
    shown = found.rows[["area", "indicator", "period", "value", "line"]].to_numpy().tolist()
    assert shown == [["Camden", "extra_one", "2011/12", 105, 2], ["Barnet", "extra_one", "2011/12", -1, 3]]
    assert found.severity == "warning"


def test_a_school_is_not_shown_with_its_rate(engine: Engine, tmp_path: Path) -> None:
    with reading(engine) as connection:
        urn = connection.execute(select(schema.school.c.urn).limit(1)).scalar_one()
    header = [*HEADER[:10], "school_urn", "school_laestab", "school_name", *HEADER[10:]]
    start = line(CAMDEN, 105, 1, level="School")
    rows = [[*start[:10], urn, "2029001", "x", *start[10:]]]
    how = defined("n", collected_from="published")
    row = kept(engine, load(engine, tmp_path, rows, how, header))["value_out_of_range"].rows.iloc[0]
    assert (row["area_code"], row["line"], row["symbol"], pd.isna(row["value"])) == (urn, 2, "c", True)


def test_rates_unlike_their_parts_are_counted_and_the_worst_kept(engine: Engine, tmp_path: Path) -> None:
    rows = [[*line(place, 50, 100), rate] for place, rate in zip(PLACES, ("50.0", "52", "70.1", "50"), strict=True)]
    found = kept(engine, load(engine, tmp_path, rows, defined("rate"), [*HEADER, "rate"]))["rate_unlike_parts"]
    assert found.count == 2
    assert found.rows[["area", "line"]].to_numpy().tolist() == [["Brent", 4], ["Barnet", 3]]
    assert found.rows["difference"].tolist() == pytest.approx([20.1, 2])
    assert "rate" not in found.rows  # nor the parts: they could be a small place's


@pytest.mark.parametrize(("n", "found"), [(200, []), (202, []), (203, [0.75])])
def test_a_published_figure_unlike_the_pooled_one(engine: Engine, tmp_path: Path, n: int, found: list[float]) -> None:
    rows = [line([], n, 400, level="National"), line(["E12000007", "London"], 150, 300, level="Regional")]
    checks = kept(engine, load(engine, tmp_path, [*rows, *steady("201112")], defined()))
    assert (checks["rate_unlike_sum"].rows["difference"].tolist() if found else []) == pytest.approx(found)
    if found:
        row = checks["rate_unlike_sum"].rows.iloc[0]
        assert row[["area", "published", "pooled", "line"]].tolist() == ["England", 50.75, 50, 2]


def test_a_denominator_that_changed_by_more_than_half(engine: Engine, tmp_path: Path) -> None:
    rows = [*steady("201011"), *steady("201112", PLACES[1:]), line(CAMDEN, 80, 160)]
    row = kept(engine, load(engine, tmp_path, rows, defined()))["denominator_changed"].rows.iloc[0]
    assert row[["area", "before", "after"]].tolist() == ["Camden", 100, 160]
    assert row["change"] == pytest.approx(0.6)


def test_only_what_was_touched_is_checked(engine: Engine, tmp_path: Path) -> None:
    rows = [*steady("201011"), *steady("201112", n=95)]
    assert kept(engine, load(engine, tmp_path, rows, defined()))["jump"].count == 4
    again = kept(engine, load(engine, tmp_path, steady("201112", PLACES[:1], n=96), mapping("extra_one")))
    assert again["jump"].rows["area"].tolist() == ["Camden"]
    nothing = load(engine, tmp_path, [*rows[1:4], line(CAMDEN, 50, 100, "201011")], mapping("extra_one"))
    assert nothing.checks == []


@pytest.mark.parametrize(
    ("schools_of", "seen"),
    [(None, {"202", "383"}), ({"202"}, {"202"}), ({"383"}, {"383"}), ({"203"}, set()), (set(), set())],
)
def test_rows_about_schools_are_for_those_who_may_see_them(
    engine: Engine, schools_of: set[str] | None, seen: set[str]
) -> None:
    with writing(engine) as connection:
        s = schema.school.c
        urns = {
            la: str(connection.execute(select(s.urn).where(s.la_code == la).order_by(s.urn)).scalars().first())
            for la in ("202", "383")
        }
        codes = [*urns.values(), "202", "E12000007", "E92000001", "no longer known"]
        rows = pd.DataFrame({"area_code": codes, "area": codes, "indicator": "x", "period": "y", "difference": 1.5})
        quality.keep(connection, 1, [quality.Check("rate_unlike_parts", "warning", "Some.", rows, 6)])
        viewer = Viewer(None if schools_of is None else frozenset(schools_of))
        found = quality.checks(connection, 1, viewer=viewer)[-1]
    expected = [code for code in codes[:2] if code in {urns[la] for la in seen}] + codes[2:5]
    assert found.rows["area_code"].tolist() == expected + ([] if schools_of is not None else codes[5:])
    assert found.left_out == len(codes) - len(found.rows)
    assert found.count == 6


def test_each_role_reads_of_a_file_of_schools_what_it_may(engine: Engine, tmp_path: Path) -> None:
    """Their rates are not what their parts give."""
    rows = []
    for place in (CAMDEN, LEEDS):
        start = line(place, 5, 10, level="School")
        with reading(engine) as connection:
            urn = connection.execute(select(func.min(schema.school.c.urn)).where(schema.school.c.la_code == place[2]))
            rows.append([*start[:10], urn.scalar_one(), "2029001", "x", *start[10:], "70"])
    header = [*HEADER[:10], "school_urn", "school_laestab", "school_name", *HEADER[10:], "rate"]
    report = load(engine, tmp_path, rows, defined("rate", collected_from="school"), header)
    assert report.import_id is not None
    for role, seen in (
        (Viewer(frozenset(), RIGHTS[Role.viewer], "a viewer"), []),
        (Viewer(frozenset({"202"}), RIGHTS[Role.la_officer], "Camden's officer"), [rows[0][10]]),
        (Viewer(frozenset({"203"}), RIGHTS[Role.la_officer], "Greenwich's officer"), []),
        (Viewer(None, RIGHTS[Role.national_analyst], "an analyst"), [rows[0][10], rows[1][10]]),
    ):
        with access.acting_as(role), reading(engine) as connection:
            (check,) = quality.checks(connection, report.import_id)
        assert check.check == "rate_unlike_parts"
        assert (check.rows["area_code"].tolist(), check.left_out, check.count) == (seen, 2 - len(seen), 2), role


def test_of_many_rows_the_first_thousand_are_kept_and_all_counted(engine: Engine) -> None:
    rows = pd.DataFrame({"area_code": range(1500), "jump": float("inf")})
    with writing(engine) as connection:
        quality.keep(connection, 1, [quality.Check("jump", "warning", "Many.", rows, 1500)])
        found = quality.checks(connection, 1)[-1]
        assert quality.checks(connection, 999) == []
    assert (found.count, len(found.rows)) == (1500, 1000)
    assert found.rows["jump"].isna().all()
