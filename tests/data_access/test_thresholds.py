"""Thresholds: set for all or for one indicator, kept with their history, refused in a sentence."""

from collections.abc import Callable
from math import inf, nan
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, select

from data_access import queries, summaries
from data_access.__main__ import main
from data_access.engine import current_version, get_engine, reading
from data_access.errors import UnknownCode
from data_access.schema import data_version
from data_access.thresholds import ThresholdRefused, from_words, listed, set_threshold
from data_access.values import area_values
from measures.thresholds import THRESHOLDS
from tests.conftest import sqlite_url

Decided = list[tuple[list[str], int]]


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch) -> Decided:
    """For which indicators suppression is decided anew, and as which version; in place of the deciding."""
    asked: Decided = []
    monkeypatch.setattr(summaries, "decide_anew", lambda _, codes, version: asked.append((codes, version)))
    return asked


def kept(engine: Engine, as_at: int | None = None) -> dict[tuple[str, str], float]:
    """What the database says that is not as usual."""
    with reading(engine) as connection:
        rows = queries.thresholds(connection, as_at)
    return {(row["name"], row["indicator"]): row["value"] for row in rows.to_dict("records")}


def of_each(engine: Engine, name: str, as_at: int | None = None) -> pd.Series:
    """The threshold that applies to each indicator."""
    with reading(engine) as connection:
        return queries.indicators(connection, as_at).set_index("code")[name]


def now(engine: Engine) -> int:
    with reading(engine) as connection:
        return current_version(connection)


def test_one_for_all_one_for_one_and_back(engine: Engine, decided: Decided) -> None:
    start, filled = now(engine), kept(engine)
    first = set_threshold(engine, "minimum_coverage", 0.6, by="A. Person")
    second = set_threshold(engine, "minimum_coverage", 0.75, indicator="reviewed", by="A. Person")
    third = set_threshold(engine, "minimum_coverage", None, by="A. Person")
    fourth = set_threshold(engine, "minimum_coverage", None, indicator="reviewed", by="A. Person")
    assert (first, second, third, fourth) == tuple(range(start + 1, start + 5))
    for version, usual, own in ((start, 0.5, 0.5), (first, 0.6, 0.6), (second, 0.6, 0.75), (third, 0.5, 0.75)):
        least = of_each(engine, "minimum_coverage", version)
        assert set(least.drop("reviewed")) == {usual}
        assert least["reviewed"] == own
    assert set(of_each(engine, "minimum_coverage")) == {0.5}
    assert kept(engine) == filled
    assert decided == []  # coverage suppresses nothing
    with reading(engine) as connection:
        reasons = list(
            connection.execute(
                select(data_version.c.reason).where(data_version.c.number > start).order_by(data_version.c.number)
            ).scalars()
        )
    assert reasons == [
        "Set “Least coverage” for all indicators to 60% (A. Person)",
        "Set “Least coverage” for reviewed to 75% (A. Person)",
        "Set “Least coverage” for all indicators back to usual (A. Person)",
        "Set “Least coverage” for reviewed back to what holds for all (A. Person)",
    ]


def test_the_usual_value_for_all_is_no_row(engine: Engine, decided: Decided) -> None:
    filled = kept(engine)
    set_threshold(engine, "trend_points", 6, by="A. Person")
    assert kept(engine) == filled | {("trend_points", ""): 6.0}
    set_threshold(engine, "trend_points", 5, by="A. Person")
    assert kept(engine) == filled


@pytest.mark.parametrize("name", ["fewest_people", "fewest_units"])
def test_what_suppresses_is_decided_anew_where_it_differs(engine: Engine, decided: Decided, name: str) -> None:
    own = [code for kept_name, code in kept(engine) if kept_name == name and code]
    first = set_threshold(engine, name, 20, indicator="reviewed", by="A. Person")
    assert decided.pop() == (["reviewed"], first)
    second = set_threshold(engine, name, 15, by="A. Person")
    codes, version = decided.pop()
    assert version == second
    assert sorted([*codes, "reviewed", *own]) == sorted(of_each(engine, name).index)
    third = set_threshold(engine, name, None, indicator="reviewed", by="A. Person")
    assert decided.pop() == (["reviewed"], third)
    set_threshold(engine, name, 15, indicator="reviewed", by="A. Person")  # its own, and what holds for all
    assert decided == []


