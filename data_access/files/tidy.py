"""From the text of an EES file to observations: levels, filters, periods, places and values, each checked.

Every fault is collected (row, column, value, remedy); rows that are rightly not taken are counted, with the reason.
"""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from data_access import periods
from data_access.errors import Problem
from data_access.files import ees
from data_access.files.mapping import IndicatorMapping, Mapping
from data_access.places import ENGLAND_CODE as ENGLAND
from data_access.places import INNER_OUTER_LONDON, Places

KEY = ["indicator", "period", "level", "unit_code", "staff_group", "phase"]
COLUMNS = [*KEY, "numerator", "denominator", "value", "symbol"]


@dataclass
class Tidied:
    """Observations (COLUMNS), their periods, schools not yet registered, what was left out and what is wrong."""

    observations: pd.DataFrame
    periods: dict[str, periods.Period]
    new_schools: pd.DataFrame
    ignored: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)


class Tidier:
    """One file on its way to observations: `rows` shrinks as rows are set aside."""

    def __init__(self, file: ees.Read, mapping: Mapping, places: Places, units: dict[str, str]):
        self.file, self.mapping, self.places, self.units = file, mapping, places, units
        self.rows = file.rows
        self.ignored: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self.new_schools = pd.DataFrame(columns=["urn", "name", "la_code", "phase", "laestab"])

    def problem(self, column: str | None, bad: pd.Series, message: str, remedy: str) -> None:
        """One problem a row: bad holds the values, indexed by row."""
        for index, value in bad.items():
            self.problems.append(Problem(self.file.name, int(index) + 2, column, str(value), message, remedy))  # type: ignore[call-overload]

    def leave_out(self, rows: pd.Series, reason: str) -> None:
        """Set rows aside, counted under their reason."""
        if rows.any():
            self.ignored[reason] += int(rows.sum())
            self.rows = self.rows[~rows]

    def run(self) -> Tidied:
        """All steps in order; a step works on what those before it left."""
        self._levels()
        self._filters()
        self._periods()
        self._places()
        found = [self._observations(item) for item in self.mapping.indicators] if not self.rows.empty else []
        observations = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)
        if not self.problems and observations.duplicated(KEY).any():
            codes = observations.loc[observations.duplicated(KEY), "indicator"].unique()
            message = f"two of the mapping's entries give {', '.join(codes)} for the same staff group."
            self.problems.append(Problem(self.file.name, None, None, None, message, "Give each its staff_group."))
        if observations.empty and not self.problems:
            self.problems.append(
                Problem(
                    self.file.name,
                    None,
                    None,
                    None,
                    "no row is left to take.",
                    "Check the mapping's filters and the file's levels.",
                )
            )
        return Tidied(observations, self.period_of, self.new_schools, self.ignored, self.problems)

    def _levels(self) -> None:
        level = self.rows["geographic_level"]
        wrong = level[~level.isin([*ees.HELD, *ees.NOT_HELD])]
        self.problem(
            "geographic_level",
            wrong,
            "this is not a level of the EES standard.",
            f"Write one of {', '.join(ees.HELD)}.",
        )
        for name in level[level.isin(list(ees.NOT_HELD))].unique():
            self.leave_out(self.rows["geographic_level"] == name, f"{name} rows: a level not held here")
        self.rows = self.rows[self.rows["geographic_level"].isin(list(ees.HELD))]
        self.leave_out(self.rows["country_code"] != ENGLAND, "rows outside England")

    def _filters(self) -> None:
        self.staff_group: pd.Series | str = "all"
        self.phase: pd.Series | str = "all"
        self.term: pd.Series | None = None
        for column, rule in self.mapping.filters.items():
            wanted = list(rule.values)
            self.leave_out(~self.rows[column].isin(wanted), f"rows whose {column} the mapping leaves out")
            if isinstance(rule.values, dict):
                setattr(self, rule.role, self.rows[column].map(rule.values).astype("category"))

    def _periods(self) -> None:
        """Adds the column `period`; period_of maps each code to its period."""
        self.period_of: dict[str, periods.Period] = {}
        keys = self.rows[["time_period", "time_identifier"]].copy()
        keys["term"] = "" if self.term is None else self.term.reindex(self.rows.index).astype(str)
        number = keys.groupby(list(keys.columns), sort=False).ngroup().to_numpy()
        codes: list[str | None] = []
        for at, key in enumerate(keys.drop_duplicates().itertuples(index=False, name=None)):
            term = key[2] if key[2] in periods.TERMS else None
            period = periods.from_ees(key[0], key[1], term)
            if isinstance(period, str):
                bad = self.rows.loc[number == at, "time_period"]
                self.problem("time_period", bad, period, "Correct the period.")
                codes.append(None)
            else:
                self.period_of[period.code] = period
                codes.append(period.code)
        self.rows = self.rows.assign(period=pd.Categorical(np.array(codes, dtype=object)[number]))
        self.rows = self.rows[self.rows["period"].notna()]

    def _places(self) -> None:
        """Adds the columns `level` and `unit_code`."""
        level = self.rows["geographic_level"].map(ees.HELD)
        unit = pd.Series("", index=self.rows.index, dtype=object)
        unit[level == "england"] = ENGLAND
        if (level == "region").any():
            unit = self._regions(level, unit)
        if (level == "la").any():
            unit = self._local_authorities(level, unit)
        if (level == "school").any():
            unit = self._schools(level, unit)
        self.rows = self.rows.assign(level=level.astype("category"), unit_code=unit)
        outside = self.rows["unit_code"].isna()
        self.rows = self.rows[~outside]

    def _regions(self, level: pd.Series, unit: pd.Series) -> pd.Series:
        codes = self.rows.loc[level == "region", "region_code"]
        halves, unknown = codes.isin(list(INNER_OUTER_LONDON)), codes.isin(["z", "x", ""])
        self.ignored["Inner and Outer London rows: parts of London, not regions"] += int(halves.sum())
        self.ignored["rows of an unknown region"] += int(unknown.sum())
        wrong = ~codes.isin(list(self.places.regions)) & ~halves & ~unknown
        self.problem("region_code", codes[wrong], "this is not one of the nine regions.", "Correct the code.")
        unit[codes.index] = codes.where(codes.isin(list(self.places.regions)))
        return unit

    def _local_authorities(self, level: pd.Series, unit: pd.Series) -> pd.Series:
        there = self.rows.loc[level == "la", ["old_la_code", "new_la_code", "la_name"]]
        found = self._la_code(there["old_la_code"], there["new_la_code"])
        for column in ("old_la_code", "new_la_code"):
            later = found.isna() & there[column].isin(list(self.places.successors))
            for name in sorted({self.places.successors[code] for code in there.loc[later, column]}):
                self.ignored[f"rows of {name}: formed after 2013, not one of the 152 authorities held here"] += int(
                    (there.loc[later, column].map(self.places.successors) == name).sum()
                )
            there, found = there[~later], found[~later]
        joint = found.isna() & (
            there["la_name"].str.contains(" / ", regex=False)
            | (there["old_la_code"].isin(["z", "x", ""]) & there["new_la_code"].isin(["z", "x", ""]))
        )
        self.ignored["rows of joint or unknown local authorities"] += int(joint.sum())
        wrong = found.isna() & ~joint
        self.problem(
            "old_la_code",
            there.loc[wrong, "old_la_code"],
            "no local authority has this code.",
            "Use the 3-digit DfE code of 2009 to 2013.",
        )
        unit[level == "la"] = None
        unit[found.index] = found
        return unit

    def _la_code(self, old: pd.Series, new: pd.Series) -> pd.Series:
        """The 3-digit code held here: by the 3-digit code first, then the ONS code, then either one recoded."""
        places = self.places
        found = old.where(old.isin(list(places.la_codes))).astype(object)
        for other in (new.map(places.la_by_ons), old.map(places.recoded), new.map(places.recoded)):
            found = found.where(found.notna(), other)
        return found

    def _schools(self, level: pd.Series, unit: pd.Series) -> pd.Series:
        urns = self.rows.loc[level == "school", "school_urn"]
        unit[urns.index] = urns
        unknown = urns[~urns.isin(self.places.schools)]
        if unknown.empty:
            return unit
        if self.mapping.new_schools == "refuse":
            self.problem(
                "school_urn",
                unknown,
                "no school in the register has this URN.",
                "Set new_schools: add in the mapping, or correct it.",
            )
            return unit
        first = self.rows.loc[unknown.drop_duplicates().index]
        phase = (
            pd.Series("all", index=first.index) if isinstance(self.phase, str) else self.phase[first.index].astype(str)
        )
        # A LAESTAB begins with the local authority's code.
        la = first["school_laestab"].str[:3].pipe(lambda code: self._la_code(code, code))
        if {"old_la_code", "new_la_code"} <= set(first.columns):
            said = self._la_code(first["old_la_code"], first["new_la_code"])
            la = said.where(said.notna(), la)
        self.problem(
            "school_laestab",
            first.loc[la.isna(), "school_laestab"],
            "the school's local authority is not known.",
            "Give old_la_code, or a LAESTAB that begins with it.",
        )
        for column, longest in (("school_urn", 8), ("school_laestab", 8), ("school_name", 160)):
            long = first.loc[first[column].str.len() > longest, column]
            self.problem(column, long, f"this is longer than {longest} characters.", "Correct it.")
        blank = first.loc[(first["school_urn"] == "") | (first["school_name"] == ""), "school_urn"]
        self.problem("school_urn", blank, "a school needs a URN and a name.", "Give both.")
        lost = la.notna() & ~phase.isin(["primary", "secondary", "special"])
        self.problem(
            "school_urn", first.loc[lost, "school_urn"], "the school's phase is not known.", "Map a filter to phase."
        )
        self.new_schools = pd.DataFrame(
            {
                "urn": first["school_urn"],
                "name": first["school_name"],
                "la_code": la,
                "phase": phase,
                "laestab": first["school_laestab"],
            }
        )
        return unit

    def _observations(self, item: IndicatorMapping) -> pd.DataFrame:
        rows = self.rows
        values = {
            name: self._numbers(column)
            for name, column in (("numerator", item.numerator), ("denominator", item.denominator), ("value", item.rate))
            if column
        }
        group = item.staff_group or self.staff_group
        phase = self.phase
        made = pd.DataFrame(
            {
                "indicator": pd.Categorical([item.indicator] * len(rows), categories=sorted(self.units)),
                "period": rows["period"],
                "level": rows["level"],
                "unit_code": rows["unit_code"],
                "staff_group": group if isinstance(group, str) else group.reindex(rows.index),
                "phase": phase
                if isinstance(phase, str)
                else phase.reindex(rows.index).astype(str).where(rows["level"] != "school", "all"),
            },
            index=rows.index,
        )
        for name in ("numerator", "denominator", "value"):
            made[name] = values[name][0] if name in values else np.nan
        made["symbol"] = self._symbol(values)
        self._check_counts(item, made)
        doubled = made.duplicated(KEY)
        self.problem(
            None,
            made.loc[doubled, "unit_code"],
            f"a second row for the same {item.indicator}, place, period and group.",
            "Remove one, or map the filter that tells them apart.",
        )
        return made

    def _numbers(self, column: str) -> tuple[pd.Series, pd.Series]:
        """The column's numbers and its symbols ('' where a number stands)."""
        text = self.rows[column]
        numbers = pd.to_numeric(text, errors="coerce").astype(float)
        unread = numbers.isna() | np.isinf(numbers)
        if not unread.any():
            return numbers, pd.Series("", index=text.index)
        symbols = text.where(unread, "")
        bad = symbols[~symbols.isin(["", *ees.SYMBOLS])]
        blank = text[unread & (text == "")]
        self.problem(
            column,
            blank,
            "the cell is empty.",
            "Write a number or a symbol: x for not available, z for not applicable.",
        )
        self.problem(
            column,
            bad,
            "this is neither a number nor a symbol.",
            f"Write a number without separators, or one of {' '.join(ees.SYMBOLS[:5])}.",
        )
        return numbers.where(~unread), symbols

    def _symbol(self, values: dict[str, tuple[pd.Series, pd.Series]]) -> pd.Series | None:
        symbol: pd.Series | None = None
        for _, column in values.values():
            symbol = column if symbol is None else symbol.where(symbol != "", column)
        if symbol is None or not (symbol != "").any():
            return None
        return symbol.where(symbol != "").astype(object)

    def _check_counts(self, item: IndicatorMapping, made: pd.DataFrame) -> None:
        for name in ("numerator", "denominator"):
            column = getattr(item, name)
            if column:
                negative = made[name] < 0
                bad = self.rows.loc[negative, column]
                self.problem(column, bad, "a count cannot be below zero.", "Correct the count.")
        if item.numerator and self.units[item.indicator] == "percent":
            over = made["numerator"] > made["denominator"]
            self.problem(
                item.numerator,
                self.rows.loc[over, item.numerator],
                "the numerator is larger than the denominator.",
                "Check that the two columns are not swapped.",
            )


def tidy(file: ees.Read, mapping: Mapping, places: Places, units: dict[str, str]) -> Tidied:
    """The file's observations and everything to be said about the rest of it. units: indicator → its unit."""
    return Tidier(file, mapping, places, units).run()
