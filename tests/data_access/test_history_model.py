"""Whatever is imported and undone, in whatever order: what counts is what a list on paper says, then and ever after."""

import random
import shutil
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select

from data_access import bulk, schema, summaries
from data_access.engine import current_version, get_engine, reading, writing
from data_access.imports import import_file
from data_access.undo import undo
from data_access.values import area_values
from tests.conftest import sqlite_url
from tests.data_access.files import definition, line, mapping, write

PLACES = {code: ["", "", code, "", ""] for code in ("202", "302", "383")}
KEYS = [(code, period) for code in PLACES for period in ("201011", "201112")]
ITEM = {"indicator": "extra_one", "numerator": "n", "denominator": "d", "define": definition("extra_one")}
STEPS = 14


class OnPaper:
    """The same history kept the slow and obvious way: the latest import that stands and holds a key has the say."""

    def __init__(self) -> None:
        self.imports: dict[int, dict[tuple[str, str], tuple[int, int]]] = {}
        self.undone: set[int] = set()

    def now(self) -> dict[tuple[str, str], tuple[int, int]]:
        found: dict[tuple[str, str], tuple[int, int]] = {}
        for number in sorted(self.imports):
            if number not in self.undone:
                found |= self.imports[number]
        return found


def shown(engine, as_at: int | None = None) -> dict[tuple[str, str], tuple[int, int]]:  # type: ignore[no-untyped-def]
    with reading(engine) as connection:
        frame = area_values(connection, "la", indicator="extra_one", as_at=as_at)
    frame = frame[frame["units"] > 0]
    return {
        (row.area_code, row.period.replace("/", "")): (int(row.numerator), int(row.denominator))
        for row in frame.itertuples()
    }


@pytest.mark.parametrize("seed", range(6))
def test_history_is_what_a_list_on_paper_says(small_database: Path, tmp_path: Path, seed: int) -> None:
    engine = get_engine(sqlite_url(shutil.copy(small_database, tmp_path / "cpd.db")))
    chance, paper = random.Random(seed), OnPaper()
    states: dict[int, dict] = {}
    for step in range(STEPS):
        standing = sorted(set(paper.imports) - paper.undone)
        if standing and chance.random() < 0.4:
            number = chance.choice(standing)
            undo(engine, number, "a tester")
            paper.undone.add(number)
        else:
            # Few values, so that files often hold what is there already.
            held = {key: (chance.randint(0, 2), 50) for key in chance.sample(KEYS, chance.randint(1, len(KEYS)))}
            rows = [line(PLACES[code], n, d, period=f"{period[:6]}") for (code, period), (n, d) in held.items()]
            file = write(tmp_path / f"{step}.csv", rows)
            report = import_file(engine, file, None, mapping(indicators=[ITEM]))
            if report.import_id is not None:
                paper.imports[report.import_id] = held
        now = {(code, f"{period}"): pair for (code, period), pair in paper.now().items()}
        assert shown(engine) == now, f"after step {step}"
        with reading(engine) as connection:
            states[current_version(connection)] = now
    for version, state in states.items():
        assert shown(engine, version) == state, f"as at data version {version}"
    assert len(paper.undone) >= 2
    assert_summaries_are_fresh(engine)


def assert_summaries_are_fresh(engine) -> None:  # type: ignore[no-untyped-def]
    """The summaries that stand are those that re-making everything gives."""
    s = schema.summary
    query = select(s).where(s.c.indicator == "extra_one").order_by(*s.primary_key)
    with writing(engine) as connection:
        before = bulk.frame(connection, query)
        summaries.remake(connection, before[["indicator", "period"]].drop_duplicates(), None, 999)
        pd.testing.assert_frame_equal(bulk.frame(connection, query), before)
