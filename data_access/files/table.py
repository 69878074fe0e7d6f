"""A file's table as text, handed out in blocks, so that memory does not grow with the file."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd


@dataclass
class Table:
    """One table of one file. Every value is text, trimmed, '' where blank; a row's index + 2 is the line it begins on.

    encoding: as a person says it ('UTF-8', 'Windows-1252', 'XLSX'); separator: '' for a workbook.
    notes: what was odd but taken, as sentences. For a table made from a person's own file, called: column → what that
    file calls it; left_out: rows of it that are not here, counted by reason once blocks() has come to its end.
    """

    name: str
    columns: list[str]
    encoding: str
    separator: str
    sha256: str
    size: int
    _blocks: Callable[[], Iterator[pd.DataFrame]]
    notes: list[str] = field(default_factory=list)
    layout: str = "EES"
    called: Mapping[str, str] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)

    def blocks(self) -> Iterator[pd.DataFrame]:
        """The rows from the beginning, some 100,000 at a time; raises ImportRefused where the rest is no table."""
        return self._blocks()

    def whole(self) -> pd.DataFrame:
        """All rows at once: for files that are small by nature (meta files, targets, neighbours)."""
        blocks = list(self.blocks())
        return pd.concat(blocks) if blocks else pd.DataFrame(columns=self.columns, dtype=str)

    @classmethod
    def of(cls, name: str, frame: pd.DataFrame) -> "Table":
        """A table from a frame of text that is in memory already."""
        return cls(name, list(frame.columns), "UTF-8", ",", "0" * 64, 0, lambda: iter([frame]))
