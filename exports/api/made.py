"""What an answer with a table holds: a page of it, all of it, or all of it piece by piece."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from data_access.access import Viewer
from exports.api import formats, tables
from exports.api.columns import OF
from exports.api.parameters import INDICATOR, LIMIT, NUMBER, PAGE, PHASE, STAFF_GROUP, Values, number
from exports.kept import kept
from exports.views import data


@dataclass(frozen=True)
class Asked:
    """One question of a table: which, in which format, the parameters as given, the data version, who asks."""

    name: str
    kind: str
    said: tuple[tuple[str, tuple[str, ...]], ...]
    version: int
    viewer: Viewer

    @property
    def parameters(self) -> Values:
        """The values of each parameter."""
        return dict(self.said)

    @property
    def limit(self) -> int | None:
        """Rows of a page; None where the whole table is asked for."""
        paged = self.kind == "json" or NUMBER.name in self.parameters
        return number(self.parameters, LIMIT) or (PAGE if paged else None)

    @property
    def page(self) -> int:
        """Which page, from 1."""
        return number(self.parameters, NUMBER) or 1

    @property
    def schools(self) -> bool:
        """True where figures of single schools are asked for."""
        return "school" in self.parameters.get("level", ())

    @property
    def small(self) -> bool:
        """True for answers of a few hundred kilobytes at most: a page, or one indicator."""
        if self.limit is not None:
            return self.limit <= PAGE
        choices = [len(self.parameters.get(name.name, ())) for name in (PHASE, STAFF_GROUP)]
        return len(self.parameters.get(INDICATOR.name, ())) == 1 and max(choices) <= 1


def whole(asked: Asked) -> tuple[bytes, bool] | None:
    """The answer and whether another page follows it; None for one that is long, see `pieces`.

    Small ones are kept, but for those of schools, which are each authority's own. Raises DataAccessError.
    """
    if asked.small and not asked.schools:
        return _kept(asked)
    return _made(asked) if asked.limit is not None else None


def pieces(asked: Asked) -> Iterator[bytes]:
    """A whole CSV or Parquet file in pieces; what can be refused is refused before the first is returned."""
    rows = tables.of(asked.name, asked.parameters, asked.version, asked.viewer)
    first = next(rows, None)

    def all_rows() -> Iterator[pd.DataFrame]:
        if first is not None:
            yield first
            yield from rows

    return formats.written(all_rows(), OF[asked.name], asked.kind)


def _made(asked: Asked) -> tuple[bytes, bool]:
    return _json(asked) if asked.kind == "json" else _file(asked)


def _file(asked: Asked) -> tuple[bytes, bool]:
    columns = OF[asked.name]
    frame, more = _rows(asked)
    return b"".join(formats.written([frame], columns, asked.kind)), more


def _json(asked: Asked) -> tuple[bytes, bool]:
    found = tables.whole_indicator(asked.parameters, asked.version) if asked.name == "values" else None
    if found is None:
        frame, more = _rows(asked)
        objects = formats.json_objects(frame, OF[asked.name])
    else:
        now, level, indicator = found
        every = _by_indicator(now.version, level, now.staff_group, now.phase).get(indicator, [])
        start = (asked.page - 1) * (asked.limit or PAGE)
        objects = every[start:][: asked.limit]
        more = len(every) > start + len(objects)
    known = data.reference(asked.version)
    about = {
        "data_version": asked.version,
        "made_at": known.made_at.date().isoformat(),
        "about": known.kind_words,
        "page": asked.page,
        "more": more,
    }
    head = json.dumps(about, ensure_ascii=False)[:-1]
    return f'{head}, "{asked.name}": [{",".join(objects)}]}}'.encode(), more


def _rows(asked: Asked) -> tuple[pd.DataFrame, bool]:
    """The rows asked for, and whether there are more after them."""
    rows = tables.of(asked.name, asked.parameters, asked.version, asked.viewer)
    if asked.limit is not None:
        rows = tables.window(rows, (asked.page - 1) * asked.limit, asked.limit + 1)
    found = list(rows)
    frame = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(OF[asked.name]))
    return (frame, False) if asked.limit is None else (frame.iloc[: asked.limit], len(frame) > asked.limit)


@kept(4)
def _by_indicator(version: int, level: str, staff_group: str, phase: str) -> dict[str, list[str]]:
    """Every figure of a selection, written once (some 16 MB of all authorities): whoever asks for one indicator asks
    for the next."""
    said = {"level": (level,), "staff_group": (staff_group,), "phase": (phase,)}
    found: dict[str, list[str]] = {}
    for frame in tables.of("values", said, version, Viewer(frozenset())):
        objects = formats.json_objects(frame, OF["values"])
        for indicator, written in zip(frame["indicator"], objects, strict=True):
            found.setdefault(indicator, []).append(written)
    return found


_kept = kept(60)(_made)
