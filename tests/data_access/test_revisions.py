"""Two data versions set side by side, against a plain comparison of every figure."""

from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, select

from data_access import incoming, revisions, schema, undo
from data_access.engine import current_version, reading
from data_access.errors import UnknownCode
from data_access.imports import Provenance, import_file
from data_access.values import area_values
from tests.conftest import narrow
from tests.data_access.files import BARNET, CAMDEN, HEADER, definition, line, mapping, write

NOTHING = ("", "z", "x")


def now(engine: Engine) -> int:
    with reading(engine) as connection:
        return current_version(connection)


def between(engine: Engine, before: int, after: int, level: str = "la", **choice: str) -> pd.DataFrame:
    with reading(engine) as connection:
        return revisions.between(connection, before, after, level=level, **choice)


def figures(engine: Engine, version: int, level: str, read: dict) -> dict[tuple[str, str, str], dict]:
    """Every figure of a version by its cell; read: those that a test has read before."""
    if (version, level) not in read:
        with reading(engine) as connection:
            frame = area_values(connection, level, as_at=version)
        read[version, level] = {(r["indicator"], r["area_code"], r["period"]): r for r in frame.to_dict("records")}
    return read[version, level]


def plainly(engine: Engine, before: int, after: int, level: str, read: dict) -> dict[tuple[str, str, str], str]:
    """The slow twin: every figure of both versions, one by one; cell → what."""
    sides = [figures(engine, version, level, read) for version in (before, after)]
    found = {}
    for cell in sides[0].keys() | sides[1].keys():
        old, new = (side.get(cell, {"symbol": "z", "value": float("nan")}) for side in sides)
        there = [row["value"] == row["value"] or row["symbol"] not in NOTHING for row in (old, new)]
        if there == [True, True]:
            same = [str(old[n]) == str(new[n]) for n in ("value", "numerator", "denominator", "symbol")]
            if not all(same):
                found[cell] = "revised"
        elif any(there):
            found[cell] = "new" if there[1] else "withdrawn"
    return found


def cells(frame: pd.DataFrame) -> dict[tuple[str, str, str], str]:
    return {(r["indicator"], r["area_code"], r["period"]): r["what"] for r in frame.to_dict("records")}


def test_revised_new_and_withdrawn_figures_agree_with_the_slow_twin(engine: Engine, tmp_path: Path) -> None:
    start = now(engine)
    rows = [line(CAMDEN, 7, 50), line(BARNET, 9, 60), line(CAMDEN, 1, 2, period="201314")]
    first = import_file(engine, write(tmp_path / "one.csv", rows), None, mapping())
    other = [line(CAMDEN, 1, 1), line(BARNET, 0, 1)]
    import_file(engine, write(tmp_path / "two.csv", other), None, mapping("plan_aligned"))
    assert first.import_id is not None
    undo.undo(engine, first.import_id, "A test")
    read: dict = {}
    for before, after in ((start, start + 1), (start, start + 2), (start + 1, start + 3), (start, start + 3)):
        for level in ("la", "region", "england"):
            frame = between(engine, before, after, level)
            assert cells(frame) == plainly(engine, before, after, level, read), (before, after, level)
    frame = between(engine, start, start + 1)
    assert list(frame.columns) == revisions.COLUMNS
    barnet = frame[(frame["area_code"] == "302") & (frame["period"] == "2011/12")].iloc[0]
    assert (barnet["numerator_after"], barnet["denominator_after"]) == (9, 60)
    assert barnet["value_after"] == pytest.approx(15)
    assert barnet["change"] == pytest.approx(barnet["value_after"] - barnet["value_before"])
    assert (barnet["units_before"], barnet["units_after"], barnet["area"]) == (1, 1, "Barnet")
    sizes = frame.loc[frame["what"] == "revised", "change"].abs()
    assert sizes.is_monotonic_decreasing
    assert frame["what"].tolist() == sorted(frame["what"], key=revisions.WHAT.index)
    assert between(engine, start + 1, start + 3, indicator="duplicated_offers")["what"].eq("withdrawn").sum() == 2
    assert between(engine, start, start).empty


def test_a_late_report_is_new_and_taking_it_back_withdraws_it(engine: Engine, tmp_path: Path) -> None:
    with reading(engine) as connection:
        frame = area_values(connection, "la", indicator="duplicated_offers")
        late = frame[frame["symbol"] == "x"].iloc[0]
        la = schema.local_authority.c
        ons = connection.execute(select(la.ons_code).where(la.code == late["area_code"])).scalar_one()
    start = now(engine)
    place = [late["region_code"], "", late["area_code"], ons, late["area"]]
    year = late["period"][:4] + late["period"][5:]
    report = import_file(engine, write(tmp_path / "x.csv", [line(place, 7, 50, period=year)]), None, mapping())
    found = between(engine, start, start + 1)
    told = found[["area_code", "what", "symbol_before", "numerator_after", "denominator_after"]]
    assert told.to_numpy().tolist() == [[late["area_code"], "new", "x", 7.0, 50.0]]
    assert report.import_id is not None
    undo.undo(engine, report.import_id, "A test")
    assert between(engine, start + 1, start + 2)["what"].tolist() == ["withdrawn"]
    assert between(engine, start, start + 2).empty