def test_figures_are_suppressed_and_come_back(engine: Engine) -> None:
    def cells(rows: pd.DataFrame) -> set[tuple[str, str]]:
        return set(rows[["area_code", "period"]].itertuples(index=False, name=None))

    def figures(as_at: int | None = None) -> pd.DataFrame:
        with reading(engine) as connection:
            return area_values(connection, "la", indicator="reviewed", as_at=as_at)

    def hidden(as_at: int | None = None) -> set[tuple[str, str]]:
        rows = figures(as_at)
        return cells(rows[rows["symbol"] == "c"])

    start = figures()
    before, small = hidden(), cells(start[start["value"].notna() & (start["denominator"] < 200)])
    first = set_threshold(engine, "fewest_people", 200, indicator="reviewed", by="A. Person")
    more = hidden()
    assert small
    assert small <= more
    set_threshold(engine, "fewest_people", None, indicator="reviewed", by="A. Person")
    assert hidden() == before
    assert hidden(first) == more
    assert hidden(first - 1) == before


def test_a_failure_while_deciding_leaves_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(summaries, "decide_anew", fail)
    before = now(engine), kept(engine)
    with pytest.raises(KeyboardInterrupt):
        set_threshold(engine, "fewest_people", 20, by="A. Person")
    assert (now(engine), kept(engine)) == before


@pytest.mark.parametrize(("value", "indicator"), [(10, ""), (None, ""), (None, "reviewed"), (12, "inducted")])
def test_what_is_so_already_makes_no_version(
    engine: Engine, decided: Decided, value: float | None, indicator: str
) -> None:
    if indicator == "inducted":
        set_threshold(engine, "fewest_people", 12, indicator="inducted", by="A. Person")
        decided.clear()
    before = now(engine), kept(engine)
    assert set_threshold(engine, "fewest_people", value, indicator=indicator, by="A. Person") == before[0]
    assert (now(engine), kept(engine), decided) == (*before, [])


@pytest.mark.parametrize(
    ("name", "value", "indicator", "says"),
    [
        ("most_people", 12, "", "“most_people” is not a known threshold. Known: fewest_people"),
        ("fewest_people", 12, "nonsense", "“nonsense” is not a known indicator."),
        ("fewest_people", -1, "", "Fewest people in a figure cannot be -1. Give a number from 0 to 1000."),
        ("fewest_people", 1001, "reviewed", "cannot be 1001."),
        ("fewest_units", 0, "", "Give a number from 1 to 50."),
        ("fewest_people", 10.5, "", "Fewest people in a figure counts people: 10.5 is no whole number."),
        ("minimum_coverage", 60, "", "Least coverage cannot be 6000%. Give a number from 0% to 100%."),
        ("trend_confidence", 1, "", "cannot be 100%. Give a number from 50% to 99.99%."),
        ("minimum_coverage", nan, "", "Least coverage is to be a number."),
        ("neighbours", inf, "", "Statistical neighbours is to be a number."),
        ("neighbours", -inf, "", "Give a number from 3 to 30."),
    ],
)
def test_what_cannot_be_is_refused(
    reader: Engine, decided: Decided, name: str, value: float, indicator: str, says: str
) -> None:
    before = now(reader)
    with pytest.raises((UnknownCode, ThresholdRefused)) as refused:
        set_threshold(reader, name, value, indicator=indicator, by="A. Person")
    assert says in str(refused.value)
    assert now(reader) == before


