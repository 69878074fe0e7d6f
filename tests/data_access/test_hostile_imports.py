"""What a hostile or unlucky user did to imports once: each would break, lie or never end, and does so no more."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from data_access import queries, schema
from data_access.__main__ import main
from data_access.engine import get_engine, reading
from data_access.errors import ImportRefused
from data_access.files.mapping import parse_mapping
from data_access.imports import import_file
from data_access.undo import UndoRefused, undo
from data_access.values import area_values
from tests.conftest import narrow, sqlite_url
from tests.data_access.files import CAMDEN, HEADER, definition, line, mapping, write
from tests.data_access.test_reference_imports import REGISTER, bring, rows


def of_school(engine: Engine) -> str:
    """A primary school of Greenwich with figures."""
    with reading(engine) as connection:
        s, o = schema.school.c, schema.observation.c
        query = select(s.urn).join(schema.observation, o.unit_code == s.urn)
        return str(connection.execute(query.where(s.la_code == "203", s.phase == "primary").order_by(s.urn)).scalar())


def test_a_school_that_moves_and_closes_can_be_corrected_and_undone(engine: Engine, tmp_path: Path) -> None:
    narrow(engine, "inclusive_policy", "reviewed")
    before, summaries = rows(engine, "school"), rows_of_summary(engine)
    moved = REGISTER.format(urn=of_school(engine), phase="Secondary").replace("Open,,,", "Closed,,01-09-2010,")
    one = bring(engine, tmp_path / "one.csv", moved)
    two = bring(engine, tmp_path / "two.csv", moved.replace("An Invented School", "A Corrected Name"))
    assert two.revised == 1
    undo(engine, one.import_id or 0, "x")
    done = undo(engine, two.import_id or 0, "x")
    assert (done.closed, done.back) == (1, 1)
    assert rows(engine, "school").equals(before)
    assert rows_of_summary(engine) == summaries


def rows_of_summary(engine: Engine) -> list[tuple]:
    s = schema.summary.c
    sums = [func.sum(s[name]) for name in ("units", "expected_units", "n", "d", "nn", "nd", "dd")]
    with reading(engine) as connection:
        query = select(s.indicator, s.la_code, s.phase, *sums).group_by(s.indicator, s.la_code, s.phase)
        return [tuple(row) for row in connection.execute(query.order_by(s.indicator, s.la_code, s.phase))]


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (1, 2, 0), (2, 0, 1), (0, 2, 1)])
@pytest.mark.parametrize("what", ["target", "neighbour"])
def test_reference_files_are_undone_in_any_order(
    engine: Engine, tmp_path: Path, what: str, order: tuple[int, ...]
) -> None:
    files = {
        "target": [
            f"indicator,area_code,period,value\nplan_aligned,England,2011/12,{value}\n" for value in (80, 70, 60)
        ],
        "neighbour": [
            f"old_la_code,neighbour_old_la_code,rank\n202,{one},1\n202,{two},2\n"
            for one, two in ((203, 204), (204, 205), (205, 206))
        ],
    }[what]
    states = [rows(engine, what)]
    numbers = []
    for at, text in enumerate(files):
        numbers.append(bring(engine, tmp_path / f"{at}.csv", text).import_id or 0)
        states.append(rows(engine, what))
    standing = {0, 1, 2}
    for at in order:
        done = undo(engine, numbers[at], "x")
        latest = max(standing)
        standing.remove(at)
        assert (done.closed > 0) == (at == latest)
        assert rows(engine, what).equals(states[max(standing) + 1 if standing else 0])


def item(**changes: object) -> dict:
    return {
        "indicator": "extra_one",
        "numerator": "n",
        "denominator": "d",
        "define": definition("extra_one", **changes),
    }


def test_a_definition_is_part_of_history(engine: Engine, tmp_path: Path) -> None:
    def title(as_at: int | None) -> str | None:
        with reading(engine) as connection:
            frame = queries.indicators(connection, as_at).set_index("code")
        return frame["title"].get("extra_one")

    first = import_file(engine, write(tmp_path / "a.csv", [line(CAMDEN, 7, 50)]), None,
                        mapping(indicators=[item(title="First")]))  # fmt: skip
    gone = undo(engine, first.import_id or 0, "x")
    third = import_file(engine, write(tmp_path / "b.csv", [line(CAMDEN, 8, 50)]), None,
                        mapping(indicators=[item(title="Third", better="lower")]))  # fmt: skip
    assert title(None) == "Third"
    assert [title(v) for v in (first.data_version, gone.data_version, third.data_version)] == ["First", None, "Third"]


def test_another_definition_of_what_is_there_is_not_swallowed(engine: Engine, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", [line(CAMDEN, 7, 50)])
    import_file(engine, file, None, mapping(indicators=[item()]))
    other = write(tmp_path / "b.csv", [line(CAMDEN, 8, 50)])
    with pytest.raises(ImportRefused) as caught:
        import_file(engine, other, None, mapping(indicators=[item(unit="rate")]))
    assert "another unit" in caught.value.problems[0].message
    report = import_file(engine, other, None, mapping(indicators=[item(title="Other words")]))
    assert any("stays" in note for note in report.notes)


def test_an_indicator_goes_with_its_last_figure(engine: Engine, tmp_path: Path) -> None:
    one = import_file(engine, write(tmp_path / "a.csv", [line(CAMDEN, 7, 50)]), None, mapping(indicators=[item()]))
    later = mapping(indicators=[item() | {"define": None}])
    two = import_file(engine, write(tmp_path / "b.csv", [line(CAMDEN, 8, 50, period="201213")]), None, later)
    for report, there in ((one, True), (two, False)):
        undo(engine, report.import_id or 0, "x")
        with reading(engine) as connection:
            assert ("extra_one" in set(queries.indicators(connection)["code"])) == there


NO_URNS = ["202", "E12000007", "E92000001", "10 00", "-5", "abc", "١٢٣٤٥٦", "100001\u200f"]


@pytest.mark.parametrize("urn", NO_URNS)
@pytest.mark.parametrize("new", ["refuse", "add"])
def test_a_urn_is_a_urn(reader: Engine, tmp_path: Path, urn: str, new: str) -> None:
    header = [*HEADER[:10], "school_urn", "school_laestab", "school_name", "phase", *HEADER[10:]]
    start = line(CAMDEN, 5, 10, level="School")
    file = write(tmp_path / "s.csv", [[*start[:10], urn, "2021234", "A School", "Primary", *start[10:]]], header)
    phases = {"phase": {"role": "phase", "values": {"Primary": "primary"}}}
    with pytest.raises(ImportRefused) as caught:
        import_file(reader, file, None, mapping("inclusive_policy", new_schools=new, filters=phases))
    assert caught.value.problems[0].column == "school_urn"


@pytest.mark.parametrize("urn", NO_URNS)
def test_a_urn_of_a_register_is_a_urn(reader: Engine, tmp_path: Path, urn: str) -> None:
    with pytest.raises(ImportRefused):
        bring(reader, tmp_path / "r.csv", REGISTER.format(urn=urn, phase="Primary"))


BOMB = "a: &a [x]\n" + "".join(f"b{n}: &{chr(98 + n)} [*{chr(97 + n)},*{chr(97 + n)}]\n" for n in range(20))


@pytest.mark.parametrize(
    "text",
    [BOMB, "a: 2024-13-45", "a: !!int foo", "a: !!int " + "9" * 5000, "a: !!bool foo", "a: !!timestamp foo",
     "a: !!float foo", "x" * 1_000_001, "a: !!python/object:os.system x", "- " * 500_000],
)  # fmt: skip
def test_a_hostile_mapping_is_refused_at_once(text: str) -> None:
    with pytest.raises(ImportRefused, match="1 problem"):
        parse_mapping(text, "map.yaml")


@pytest.mark.parametrize("count", ["1e308", "1e200", "2e12"])
def test_a_count_that_cannot_be_is_refused(reader: Engine, tmp_path: Path, count: str) -> None:
    with pytest.raises(ImportRefused) as caught:
        import_file(reader, write(tmp_path / "a.csv", [line(CAMDEN, count, count)]), None, mapping())
    assert [(p.column, p.value) for p in caught.value.problems] == [("n", count), ("d", count)]


def test_codes_that_contradict_each_other_are_said(engine: Engine, tmp_path: Path) -> None:
    odd = ["E12000007", "London", "202", "E09000033", "Westminster"]
    report = import_file(engine, write(tmp_path / "a.csv", [line(odd, 7, 50)]), None, mapping())
    assert any("202 with E09000033" in note for note in report.notes)


def test_case_of_codes_does_not_lose_england(engine: Engine, tmp_path: Path) -> None:
    row = line([], 7, 50, level="National")
    row[3] = "e92000001"
    assert import_file(engine, write(tmp_path / "a.csv", [row]), None, mapping()).observations == 1


@pytest.mark.parametrize("number", [-1, 0, 10**20])
def test_undo_of_a_number_that_no_import_has(reader: Engine, number: int) -> None:
    with pytest.raises(UndoRefused, match="There is no import"):
        undo(reader, number, "x")


@pytest.mark.parametrize(
    "arguments",
    [
        ["values", "--indicator", "plan_aligned", "--level", "la", "--period", "2011/12", "--as-at", "²"],
        ["undo", "99999999999999999999"],
        ["show", "99999999999999999999"],
        ["revisions", "²", "3"],
    ],
)
def test_odd_arguments_are_one_sentence(
    small_copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, arguments: list[str]
) -> None:
    monkeypatch.setenv("CPD_DATABASE_URL", sqlite_url(small_copy))
    from data_access.settings import settings

    settings.cache_clear()
    get_engine.cache_clear()
    with pytest.raises(SystemExit) as left:
        main(arguments)
    settings.cache_clear()
    get_engine.cache_clear()
    assert left.value.code in (1, 2)
    said = capsys.readouterr()
    assert "Traceback" not in said.err + said.out
    assert said.err.strip()


def test_names_leave_the_command_line_as_text(
    small_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    engine = get_engine(sqlite_url(small_copy))
    file = write(tmp_path / "a.csv", [line(CAMDEN, 7, 50)])
    import_file(engine, file, None, mapping(), by='=HYPERLINK("http://x")')
    monkeypatch.setenv("CPD_DATABASE_URL", sqlite_url(small_copy))
    from data_access.settings import settings

    settings.cache_clear()
    with pytest.raises(SystemExit):
        main(["history", "--format", "csv"])
    settings.cache_clear()
    assert "'=HYPERLINK" in capsys.readouterr().out
    with reading(engine) as connection:
        assert not area_values(connection, "la", indicator="duplicated_offers").empty
