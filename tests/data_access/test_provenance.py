"""Where figures come from, against the observations counted one by one and every data version looked at."""

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, text

from data_access import provenance, thresholds, undo
from data_access.access import Viewer
from data_access.engine import current_version, reading
from data_access.errors import NotAllowed, UnknownCode
from data_access.imports import import_file
from data_access.provenance import Cell, Provenance
from data_access.values import area_values
from tests.data_access.files import BARNET, CAMDEN, definition, line, mapping, write
from tests.data_access.slow_values import ENGLAND, is_above, slow_values

LONDON, NOBODY = "E12000007", Viewer(frozenset())
PARTS = ["value", "numerator", "denominator", "units", "expected_units"]


def read(engine: Engine, cell: Cell, as_at: int | None = None, viewer: Viewer | None = None) -> Provenance:
    with reading(engine) as connection:
        return provenance.provenance(connection, cell, as_at=as_at, viewer=viewer)


def by_hand(engine: Engine, cell: Cell, las: set[str], phase: str = "all") -> Counter[int]:
    """Import → how many rows of schools in some authorities it gave, one by one."""
    found: Counter[int] = Counter()
    with reading(engine) as connection:
        parents = dict(connection.execute(text("select code, parent from staff_group")).all())
        schools = {urn: (la, of) for urn, la, of in connection.execute(text("select urn, la_code, phase from school"))}
        query = text(
            "select unit_code, staff_group, import_id from observation where to_version is null and level = 'school' "
            "and indicator = :indicator and period = :period"
        )
        for urn, group, number in connection.execute(query, {"indicator": cell.indicator, "period": cell.period}):
            la, of = schools[urn]
            if la in las and phase in ("all", of) and is_above(cell.staff_group, group, parents):
                found[number] += 1
    return found


@pytest.mark.parametrize(
    ("level", "code", "indicator", "group", "phase"),
    [
        ("la", "383", "inclusive_policy", "all", "all"),  # of which some schools were put right by a later file
        ("region", LONDON, "reviewed", "teachers", "primary"),
        ("england", ENGLAND, "cost_per_participant_day", "all", "all"),
    ],
)
def test_a_figure_and_its_imports_are_those_counted_by_hand(
    reader: Engine, level: str, code: str, indicator: str, group: str, phase: str
) -> None:
    cell = Cell(indicator, code, "2011/12", group, phase)
    found = read(reader, cell)
    with reading(reader) as connection:
        slow, n, d, units, expected = slow_values(connection, level, indicator, group, phase)[code, "2011/12"]
        rows = connection.execute(text("select code, region_code from local_authority")).all()
    las = {la for la, region in rows if level == "england" or code in (la, region)}
    assert found.figure[PARTS].tolist() == pytest.approx([slow.value, n, d, units, expected])
    assert dict(zip(found.imports["id"], found.imports["rows"], strict=True)) == by_hand(reader, cell, las, phase)
    assert set(found.imports["status"]) == {"counts"}
    assert found.imports["id"].is_monotonic_decreasing
    assert list(found.imports) == provenance.IMPORT
    assert found.imports["sha256"].str.fullmatch("[0-9a-f]{64}").all()
    assert (found.about["code"], found.level, found.figure["area_code"]) == (indicator, level, code)


def every_version(engine: Engine, level: str, cell: Cell, first: int, last: int) -> list[tuple[int, list[object]]]:
    """The slow twin of the revisions: every data version's figure, those kept that differ from the one before."""
    found: list[tuple[int, list[object]]] = []
    with reading(engine) as connection:
        for version in range(first, last + 1):
            rows = area_values(connection, level, indicator=cell.indicator, as_at=version)
            mine = rows[(rows["area_code"] == cell.area_code) & (rows["period"] == cell.period)]
            told = [f"{part:.9g}" for part in mine[provenance.NUMBERS].to_numpy(dtype=float).ravel()]
            told.append(mine["symbol"].iloc[0] if len(mine) else "z")
            if told[-1] != "z" and (not found or found[-1][1] != told):
                found.append((version, told))
    return found[::-1]