@pytest.mark.parametrize("name", THRESHOLDS)
def test_the_ends_of_the_range_are_in_it(engine: Engine, decided: Decided, name: str) -> None:
    for value in (THRESHOLDS[name].lowest, THRESHOLDS[name].highest):
        set_threshold(engine, name, value, by="A. Person")
        assert set(of_each(engine, name).drop([code for own, code in kept(engine) if own == name and code])) == {value}


def test_numbers_as_people_write_them() -> None:
    assert [from_words(text) for text in ("12", " 60% ", "0.6", "99.8 %")] == pytest.approx([12, 0.6, 0.6, 0.998])
    with pytest.raises(ThresholdRefused, match="“a dozen” is no number"):
        from_words("a dozen")


def test_the_list_says_what_holds_and_held(engine: Engine, decided: Decided) -> None:
    before = now(engine)
    set_threshold(engine, "minimum_coverage", 0.6, indicator="reviewed", by="A. Person")
    with reading(engine) as connection:
        made, earlier = listed(connection), listed(connection, before)
    row = {"name": "minimum_coverage", "applies_to": "reviewed", "value": "60%", "usual": "50%"}
    assert made[made["applies_to"] == "reviewed"].to_dict("records") == [
        row | {"meaning": THRESHOLDS["minimum_coverage"].meaning}
    ]
    assert list(made.loc[made["applies_to"] == "all indicators", "name"]) == list(THRESHOLDS)
    assert "reviewed" not in set(earlier["applies_to"])


@pytest.fixture
def run(
    small_copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], decided: Decided
) -> Callable[..., tuple[int, str, str]]:
    """A command on a database of the test's own: exit status, what it prints, what it complains."""
    monkeypatch.setattr("data_access.commands.get_engine", lambda: get_engine(sqlite_url(small_copy)))

    def command(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as done:
            main(list(arguments))
        said = capsys.readouterr()
        return int(done.value.code or 0), said.out, said.err

    return command


def test_from_the_command_line(run: Callable[..., tuple[int, str, str]], decided: Decided) -> None:
    status, out, err = run("threshold", "fewest_people", "12", "--indicator", "reviewed", "--by", "A. Person")
    assert (status, out, err) == (0, "Set as data version 18.\n", "")
    assert run("threshold", "fewest_people", "12", "--indicator", "reviewed")[1].startswith("It is so already")
    assert run("threshold", "minimum_coverage", "60%")[1] == "Set as data version 19.\n"
    listing = run("thresholds")[1].splitlines()
    assert [line.split()[0] for line in listing[:2]] == ["name", "fewest_people"]
    assert any(line.split()[:4] == ["fewest_people", "reviewed", "12", "10"] for line in listing)
    assert any(line.split()[:5] == ["minimum_coverage", "all", "indicators", "60%", "50%"] for line in listing)
    assert "reviewed" not in run("thresholds", "--as-at", "15", "--format", "csv")[1]
    assert "(A. Person)" in run("versions")[1]
    assert run("threshold", "fewest_people", "--indicator", "reviewed", "--usual")[1] == "Set as data version 20.\n"
    assert "reviewed" not in run("thresholds")[1]
    assert decided == [(["reviewed"], 18), (["reviewed"], 20)]


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("threshold fewest_people", "Give either a number or --usual."),
        ("threshold fewest_people 12 --usual", "Give either a number or --usual."),
        ("threshold fewest_people many", "“many” is no number."),
        ("threshold fewest_people nan", "is to be a number."),
        ("threshold minimum_coverage 60", "cannot be 6000%."),
        ("threshold nothing 1", "not a known threshold"),
        ("threshold fewest_people 12 --indicator nonsense", "not a known indicator"),
        ("thresholds --as-at never", "neither a data version nor a date"),
    ],
)
def test_an_error_is_a_sentence(run: Callable[..., tuple[int, str, str]], command: str, says: str) -> None:
    status, _, err = run(*command.split(" "))
    assert (status, len(err.splitlines()), says in err) == (1, 1, True)
