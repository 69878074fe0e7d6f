"""Hostile words in every parameter that any view of any page reads: shown as words, obeyed nowhere, nothing changed.

No parameter is named here: whatever a page asks of its address, or binds a widget to, is noted as it does, and tried.
"""

import csv
import io
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from google.protobuf.message import Message
from sqlalchemy import Engine
from streamlit.runtime.state.query_params import QueryParams
from streamlit.testing.v1 import AppTest

from data_access import evidence, meetings
from data_access.engine import get_engine, reading
from data_access.errors import DataAccessError
from data_access.partnerships import entries
from data_access.partnerships.fields import BY_CODE, PARTNERSHIPS
from pages.parts import plain
from pages.parts.navigation import ADDRESSES
from tests import hostile
from tests.data_access.test_evidence import GOOD
from tests.data_access.test_partnerships import MEETING, NEW
from tests.data_access.test_reference_imports import REGISTER, bring
from tests.pages.conftest import opened

PLACE = {"la": "Camden"}  # what many views need to show anything
ROUNDS, STRIDE = 5, 7  # runs of each view, and from one to the next so many words on, to others of their kind
VIEW = "view=ranked&level=la&indicator=reviewed&period=2011/12&region=London"
LONGEST = 1200  # characters of what is said of an address
WORDS = list(hostile.WORDS.values())


@pytest.fixture(scope="module", autouse=True)
def _unchanged(small_database: Path) -> Iterator[None]:
    """What the database holds is the same afterwards."""

    def held() -> dict[str, int]:
        with sqlite3.connect(f"file:{small_database}?mode=ro", uri=True) as connection:
            names = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
            return {name: connection.execute(f'select count(*) from "{name}"').fetchone()[0] for name in names}

    before = held()
    yield
    assert held() == before


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The parameters that pages read, as they do."""
    found: set[str] = set()

    def noting(method: Callable) -> Callable:
        def asked(self: QueryParams, *given: str, **named: str) -> object:
            found.add(given[0] if given else named["param_key"])
            return method(self, *given, **named)

        return asked

    for name in ("__getitem__", "get_all", "bind_widget"):
        monkeypatch.setattr(QueryParams, name, noting(getattr(QueryParams, name)))
    return found


def checked(page: str, address: dict[str, str]) -> AppTest:
    """The page that an address leads to: whole, with none of the words obeyed."""
    at = opened(page or "overview", **address)
    assert not at.exception, (address, at.exception[0].message)
    assert not at.error, (address, at.error[0].value)
    assert len(at.title) == 1
    messages = [node.proto for node in at._tree if isinstance(getattr(node, "proto", None), Message)]
    assert len(messages) > 20
    found = [what for message in messages for what in hostile.obeyed(message)]
    cells = [cell for table in at.table for cell in table.value.astype(str).to_numpy().ravel()]
    found += [what for cell in cells if hostile.OURS.search(cell) for what in hostile.made(cell)]
    assert not found, (address, found)
    for warning in at.warning:
        assert warning.value.endswith(".")
        assert len(warning.value) < LONGEST
    return at


@pytest.mark.parametrize("write", [plain.unmarked, plain.escaped, plain.sentence])
def test_hostile_words_are_plain_paragraphs(write: Callable[[str], str]) -> None:
    for word in WORDS:
        said = write(word)
        assert hostile.blocks(said) <= {"paragraph_open", "inline", "text", "softbreak", "paragraph_close"}, said
        assert not hostile.made(said), said


@pytest.mark.parametrize("page", sorted({*ADDRESSES} - {"access"}))
def test_hostile_words_in_an_address_stay_words(page: str, read: set[str]) -> None:
    views, seen, run = [dict[str, str]()], set[str](), 0
    while views:
        view = views.pop()
        times, tried = 0, set[str]()
        while times < ROUNDS or tried != read:  # what this view is the first to read is tried at once
            tried = set(read)
            said = {name: WORDS[(at + STRIDE * run) % len(WORDS)] for at, name in enumerate(sorted(tried))}
            at, run, times = checked(page, said | PLACE | view), run + 1, times + 1
        for group in at.get("button_group"):
            if group.key in read and group.key not in seen:
                seen.add(group.key)
                views += [view | {group.key: option} for option in group.options if option != group.value]
    assert {"la", "as_at"} <= read


@pytest.mark.parametrize("start", range(0, len(WORDS), 4))
def test_hostile_words_in_the_filters_stay_words(start: int) -> None:
    names = ["period", "region", "la", "phase", "staff_group", "as_at", "school", "from"]
    for run in range(start, min(start + 4, len(WORDS))):
        checked("", {name: WORDS[(at + run) % len(WORDS)] for at, name in enumerate(names)})


def brought_in(engine: Engine, folder: Path) -> tuple[list[str], list[str], list[str]]:
    """Codes of evidence and of partnerships, and URNs of schools of Camden, that the words were entered as.

    Words that are refused are refused; most are not. All are in the agenda and the minutes of the next meeting, too.
    """
    codes: tuple[list[str], list[str]] = ([], [])
    with reading(engine) as connection:
        meeting = meetings.latest(connection)
    short = [word[:100] for word in WORDS if not re.fullmatch(r"[\w ';=,/%.-]+", word)]
    for word in short:
        texts = dict.fromkeys(("title", "organisation", "method", "sample", "found", "source"), word)
        with suppress(DataAccessError):
            codes[0].append(evidence.add(engine, GOOD | texts, word))
        with suppress(DataAccessError):
            named = NEW | {"name": word, "purpose": word, "funder": word, "funding": 100}
            codes[1].append(str(entries.add(engine, PARTNERSHIPS, named, word)))
            entries.add(
                engine, BY_CODE["activities"], MEETING | {"title": word, "attended": None}, word, to=codes[1][0]
            )
        with suppress(DataAccessError):
            meetings.decide(engine, meeting, "decision", word, word)
            meetings.pin(engine, meeting, VIEW, word, headline=word, note=word, presenter=word)
    header, row, *_ = list(csv.reader(io.StringIO(REGISTER.format(urn="", phase="Primary"))))
    urns = [str(900_000 + at) for at, word in enumerate(short) if not re.search(r"[\0\r\n]|^=", word)]  # else no file
    out = io.StringIO()
    rows = [[urn, *row[1:4], short[int(urn) - 900_000], *row[5:]] for urn in urns]
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    bring(engine, folder / "register.csv", out.getvalue(), by=short[2])
    return *codes, urns


def test_hostile_words_that_were_entered_or_brought_in_stay_words(own_database: None, tmp_path: Path) -> None:
    found, partners, urns = brought_in(get_engine(), tmp_path)
    assert min(map(len, (found, partners, urns))) > 10
    for code in found:
        checked("evidence", PLACE | {"sheet": "Register", "evidence": code})
    for code in partners:
        checked("partnerships", PLACE | {"show": "Register", "partnership": code})
    for urn in urns[::5]:
        checked("schools", PLACE | {"school": urn})
    for view in ("Impacts and challenges", "Stalling", "Does it last?", "Networks", "Health check", "Figures"):
        checked("partnerships", PLACE | {"show": view, "partnership": partners[0]})
    for view in ("Agenda", "In the room", "Minutes"):
        checked("meeting", {"what": view})
    checked("data", {"view": "History"})
    checked("local-authority", PLACE)