def as_told(found: Provenance) -> list[tuple[int, list[object]]]:
    """The revisions in the same form."""
    rows = found.revisions.to_dict("records")
    return [(row["version"], [*(f"{row[n]:.9g}" for n in provenance.NUMBERS), row["symbol"]]) for row in rows]


def test_revised_thrice_confirmed_and_undone(engine: Engine, tmp_path: Path) -> None:
    with reading(engine) as connection:
        start = current_version(connection)
    numbers = []
    for at, n in enumerate((7, 8, 8, 9)):  # the third file holds what the second brought, beside something new
        rows = [line(CAMDEN, n, 50), line(BARNET, n + at, 60)]
        report = import_file(engine, write(tmp_path / f"{at}.csv", rows), None, mapping())
        numbers.append(int(str(report.import_id)))
    first, second, third, last = numbers
    cell = Cell("duplicated_offers", "202", "2011/12")
    found = read(engine, cell)
    status = found.imports.set_index("id")[["rows", "replaced", "confirmed", "status"]]
    assert status.loc[last].tolist() == [1, 0, 0, "counts"]
    assert status.loc[third].tolist() == [0, 0, 0, "replaced"] if third in status.index else True
    assert status.loc[second].tolist() == [0, 1, 0, "replaced"]
    assert found.revisions["version"].tolist()[:3] == [start + 4, start + 2, start + 1]
    assert found.revisions["numerator"].tolist()[:3] == [9, 8, 7]
    for level, code in (("la", "202"), ("region", LONDON), ("england", ENGLAND)):
        of = Cell("duplicated_offers", code, "2011/12")
        slow = every_version(engine, level, of, start, start + 4)[:-1]  # but what was there before
        assert as_told(read(engine, of))[: len(slow)] == slow, level

    earlier = read(engine, cell, as_at=start + 3)
    status = earlier.imports.set_index("id")["status"]
    assert last not in status.index, "what came later is not told of an earlier state"
    assert (status[second], status[third], status[first]) == ("counts", "confirms", "replaced")
    assert (earlier.figure["numerator"], earlier.revisions["version"].iloc[0]) == (8, start + 2)

    undo.undo(engine, last, "A tester")
    after = read(engine, cell)
    row = after.imports.set_index("id").loc[last]
    assert (row["rows"], row["status"], row["undone_by"]) == (0, "undone", "A tester")
    assert after.imports.set_index("id").loc[third, "status"] == "counts", "a row that it held, too, is its own now"
    assert after.figure["numerator"] == 8
    slow = every_version(engine, "la", cell, start, start + 5)[:-1]
    assert as_told(after)[: len(slow)] == slow
    assert read(engine, cell, as_at=start + 4).imports.set_index("id").loc[last, "status"] == "counts"


def test_a_withdrawn_figure_and_a_new_threshold_are_revisions(engine: Engine, tmp_path: Path) -> None:
    with reading(engine) as connection:
        start = current_version(connection)
    item = {"indicator": "extra_one", "rate": "n", "define": definition("extra_one", collected_from="published")}
    file = write(tmp_path / "extra.csv", [line([], 40, "x", level="National")])
    report = import_file(engine, file, None, mapping(indicators=[item]))
    extra = Cell("extra_one", ENGLAND, "2011/12")
    found = read(engine, extra)
    assert (found.figure["value"], found.imports["rows"].tolist()) == (40, [1])
    assert not found.about["outcome"]
    undo.undo(engine, int(str(report.import_id)), "A tester")
    with pytest.raises(UnknownCode, match="not a known indicator"):
        read(engine, extra)
    assert read(engine, extra, as_at=start + 1).figure["value"] == 40

    with reading(engine) as connection:
        rows = area_values(connection, "la", indicator="reviewed")
    cell = Cell("reviewed", str(rows.loc[rows["denominator"] < 900, "area_code"].iloc[0]), "2011/12")
    thresholds.set_threshold(engine, "fewest_people", 1000.0, indicator="reviewed", by="A tester")
    hidden = read(engine, cell)
    assert (hidden.figure["symbol"], hidden.revisions["symbol"].tolist()[:2]) == ("c", ["c", ""])
    assert hidden.figure[["value", "numerator", "denominator", "lower", "upper"]].isna().all()
    assert as_told(hidden) == every_version(engine, "la", cell, 1, hidden.version)


