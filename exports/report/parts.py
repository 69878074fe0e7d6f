"""What a report consists of, whatever its format."""

from dataclasses import dataclass

from exports.office.parts import Section, Table


@dataclass(frozen=True)
class Report:
    """A local authority's report.

    shown: what it is about, in one line. version: the data version, with its day. kind_words: what kind of data it
    shows. stem: its file's name without ending. sheets: tables for a workbook, with numbers as numbers and symbols
    where there is none. links: what each is called → its address.
    """

    title: str
    area: str
    period_label: str
    shown: str
    illustrative: bool
    kind_words: str
    source: str
    version: str
    made_on: str
    stem: str
    sections: list[Section]
    sheets: list[Table]
    links: dict[str, str]

    def section(self, key: str) -> Section:
        """The section of a key; raises StopIteration where there is none."""
        return next(section for section in self.sections if section.key == key)
