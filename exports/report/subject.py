"""One local authority in the material: its rows, and what they are set against."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from charts.figure import Context
from exports import benchmarks, frames
from exports.office.parts import Said
from exports.report.material import Material
from measures import findings, words
from measures.comparison import compare
from measures.findings import Finding


@dataclass(frozen=True)
class Subject:
    """A local authority by its code; everything else is taken from the material."""

    material: Material
    code: str

    @cached_property
    def place(self) -> pd.Series:
        """Its record among the authorities."""
        known = self.material.known.authorities
        return known[known["code"] == self.code].iloc[0]

    @cached_property
    def name(self) -> str:
        """Its name."""
        return str(self.place["name"])

    @cached_property
    def region(self) -> str:
        """The name of its region."""
        return str(self.place["region"])

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """The records of the strategy's indicators, those alone that have a row here, in the strategy's order."""
        known = self.material.known.of_strategy
        return known[known["code"].isin(self.of(self.material.authorities)["indicator"])]

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Its figures of the period with what they are set against, one row an indicator of the strategy, in order."""
        own = self.of(self.material.authorities)
        return self.indicators[["code"]].merge(own, left_on="code", right_on="indicator")

    @cached_property
    def before(self) -> pd.DataFrame | None:
        """Its figures a year before; None where the database has no such period."""
        rows = self.material.before
        return None if rows is None else self.of(rows)

    @cached_property
    def region_rows(self) -> pd.DataFrame:
        """The figures of its region."""
        rows = self.material.regions
        return rows[rows["area_code"] == self.place["region_code"]]

    @cached_property
    def marks(self) -> dict[str, pd.Series]:
        """Benchmark → its values for `rows`: exports.benchmarks.marks; those alone that have any."""
        found = benchmarks.marks(self.rows, self.material.england, self.region_rows)
        return {key: values for key, values in found.items() if key == "england" or values.notna().any()}

    @cached_property
    def mark_names(self) -> dict[str, str]:
        """Benchmark → what it is called."""
        names = {"england": "England", "region": self.region, "neighbours": "Neighbours", "before": "A year ago"}
        return {key: names[key] for key in self.marks}

    @cached_property
    def compared(self) -> pd.DataFrame:
        """`rows` against each benchmark, in the words of measures.comparison: a row an indicator, a column each."""
        rows = self.rows
        return pd.DataFrame(
            {key: compare(rows["lower"], rows["upper"], mark, rows["better"]) for key, mark in self.marks.items()},
            index=rows["indicator"],
        )

    @cached_property
    def closest(self) -> pd.DataFrame:
        """Its rows of data_access.neighbours."""
        rows = self.material.neighbours
        return rows[rows["la_code"] == self.code]

    @cached_property
    def schools(self) -> int:
        """How many schools the register has here, as far as an indicator is asked of all of them; 0 for none."""
        asked = self.of(self.material.by_phase["all"])
        of_schools = self.material.known.indicators.query("collected_from == 'school'")["code"]
        due = asked.loc[asked["indicator"].isin(of_schools), "expected_units"]
        return int(due.max()) if due.notna().any() else 0

    @cached_property
    def way(self) -> pd.Series:
        """What makes sizes in different units comparable: measures.findings.yardstick."""
        return findings.yardstick(self.material.regions)

    def of(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows that are this authority's."""
        return rows[rows["area_code"] == self.code]

    def context(self, rows: pd.DataFrame, indicator: str | None = None, *, comparator: str = "") -> Context:
        """The words that go with a figure of these rows."""
        m = self.material
        return frames.context(
            m.known,
            rows,
            indicator,
            place=self.name,
            period_label=m.period_label,
            staff_group=m.staff_group,
            staff_label=m.staff_label,
            phase=m.phase,
            comparator=comparator,
        )

    def said(self, found: Iterable[Finding]) -> list[Said]:
        """Findings as sentences without marks: the indicator's title is apart."""
        titles = self.indicators.set_index("code")["short_title"]
        made = []
        for finding in found:
            title = str(titles[finding.indicator])
            text = finding.sentence.removeprefix(f"**{title}**").removeprefix(f", {self.name}").removeprefix(": ")
            made.append(Said(f"{text}.", title))
        return made

    def counted(self, key: str, codes: Iterable[str] | None = None) -> str:
        """'3 better, 6 similar, 1 worse' than a benchmark. codes: indicators; None: all."""
        column = self.compared[key] if codes is None else self.compared.loc[list(codes), key]
        counts = column.value_counts()
        order = ["Better", "Higher", "Similar", "Lower", "Worse", "Not compared"]
        return words.joined([f"{counts[word]} {word.lower()}" for word in order if word in counts])