def test_the_latest_versions_are_looked_at(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cell = Cell("duplicated_offers", "202", "2011/12")
    assert read(engine, cell).looked_back
    monkeypatch.setattr(provenance, "MOST", 2)
    for n in (7, 8):
        import_file(engine, write(tmp_path / f"{n}.csv", [line(CAMDEN, n, 50)]), None, mapping())
    found = read(engine, cell)
    assert (found.looked_back, found.revisions["numerator"].tolist()) == (False, [8, 7])


def test_what_is_suppressed_tells_no_number_anywhere(reader: Engine) -> None:
    with reading(reader) as connection:
        rows = area_values(connection, "la", indicator="reviewed", phase="secondary")
    one = rows[(rows["symbol"] == "c") & (rows["units"] == 1)].iloc[0]
    found = read(reader, Cell("reviewed", one["area_code"], one["period"], "all", "secondary"))
    assert found.figure["symbol"] == "c"
    for told in (found.figure, found.revisions.iloc[0]):
        assert pd.isna(told[["value", "lower", "upper", "numerator", "denominator"]].to_numpy(dtype=float)).all()
    assert (found.figure["units"], len(found.imports)) == (1, 1)


def test_what_is_missing_says_so(reader: Engine) -> None:
    with reading(reader) as connection:
        rows = area_values(connection, "la", indicator="duplicated_offers")
    late = rows[rows["symbol"] == "x"].iloc[0]
    found = read(reader, Cell("duplicated_offers", late["area_code"], late["period"]))
    assert (found.figure["symbol"], found.figure["reason"], len(found.imports)) == ("x", "not reported", 0)
    never = read(reader, Cell("reviewed", "202", "2011/12 autumn"))
    assert (never.figure["symbol"], never.revisions.empty, never.imports.empty) == ("z", True, True)
    elsewhere = read(reader, Cell("clt_registered", "383", "2011/12"))  # asked in London only
    assert elsewhere.figure["symbol"] == "z"


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        (Cell("nonsense", "202", "2011/12"), "“nonsense” is not a known indicator"),
        (Cell("reviewed", "Atlantis", "2011/12"), "“Atlantis” is not a known area"),
        (Cell("reviewed", "202", "1066/67"), "“1066/67” is not a known period"),
        (Cell("reviewed", "202", "2011/12", "pirates"), "“pirates” is not a known staff group"),
        (Cell("reviewed", "202", "2011/12", "all", "tertiary"), "“tertiary” is not a known phase"),
        (Cell("", "", ""), "is not a known indicator"),
    ],
    ids=str,
)
def test_what_is_not_known_is_said(reader: Engine, cell: Cell, says: str) -> None:
    with pytest.raises(UnknownCode, match=says):
        read(reader, cell)


def test_a_school_is_known_to_those_who_may_see_it(reader: Engine) -> None:
    with reading(reader) as connection:
        urn = connection.execute(text("select min(urn) from school where la_code = '202'")).scalar_one()
    cell = Cell("reviewed", str(urn), "2011/12")
    found = read(reader, cell, viewer=Viewer(frozenset({"202"})))
    assert (found.level, found.la_code) == ("school", "202")
    assert found.imports["rows"].sum() > 0
    for viewer in (NOBODY, Viewer(frozenset({"203"}))):
        with pytest.raises(NotAllowed, match="shown to its own officers only") as refused:
            read(reader, cell, viewer=viewer)
        assert "Camden" not in str(refused.value), "where a school is, is not told to who may not see it"
        with pytest.raises(UnknownCode):
            read(reader, Cell("reviewed", "1", "2011/12"), viewer=viewer)
