"""From blocks of an EES file's text to observations: levels, filters, periods, places and values, each checked.

Every fault is collected (row, column, value, remedy); rows that are rightly not taken are counted, with the reason.
What is kept of a row takes some 40 bytes, so that a file of millions of rows fits in memory.
"""

from collections import Counter
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from data_access import periods
from data_access.errors import Problems
from data_access.files import ees
from data_access.files.mapping import IndicatorMapping, Mapping
from data_access.places import ENGLAND_CODE as ENGLAND
from data_access.places import INNER_OUTER_LONDON, Places

KEY = ["indicator", "period", "level", "unit_code", "staff_group", "phase"]
VALUES = ["numerator", "denominator", "value", "symbol"]
COLUMNS = [*KEY, *VALUES]
LEVELS = pd.CategoricalDtype(["england", "region", "la", "school"])
URN = r"[0-9]{5,7}"
LARGEST = 1e12
PHASES = pd.CategoricalDtype(["all", "primary", "secondary", "special"])
SYMBOLS = pd.CategoricalDtype(ees.SYMBOLS)
SCHOOL_COLUMNS = ["urn", "name", "la_code", "phase", "laestab"]


@dataclass
class Tidied:
    """Observations (COLUMNS, and line), their periods, schools not yet registered, what was left out, what is wrong."""

    rows: int
    observations: pd.DataFrame
    periods: dict[str, periods.Period]
    new_schools: pd.DataFrame
    ignored: Counter[str]
    problems: Problems
    notes: list[str]
    rates: pd.DataFrame  # of rows that give a rate beside its counts: indicator, line, rate, computed, places


