"""A bundle made: the zip is written as each chart is drawn, so that memory does not grow with how many there are."""

import logging
import threading
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from charts.figure import Figure, slugify
from data_access.areas import check
from data_access.errors import DataAccessError, UnknownCode
from data_access.steps import Step
from exports import chart_files
from exports.bundle import contents
from exports.bundle.contents import Entry
from exports.bundle.planned import OVER, Item, Plan
from exports.bundle.workers import Told, Workers
from exports.facts import facts
from exports.office import writing
from exports.views import data, registry
from measures import words

log = logging.getLogger("cpd.bundle")
NOTHING: Final = "There is nothing to show for this choice."
NOT_DRAWN: Final = "It could not be drawn: a fault of the dashboard, which its log names."
WAIT: Final = 0.5  # seconds between two looks whether someone has stopped waiting
_making = threading.Lock()
PACKED: Final = ("png", "pdf", "xlsx")  # endings of files that zipping makes no smaller


@dataclass(frozen=True)
class Made:
    """A bundle that was made. charts: how many it holds; missing: what it does not hold, with the reasons."""

    path: Path
    charts: int
    missing: tuple[Entry, ...]


def make(
    plan: Plan,
    kinds: Sequence[str],
    folder: Path,
    step: Step,
    *,
    address: str = "",
    count: int | None = None,
    calm: bool = False,
) -> Made:
    """Make the zip in a folder: whole, or not at all. kinds: of chart_files.KINDS, each once.

    step: told what is being made and how far it is, and may raise to stop it; address: where the dashboard is served,
    '' where no file leads to it; count, calm: of the processes. Raises UnknownCode where there is nothing at all to
    show or every chart would be the same, CannotWrite where the folder or the disk does not take the file.
    """
    for kind in kinds:
        check(kind, chart_files.KINDS, "format")
    if not kinds or len(set(kinds)) < len(kinds):
        raise UnknownCode("No format is chosen, or one twice.", "Name each once.")
    step("Looking at the first charts", 0.0)
    _varies(plan)
    entries: list[Entry] = []
    names = _Names(plan)
    name = f"{plan.stem}.zip"
    with writing.whole(folder, name) as file, Workers(kinds, count, calm=calm) as workers:
        every = workers.drawn(_figures(plan, address))
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, closing(every):
            for (item, figure, why), drawn in every:
                if figure is None or drawn is None:
                    entries.append(Entry(item.name, why=why or NOT_DRAWN))
                else:
                    files = names.of(item, figure, kinds)
                    for said, content in zip(files, drawn, strict=True):
                        packed = zipfile.ZIP_STORED if said.endswith(PACKED) else zipfile.ZIP_DEFLATED
                        archive.writestr(said, content, packed)
                    entries.append(Entry.of(item.name, figure, files))
                step(f"{item.name}, {len(entries)} of {len(plan.items)}", len(entries) / len(plan.items))
            missing = tuple(entry for entry in entries if not entry.files)
            if len(missing) == len(entries):
                raise UnknownCode(f"None of the {len(entries)} charts could be made: {missing[0].why}", "Take another.")
            archive.writestr("contents.csv", contents.csv(plan, entries))
            archive.writestr("index.html", contents.html(plan, entries, _told(plan, address)))
    return Made(folder / name, len(entries) - len(missing), missing)


def one_at_a_time(
    plan: Plan, kinds: Sequence[str], folder: Path, step: Step, *, address: str = "", calm: bool = False
) -> Made:
    """`make`, for a server that several people ask: a bundle begins when the one before it is done."""
    while not _making.acquire(timeout=WAIT):
        step("Waiting for another bundle", 0.0)
    try:
        return make(plan, kinds, folder, step, address=address, calm=calm)
    finally:
        _making.release()


Key = tuple[Item, Figure | None, str]


def _figures(plan: Plan, address: str) -> Iterator[tuple[Key, Figure | None, Told]]:
    """Each chart as it is to be drawn, with what it says of itself; and the reason where there is none."""
    today = date.today().isoformat()
    for item in plan.items:
        figure, why = _figure(item, plan.version)
        told: Told = {}
        if figure is not None:
            link = f"{address}{registry.link(item.origin, plan.version)}" if address else ""
            told = facts(figure, link, today)
        yield (item, figure, why), figure, told


def _figure(item: Item, version: int) -> tuple[Figure | None, str]:
    """The chart, or why there is none; a fault in one leaves the others."""
    try:
        figure = registry.again(item.origin, version, keep=False)
    except DataAccessError as error:
        return None, error.sentence
    except Exception:
        log.exception("%s cannot be made", item.origin)
        return None, NOT_DRAWN
    return figure, NOTHING if figure is None else ""


def _varies(plan: Plan) -> None:
    """Raise UnknownCode where the first two charts are one and the same: then all are."""
    found = [figure for item in plan.items[:2] if (figure := _figure(item, plan.version)[0]) is not None]
    said = {(figure.headline, figure.subtitle) for figure in found}
    if len(found) == 2 and len(said) == 1 and found[0].spec == found[1].spec:
        raise UnknownCode(
            f"This chart is the same for every {OVER[plan.over]}.", "Vary something else, or take another chart."
        )


def _told(plan: Plan, address: str) -> list[str]:
    """What holds for all charts of a bundle."""
    known = data.reference(plan.version)
    kind = f"{known.kind_words.rstrip('.')}." if known.kind_words else ""
    said = f"Data version {known.version}, {words.day(known.made_at)}. Made on {words.day(date.today())}."
    return [text for text in (kind, said, f"Dashboard: {address}" if address else "") if text]


class _Names:
    """Names of files, none twice: what a chart shows (chart_files.file_name), with what was varied where it lacks."""

    def __init__(self, plan: Plan):
        self.plan = plan
        self.given: set[str] = set()

    def of(self, item: Item, figure: Figure, kinds: Sequence[str]) -> list[str]:
        """The name of each kind of file of a chart."""
        stem = chart_files.file_name(figure, "", earlier=self.plan.earlier).rstrip(".")
        own = slugify(item.name.partition(" ")[2] if self.plan.over == "indicator" else item.name)
        stem = stem if own in stem.split("_") else f"{stem}_{own}"
        unique, number = stem, 1
        while unique in self.given:
            number += 1
            unique = f"{stem}-{number}"
        self.given.add(unique)
        return [f"{unique}.{kind}" for kind in kinds]
