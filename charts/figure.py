"""A figure and the words around it: headline, subtitle, source, file name."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pandas as pd
import pyarrow as pa

Record = Mapping[str, Any] | pd.Series
Spec = dict[str, Any]

HEADLINE_WORDS: Final = 10


@dataclass(frozen=True)
class Context:
    """What a chart shows, in words; the page knows it, the chart only writes it down."""

    place: str  # 'London'
    period_label: str  # '2011/12'
    staff_label: str  # 'all staff'
    comparator: str  # 'England', '' where there is none
    source: str  # 'School survey of CPD leaders'
    coverage_text: str  # '91% of schools reporting'
    data_version: str  # '7'
    date_text: str  # '3 March 2012'
    illustrative: bool
    schools_of: tuple[str, str] | None = None  # code and name of the authority whose single schools it shows

    def subtitle(self, measure: str, period: str | None = None) -> str:
        """Measure, place, period, staff, comparator; `period` stands in where a chart shows several periods."""
        parts = [measure, self.place, period or self.period_label, self.staff_label]
        if self.comparator:
            parts.append(f"compared with {self.comparator}")
        return " · ".join(part for part in parts if part)

    def source_line(self) -> str:
        """Source, coverage, data version, date, and 'Illustrative data' where it is."""
        parts = [f"Source: {self.source}" if self.source else "", self.coverage_text]
        parts += [f"data version {self.data_version}" if self.data_version else "", self.date_text]
        parts.append("Illustrative data" if self.illustrative else "")
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True)
class Figure:
    """One chart with everything a reader needs: words, Vega-Lite spec (no title inside), and its table twin."""

    slug: str
    headline: str
    subtitle: str
    source: str
    alt: str
    spec: Spec
    twin: Callable[[], pd.DataFrame]  # makes the table twin, which few readers open
    notes: str = ""
    context: Context | None = None  # the same facts one by one, for files of data
    origin: str = ""  # what makes it again (exports.views.registry); '' where it cannot be
    size: str = "page"  # what it is made for: 'page', 'slide' (16:9, larger type) or 'web' (narrow)
    cautions: tuple[str, ...] = ()  # what would mislead about it; the notes say them, too

    @property
    def schools_of(self) -> tuple[str, str] | None:
        """Code and name of the authority whose single schools it shows; None where it shows none."""
        return self.context.schools_of if self.context else None

    @cached_property
    def dark(self) -> Spec:
        """The spec for dark mode."""
        from charts.theme import in_dark  # the theme knows specs, so not at the top

        return in_dark(self.spec)

    @cached_property
    def rows(self) -> pa.Table | None:
        """The rows that stand in the spec's own data, as browsers get them; None where only its layers have any."""
        return _as_sent(self.spec)

    @cached_property
    def dark_rows(self) -> pa.Table | None:
        """Those of the spec for dark mode: a row may hold a colour."""
        return _as_sent(self.dark)

    @cached_property
    def table(self) -> pd.DataFrame:
        """The table twin: the same figures as the chart."""
        return self.twin()


def _as_sent(spec: Spec) -> pa.Table | None:
    rows = spec.get("data", {}).get("values")
    return pa.Table.from_pandas(pd.DataFrame(rows)) if rows else None


def slugify(*parts: str) -> str:
    """A file name stem: slugify('Inclusive policy', 'London', '2011/12') -> 'inclusive-policy_london_2011-12'."""
    slugs = []
    for part in parts:
        plain = unicodedata.normalize("NFKD", part).encode("ascii", "ignore").decode().lower()
        slugs.append(re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-"))
    return "_".join(slug for slug in slugs if slug) or "chart"


def headline(*candidates: str) -> str:
    """The first candidate of at most ten words: give the richest first and a short one last."""
    for text in candidates:
        if len(text.split()) <= HEADLINE_WORDS:
            return text
    return " ".join(candidates[-1].split()[:HEADLINE_WORDS])


def ordinal(number: int) -> str:
    """1 -> '1st', 12 -> '12th', 23 -> '23rd'."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}" + {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def clean(value: Any) -> Any:
    """A value fit for JSON: NaN and NA become None, numpy numbers Python ones, floats six digits long."""
    if value is None or pd.isna(value):
        return None
    value = value.item() if hasattr(value, "item") else value
    return float(f"{value:.6g}") if isinstance(value, float) else value


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows for inline chart data: missing cells are left out, so they cannot be drawn as zero."""
    return drawable({str(key): value for key, value in row.items()} for row in frame.to_dict("records"))


def drawable(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same of rows that are no frame."""
    cleaned = ({key: clean(value) for key, value in row.items()} for row in rows)
    return [{key: value for key, value in row.items() if value is not None} for row in cleaned]


def plain(frame: pd.DataFrame, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Some columns of a frame as rows of Python values: many times faster than to_dict."""
    values = zip(*(frame[name].tolist() for name in columns), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in values]


def number_or_none(value: Any) -> float | None:
    """A float, or None where the number is missing."""
    return None if value is None or pd.isna(value) else float(value)


def text_or_blank(value: Any) -> str:
    """A text cell of a frame, '' where it is missing: NaN must not be read as the word 'nan'."""
    return "" if value is None or pd.isna(value) else str(value)