@dataclass
class Tidier:
    """One file on its way to observations: give it every block, then finish.

    units: indicator → its unit. called: EES column → what the person's own file calls it.
    """

    name: str
    mapping: Mapping
    places: Places
    units: AnyMapping[str, str]
    called: AnyMapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.read = 0
        self.rows = pd.DataFrame()
        self.ignored: Counter[str] = Counter()
        self.later: set[str] = set()
        self.odd: set[str] = set()
        self.problems = Problems(self.name, self.called)
        self.period_of: dict[str, periods.Period] = {}
        self._periods: dict[tuple[str, str, str], int] = {}
        # Places by number: areas first, then schools, which are only ever looked for among schools.
        self._areas = pd.Index([ENGLAND, *sorted(self.places.regions), *sorted(self.places.la_codes)], dtype=object)
        self._urns = pd.Index(self.places.schools, dtype=object)
        self._new_schools: list[pd.DataFrame] = []
        self._made: list[pd.DataFrame] = []
        self._parts: list[pd.DataFrame] = []
        self._rates: list[pd.DataFrame] = []
        groups = {"all", *(item.staff_group for item in self.mapping.indicators if item.staff_group)}
        for rule in self.mapping.filters.values():
            if rule.role == "staff_group" and isinstance(rule.values, dict):
                groups |= set(rule.values.values())
        self._groups = pd.CategoricalDtype(sorted(groups))
        self._indicators = pd.CategoricalDtype(sorted({item.indicator for item in self.mapping.indicators}))

    def leave_out(self, rows: pd.Series, reason: str) -> None:
        """Set rows aside, counted under their reason."""
        if rows.any():
            self.ignored[reason] += int(rows.sum())
            self.rows = self.rows[~rows]

    def take(self, block: pd.DataFrame) -> None:
        """Read a block of the file's text: all steps in order; a step works on what those before it left."""
        self.read += len(block)
        for problem in ees.block_problems(self.name, block):
            said = replace(problem, column=self.called.get(problem.column or "", problem.column))
            if said.row != 1 or said not in self.problems:  # the header's faults are those of every block
                self.problems.append(said)
        needed = {column for level in block["geographic_level"].unique() for column in ees.NEEDED.get(level, [])}
        if not needed <= set(block.columns):
            return  # said with the block's problems; its places cannot be read
        self.rows = block
        self._levels()
        self._filters()
        self._add_periods()
        self._places()
        if not self.rows.empty:
            for item in self.mapping.indicators:
                self._observations(item)

    def finish(self) -> Tidied:
        """What all blocks gave together."""
        self._sum_parts()
        schools = self._new_schools or [pd.DataFrame(columns=SCHOOL_COLUMNS)]
        if self._made and not self.problems:
            observations = pd.concat(self._made, ignore_index=True)
            self._made.clear()
        else:
            observations = pd.DataFrame(columns=["line", *COLUMNS])
        made = observations if self.problems else self._named(observations)
        if not self.problems and len(made):
            self._no_duplicates(made)
        if made.empty and not self.problems:
            self.problems.add(
                None, None, None, "no row is left to take.", "Check the mapping's filters and the file's levels."
            )
        rates = pd.concat(self._rates, ignore_index=True) if self._rates else pd.DataFrame(columns=RATES)
        notes = []
        if self.later:
            names = ", ".join(sorted(self.later))
            notes.append(f"Codes of later years were followed to the authorities of 2009 to 2013: {names}.")
        if self.odd:
            said = ", ".join(sorted(self.odd)[:10])
            notes.append(f"Codes that contradict each other were read by the 3-digit one: {said}.")
        new = pd.concat(schools, ignore_index=True)
        return Tidied(self.read, made, self.period_of, new, self.ignored, self.problems, notes, rates)

    def _named(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The numbers of periods and units as categories, now that all are known."""
        units = self._areas.append(self._urns)
        for name, called in (("period", pd.Index(list(self.period_of), dtype=object)), ("unit_code", units)):
            codes = rows[name].to_numpy(dtype=np.int32)
            rows[name] = pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(called))
        return rows

    def _levels(self) -> None:
        level = self.rows["geographic_level"]
        for name in level[level.isin(list(ees.NOT_HELD))].unique():
            self.leave_out(self.rows["geographic_level"] == name, f"{name} rows: a level not held here")
        self.rows = self.rows[self.rows["geographic_level"].isin(list(ees.HELD))]
        self.leave_out(self.rows["country_code"].str.upper() != ENGLAND, "rows outside England")

    def _filters(self) -> None:
        self.staff_group: pd.Series | str = "all"
        self.phase: pd.Series | str = "all"
        self.term: pd.Series | None = None
        for column, rule in self.mapping.filters.items():
            wanted = list(rule.values)
            self.leave_out(~self.rows[column].isin(wanted), f"rows whose {column} the mapping leaves out")
            if isinstance(rule.values, dict):
                setattr(self, rule.role, self.rows[column].map(rule.values).astype("category"))

    def _add_periods(self) -> None:
        """Adds the column `period`: its place in period_of. What cannot be read was reported with its block."""
        keys = self.rows[["time_period", "time_identifier"]].copy()
        keys["term"] = "" if self.term is None else self.term.reindex(self.rows.index).astype(str)
        number = keys.groupby(list(keys.columns), sort=False).ngroup().to_numpy()
        places = []
        for key in keys.drop_duplicates().itertuples(index=False, name=None):
            period = periods.from_ees(key[0], key[1], key[2] if key[2] in periods.TERMS else None)
            if isinstance(period, str):
                places.append(-1)
            else:
                self.period_of.setdefault(period.code, period)
                places.append(list(self.period_of).index(period.code))
        self.rows = self.rows.assign(period=np.array(places, dtype=np.int16)[number])
        self.rows = self.rows[self.rows["period"] >= 0]

    def _places(self) -> None:
        """Adds the columns `level`, `unit` (its place in _units) and `part` ('' but for parts of a split authority)."""
        level = self.rows["geographic_level"].map(ees.HELD)
        unit = pd.Series(-1, index=self.rows.index, dtype=np.int32)
        unit[level == "england"] = 0
        self.rows = self.rows.assign(level=level.astype(LEVELS), part="")
        if (level == "region").any():
            unit = self._regions(level, unit)
        if (level == "la").any():
            unit = self._local_authorities(level, unit)
        if (level == "school").any():
            unit = self._schools(level, unit)
        self.rows["unit"] = unit
        self.rows = self.rows[unit >= 0]

    def _at(self, codes: pd.Series) -> np.ndarray:
        return self._areas.get_indexer(pd.Index(codes, dtype=object)).astype(np.int32)

    def _schools_at(self, urns: pd.Series) -> np.ndarray:
        found = self._urns.get_indexer(pd.Index(urns, dtype=object))
        return np.where(found < 0, -1, found + len(self._areas)).astype(np.int32)

    def _regions(self, level: pd.Series, unit: pd.Series) -> pd.Series:
        codes = self.rows.loc[level == "region", "region_code"].str.upper().replace({"Z": "z", "X": "x"})
        halves, unknown = codes.isin(list(INNER_OUTER_LONDON)), codes.isin(["z", "x", ""])
        self.ignored["Inner and Outer London rows: parts of London, not regions"] += int(halves.sum())
        self.ignored["rows of an unknown region"] += int(unknown.sum())
        known = codes.isin(list(self.places.regions))
        wrong = ~known & ~halves & ~unknown
        self.problems.of("region_code", codes[wrong], "this is not one of the nine regions.", "Correct the code.")
        unit[codes.index[known]] = self._at(codes[known])
        return unit

    def _local_authorities(self, level: pd.Series, unit: pd.Series) -> pd.Series:
        there = self.rows.loc[level == "la", ["old_la_code", "new_la_code", "la_name"]]
        found = self.places.authorities(there["old_la_code"], there["new_la_code"], there["la_name"])
        for why, count in found.loc[found["why"] != "", "why"].value_counts().items():
            self.ignored[f"rows of {why}"] += int(count)
        wrong = found["la_code"].isna() & (found["why"] == "")
        self.problems.of(
            "old_la_code",
            there.loc[wrong, "old_la_code"],
            "no local authority has this code.",
            "Use the 3-digit DfE code of 2009 to 2013.",
        )
        self.later |= set(found.loc[found["la_code"].notna(), "later"]) - {""}
        self.odd |= set(found["odd"]) - {""}
        known = found["la_code"].notna()
        unit[found.index[known]] = self._at(found.loc[known, "la_code"])
        self.rows.loc[found.index, "part"] = found["part"]
        return unit

    def _schools(self, level: pd.Series, unit: pd.Series) -> pd.Series:
        urns = self.rows.loc[level == "school", "school_urn"]
        at = self._schools_at(urns)
        if (at < 0).any():
            unknown = urns[at < 0]
            if self.mapping.new_schools == "refuse":
                self.problems.of(
                    "school_urn",
                    unknown,
                    "no school in the register has this URN.",
                    "Set new_schools: add in the mapping, or correct it.",
                )
            else:
                self._add_schools(unknown)
                at = self._schools_at(urns)
        unit[urns.index] = at
        return unit

    def _add_schools(self, unknown: pd.Series) -> None:
        first = self.rows.loc[unknown.drop_duplicates().index]
        phase = (
            pd.Series("all", index=first.index) if isinstance(self.phase, str) else self.phase[first.index].astype(str)
        )
        # A LAESTAB begins with the local authority's code.
        la = self.places.authorities(first["school_laestab"].str[:3])["la_code"]
        if {"old_la_code", "new_la_code"} <= set(first.columns):
            said = self.places.authorities(first["old_la_code"], first["new_la_code"])["la_code"]
            la = said.where(said.notna(), la)
        self.problems.of(
            "school_laestab",
            first.loc[la.isna(), "school_laestab"],
            "the school's local authority is not known.",
            "Give old_la_code, or a LAESTAB that begins with it.",
        )
        odd = first.loc[~first["school_urn"].str.fullmatch(URN), "school_urn"]
        self.problems.of("school_urn", odd, "a URN is five to seven digits.", "Correct it.")
        for column, longest in (("school_laestab", 8), ("school_name", 160)):
            long = first.loc[first[column].str.len() > longest, column]
            self.problems.of(column, long, f"this is longer than {longest} characters.", "Correct it.")
        blank = first.loc[first["school_name"] == "", "school_name"]
        self.problems.of("school_name", blank, "a school needs a name.", "Give it.")
        lost = la.notna() & ~phase.isin(["primary", "secondary", "special"])
        self.problems.of(
            "school_urn", first.loc[lost, "school_urn"], "the school's phase is not known.", "Map a filter to phase."
        )
        made = (first["school_urn"], first["school_name"], la, phase, first["school_laestab"])
        self._new_schools.append(pd.DataFrame(dict(zip(SCHOOL_COLUMNS, made, strict=True))))
        self._urns = self._urns.append(pd.Index(first["school_urn"].to_numpy(dtype=object)))

    def _observations(self, item: IndicatorMapping) -> None:
        rows = self.rows
        values = {
            name: self._numbers(column)
            for name, column in (("numerator", item.numerator), ("denominator", item.denominator), ("value", item.rate))
            if column
        }
        if item.numerator and item.rate:
            # Where a file gives both, the counts are taken and the rate only compared with them.
            self._compare_rate(item, values["value"][0], values["numerator"][0], values["denominator"][0])
            del values["value"]
        group: pd.Series | str = item.staff_group or self.staff_group
        phase = self.phase
        if not isinstance(phase, str):
            phase = phase.reindex(rows.index).astype(object).where(rows["level"] != "school", "all")
        made = pd.DataFrame({"line": (rows.index + 2).astype(np.int32)}, index=rows.index)
        made["indicator"] = pd.Categorical([item.indicator] * len(rows), dtype=self._indicators)
        made["period"], made["level"], made["unit_code"] = rows["period"], rows["level"], rows["unit"]
        made["staff_group"] = _filled(group, rows.index, self._groups)
        made["phase"] = _filled(phase, rows.index, PHASES)
        for name in ("numerator", "denominator", "value"):
            made[name] = values[name][0] if name in values else np.nan
        made["symbol"] = _symbol(values, rows.index)
        self._check_counts(item, made)
        part = rows["part"] != ""
        if part.any():
            self._parts.append(made[part].assign(part=rows.loc[part, "part"]))
            made = made[~part]
        self._made.append(made)

    def _numbers(self, column: str) -> tuple[pd.Series, pd.Series]:
        """The column's numbers and its symbols ('' where a number stands)."""
        text = self.rows[column]
        numbers = pd.to_numeric(text, errors="coerce").astype(float)
        unread = numbers.isna() | np.isinf(numbers)
        huge = ~unread & (numbers.abs() > LARGEST)
        self.problems.of(column, text[huge], "no figure here can be as large.", "Correct it, or write it in full.")
        if not unread.any():
            return numbers, pd.Series("", index=text.index)
        symbols = text.where(unread, "")
        bad = symbols[~symbols.isin(["", *ees.SYMBOLS])]
        blank = text[unread & (text == "")]
        self.problems.of(
            column,
            blank,
            "the cell is empty.",
            "Write a number or a symbol: x for not available, z for not applicable.",
        )
        self.problems.of(
            column,
            bad,
            "this is neither a number nor a symbol.",
            f"Write a number without separators, or one of {' '.join(ees.SYMBOLS[:5])}.",
        )
        return numbers.where(~unread), symbols

    def _compare_rate(self, item: IndicatorMapping, rate: pd.Series, n: pd.Series, d: pd.Series) -> None:
        """Keep the rows whose published rate is further from its parts than rounding explains."""
        assert item.rate is not None
        scale = 100.0 if self.units[item.indicator] == "percent" else 1.0
        computed = scale * n / d.where(d != 0)
        decimals = self.rows[item.rate].str.partition(".")[2].str.len().fillna(0).astype(int)
        off = (rate - computed).abs() > 0.5000001 * 10.0**-decimals
        if off.any():
            found = {
                "indicator": item.indicator,
                "line": rate.index[off] + 2,
                "rate": rate[off],
                "parts": computed[off],
            }
            self._rates.append(pd.DataFrame(found)[RATES])

    def _check_counts(self, item: IndicatorMapping, made: pd.DataFrame) -> None:
        for name in ("numerator", "denominator"):
            column = getattr(item, name)
            if column:
                bad = self.rows.loc[made[name] < 0, column]
                self.problems.of(column, bad, "a count cannot be below zero.", "Correct the count.")
        if item.numerator and self.units[item.indicator] == "percent":
            over = made["numerator"] > made["denominator"]
            self.problems.of(
                item.numerator,
                self.rows.loc[over, item.numerator],
                "the numerator is larger than the denominator.",
                "Check that the two columns are not swapped.",
            )

    def _sum_parts(self) -> None:
        """Authorities that were split later: their parts' counts added up, where all parts are there."""
        if not self._parts:
            return
        parts = pd.concat(self._parts, ignore_index=True)
        code = pd.Series(self._areas[parts["unit_code"]], index=parts.index)  # only authorities are split
        needed = code.map({la: len(self.places.parts(la)) for la in code.unique()})
        together = parts.groupby(KEY, observed=True, sort=False)
        whole = together["part"].transform("nunique") == needed
        whole &= together["part"].transform("size") == needed
        whole &= together["numerator"].transform(lambda n: n.notna().all()).astype(bool)
        lost = int((~whole).sum())
        if lost:
            self.ignored["rows of part of an authority that was split, whose other parts or counts are not given"] += (
                lost
            )
        taken = parts[whole].groupby(KEY, observed=True, sort=False, as_index=False)
        if len(parts[whole]):
            made = taken.agg({"line": "min", "numerator": "sum", "denominator": "sum"})
            made["value"], made["symbol"] = np.nan, pd.Categorical([None] * len(made), dtype=SYMBOLS)
            self._made.append(made[["line", *COLUMNS]])
            self.ignored["rows added up to the authority that was split into them"] += int(whole.sum()) - len(made)

    def _no_duplicates(self, made: pd.DataFrame) -> None:
        """One problem for each row whose key stands on an earlier row; in 8 bytes a row."""
        key = np.zeros(len(made), dtype=np.int64)
        for name in KEY:
            column = made[name].cat
            key = key * (len(column.categories) + 1) + column.codes.to_numpy()
        in_order = np.sort(key)
        if not (in_order[1:] == in_order[:-1]).any():
            return
        doubled = made[pd.Series(key).duplicated().to_numpy()]
        lines = made.loc[pd.Series(key).isin(key[doubled.index]).to_numpy(), "line"]
        if lines.nunique() * 2 <= len(lines):
            codes = doubled["indicator"].astype(str).unique()
            message = f"two of the mapping's entries give {', '.join(codes)} for the same staff group."
            self.problems.add(None, None, None, message, "Give each its staff_group.")
            return
        for row in doubled.itertuples():
            self.problems.add(
                int(str(row.line)),
                None,
                row.unit_code,
                f"a second row for the same {row.indicator}, place, period and group.",
                "Remove one, or map the filter that tells them apart.",
            )


RATES = ["indicator", "line", "rate", "parts"]


def _filled(given: pd.Series | str, index: pd.Index, dtype: pd.CategoricalDtype) -> pd.Categorical:
    if isinstance(given, str):
        return pd.Categorical.from_codes(np.full(len(index), dtype.categories.get_loc(given)), dtype=dtype)
    return pd.Categorical(given.reindex(index), dtype=dtype)


def _symbol(values: dict[str, tuple[pd.Series, pd.Series]], index: pd.Index) -> pd.Categorical:
    """The first symbol that any of a row's values has."""
    symbol = pd.Series("", index=index)
    for _, column in values.values():
        symbol = symbol.where(symbol != "", column)
    return pd.Categorical(symbol.where(symbol.isin(ees.SYMBOLS)).astype(object), dtype=SYMBOLS)