def test_a_figure_suppressed_in_one_version_is_not_told(engine: Engine, tmp_path: Path) -> None:
    start = now(engine)
    rows = [line(CAMDEN, 3, 4)]  # fewer people than the threshold
    import_file(engine, write(tmp_path / "x.csv", rows), None, mapping("network_reach"))
    frame = between(engine, start, start + 1)
    camden = frame[(frame["area_code"] == "202") & (frame["period"] == "2011/12")].iloc[0]
    assert (camden["what"], camden["symbol_after"]) == ("revised", "c")
    assert camden[["value_after", "numerator_after", "denominator_after", "change"]].isna().all()
    # The others in London were shown before with the same figures: only the totals can keep Camden's to itself.
    assert (frame["symbol_after"] == "c").sum() == 1
    for level in ("region", "england"):
        total = between(engine, start, start + 1, level)
        total = total[total["period"] == "2011/12"]
        assert total["symbol_after"].tolist() == ["c"]
        assert total["value_after"].isna().all()


def test_published_figures_of_areas_are_compared(engine: Engine, tmp_path: Path) -> None:
    item = {"indicator": "extra_one", "rate": "n", "define": definition("extra_one", collected_from="published")}
    start = now(engine)
    for value in (40, 45):
        rows = [line([], value, "x", level="National")]
        import_file(engine, write(tmp_path / f"{value}.csv", rows), None, mapping(indicators=[item]))
    assert between(engine, start, start + 1, "england")["what"].tolist() == ["new"]
    found = between(engine, start + 1, start + 2, "england")
    assert found[["what", "value_before", "value_after", "change", "short_title"]].to_numpy().tolist() == [
        ["revised", 40.0, 45.0, 5.0, "extra_one"]
    ]
    assert between(engine, start, start + 2, "la").empty


def test_what_a_school_register_changes_is_found(engine: Engine, tmp_path: Path) -> None:
    narrow(engine, "inclusive_policy", "reviewed", "pd_days")
    with reading(engine) as connection:
        s = schema.school.c
        school = connection.execute(select(s.urn, s.name, s.phase).where(s.la_code == "383").order_by(s.urn)).first()
    assert school is not None
    header = ["URN", "EstablishmentName", "TypeOfEstablishment (name)", "PhaseOfEducation (name)", "LA (code)"]
    kind = "Community special school" if school.phase == "special" else "Community school"
    rows = [[school.urn, school.name, kind, school.phase.capitalize(), "202"]]
    start = now(engine)
    seen = incoming.look(write(tmp_path / "register.csv", rows, header))
    incoming.bring_in(engine, seen, said=Provenance("A test", "None", "illustrative"))
    for level in ("la", "region"):
        frame = between(engine, start, start + 1, level)
        assert cells(frame) == plainly(engine, start, start + 1, level, {})
    assert {"202", "383"} <= set(between(engine, start, start + 1)["area_code"])


def test_only_what_changed_is_computed(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = now(engine)
    import_file(engine, write(tmp_path / "x.csv", [line(CAMDEN, 7, 50)]), None, mapping())
    asked: list[object] = []

    def counted(*given: object, **choice: object) -> pd.DataFrame:
        asked.append(choice["indicator"])
        return area_values(*given, **choice)  # type: ignore[arg-type]

    monkeypatch.setattr(revisions, "area_values", counted)
    assert len(between(engine, start, start + 1, "region")) == 1
    assert asked == ["duplicated_offers"] * 2


def test_the_summary_says_what_made_each_version(engine: Engine, tmp_path: Path) -> None:
    start = now(engine)
    rows = [line(BARNET, 7, 50), line(BARNET, 9, 60, period="201314")]
    report = import_file(engine, write(tmp_path / "x.csv", rows, HEADER), None, mapping())
    assert report.import_id is not None
    undo.undo(engine, report.import_id, "A test")
    with reading(engine) as connection:
        frame = revisions.summary(connection, start, start + 2)
        assert revisions.summary(connection, start, start).empty
    assert list(frame.columns) == revisions.SUMMARY
    assert frame["version"].tolist() == [start + 2, start + 1]
    assert frame.loc[1, ["new", "revised", "unchanged"]].tolist() == [1, 1, 0]
    assert frame.loc[0, ["new", "revised", "unchanged"]].isna().all()
    assert frame["reason"].tolist() == [f"Undid import {report.import_id}, x.csv", "Imported x.csv"]
    assert str(frame["made_at"].dt.tz) == "UTC"


@pytest.mark.parametrize(
    ("before", "after", "choice", "says"),
    [
        (3, 2, {"level": "la"}, "later than"),
        (1, 2, {"level": "school"}, "not a known level"),
        (1, 2, {"level": "la", "indicator": "nonsense"}, "not a known indicator"),
    ],
)
def test_what_cannot_be_compared_is_refused(reader: Engine, before: int, after: int, choice: dict, says: str) -> None:
    with pytest.raises(UnknownCode, match=says):
        between(reader, before, after, **choice)
