"""One pinned view: its figure, made again from its own words, and the numbers that its table says."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qs

import pandas as pd

from charts.figure import Figure
from exports import shown
from exports.shown import Shown
from exports.views import data
from measures import words

GBP, RATE, PERCENT = "gbp", "rate", "percent"


@dataclass(frozen=True)
class Told:
    """A figure of exports.views at a data version; it says in `origin` what made it."""

    figure: Figure
    version: int

    @cached_property
    def asked(self) -> Mapping[str, list[str]]:
        """What the figure's origin says: the view's name, its options, what is shown."""
        return parse_qs(self.figure.origin)

    @property
    def name(self) -> str:
        """The name of the view."""
        return self.asked["view"][0]

    @cached_property
    def now(self) -> Shown:
        """What is shown."""
        return shown.understood({key: values[0] for key, values in self.asked.items()}, self.version)

    def option(self, name: str) -> str:
        """What the view was asked for; '' where nothing was said."""
        return self.asked.get(name, [""])[0]

    @property
    def table(self) -> pd.DataFrame:
        """The table twin: what the page shows, in words."""
        return self.figure.table

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """The records of the indicators that the view shows, in the strategy's order: by its options and its table."""
        known = data.reference(self.version).indicators
        codes = {*self.asked.get("indicator", []), *self.asked.get("indicators", [])}
        titles = set(self.table["Indicator"]) if "Indicator" in self.table else set()
        return known[known["code"].isin(codes) | known["short_title"].isin(titles)]

    @cached_property
    def by_title(self) -> dict[str, dict[str, str]]:
        """Short title → record, of the same."""
        return {str(row["short_title"]): row for row in self.indicators.to_dict("records")}  # type: ignore[misc]

    @property
    def unit(self) -> str:
        """The unit of the one indicator that is shown."""
        return str(self.indicators["unit"].iloc[0])

    def label(self, title: str) -> str:
        """'1b Needs agreed in review' for an indicator's short title."""
        return f"{self.by_title[title]['outcome']} {title}"


def number(cell: object) -> float:
    """The first number of a cell of a table; NaN where it holds a symbol or words."""
    found = words.numbers_in(str(cell))
    return found[0] if found else float("nan")


def column(rows: pd.DataFrame, name: str, index: Iterable[Hashable]) -> pd.Series:
    """The numbers of a column of a table."""
    return pd.Series([number(cell) for cell in rows[name]], index=list(index), dtype=float)


def limits(rows: pd.DataFrame, name: str, index: Iterable[Hashable]) -> tuple[pd.Series, pd.Series]:
    """Lower and upper limit of a column of intervals, the last two numbers of a cell; NaN where there is none."""
    found = [words.numbers_in(str(cell).partition("(")[2] or str(cell)) for cell in rows[name]]
    pairs = [each if len(each) == 2 else [float("nan")] * 2 for each in found]
    ends = pd.DataFrame(pairs, index=list(index), columns=["lower", "upper"], dtype=float)
    return ends["lower"], ends["upper"]
