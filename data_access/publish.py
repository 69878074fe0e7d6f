"""Figures out in the layout in which they come in: EES rows, their meta file, and the mapping that reads them back.

Everything goes through `values`, so what is suppressed on a page is suppressed in a file.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import product

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from data_access import access, audit, bulk, csvw, queries, versions
from data_access import areas as places
from data_access.access import Viewer
from data_access.definitions import IndicatorDefinition
from data_access.errors import DataAccessError, UnknownCode
from data_access.files import ees
from data_access.files.mapping import Mapping, to_yaml
from data_access.files.spreadsheets import csv_bytes
from data_access.periods import to_ees
from data_access.places import ENGLAND_CODE
from data_access.schema import indicator, school
from data_access.steps import Step, silent
from data_access.values import area_values, school_values
from measures.sums import with_ancestors

LEVELS = {level: name for name, level in ees.HELD.items()}
PHASES = ["all", "primary", "secondary", "special"]
PARTS = ["numerator", "denominator", "rate", "lower", "upper", "coverage"]
KEY = ["period", "level", "area_code", "staff_group", "phase"]
DATA_SET = "CPD strategy dashboard, published figures"
NOTHING = ["z", "x"]  # symbols of a place that has said nothing
GATHERING = 0.8  # of the work, before anything is written
LONGEST = 200  # characters of a mapping's source and licence
READ = [*KEY, "indicator", "period_position", "symbol", "value", *(name for name in PARTS if name != "rate")]
UNITS = {"percent": ("%", "1"), "rate": ("", "2"), "gbp": ("£", "0")}  # EES unit and decimals to show


class TooLarge(DataAccessError):
    """A selection that is more than a file holds."""


@dataclass(frozen=True)
class Room:
    """How much a kind of file holds. most: cells; what: the file, as a person says it; instead: what holds more."""

    most: int
    what: str
    instead: str = ""

    def check(self, cells: int) -> None:
        """Raise TooLarge where so many cells are too many."""
        if cells > self.most:
            raise TooLarge(
                f"This selection is more than {self.what} holds: {self.most:,} cells at most.",
                f"{self.instead}Choose fewer indicators, periods, areas, staff groups or phases.",
            )


ZIP = Room(2_500_000, "one file")  # some 150 bytes of memory a cell


@dataclass(frozen=True)
class Published:
    """A selection of figures as it leaves. data, meta: text, one row a line of the file; mapping: reads them back."""

    data: pd.DataFrame
    meta: pd.DataFrame
    mapping: Mapping

    @property
    def schools(self) -> str:
        """'schools of 202, 203' or 'schools of 33 authorities', for the audit; '' where no row is a single school's."""
        mine = self.data[self.data["geographic_level"] == LEVELS["school"]]
        return audit.schools_of(mine["old_la_code"]) if len(mine) else ""


def published(
    connection: Connection,
    *,
    indicators: list[str],
    levels: list[str],
    staff_groups: list[str],
    phases: list[str],
    periods: list[str] | None = None,
    areas: list[str] | None = None,
    as_at: int | None = None,
    room: Room = ZIP,
    step: Step = silent,
    viewer: Viewer | None = None,
) -> Published:
    """Published figures of indicators in the EES layout: one row a period, place, staff group and phase.

    levels: 'england', 'region', 'la', 'school' (only for those allowed to see schools' figures). areas: codes of
    regions and authorities: they and what lies in them; England stays. as_at: a data version; None: now. step: hears
    how far it is, and may raise to stop it. viewer: who asks, None for whoever uses this service; of schools that they
    may not see there is no row. Each indicator has six columns: <code>_numerator, _denominator, _rate, _lower and
    _upper (in its unit), _coverage (0 to 1), with a symbol where there is no number. A school stands under phase 'all'
    where that is chosen, else under its own. A row in which no indicator has anything but x or z is left out. Raises
    UnknownCode, also where there is no row or an indicator is not collected for one of the staff groups: such a file
    could not come back; and TooLarge, before it has gathered more than `room` holds.
    """
    as_at = versions.earlier(connection, as_at)
    about = _checked(connection, indicators, levels, staff_groups, phases, periods, areas, as_at)
    kept = _kept(connection, areas)
    parts, cells = [], 0
    every = list(_each(list(about["code"]), levels, staff_groups, phases))
    for number, (code, level, group, phase) in enumerate(every):
        step("Gathering the figures", GATHERING * number / len(every))
        part = _figures(connection, code, level, group, phase, kept, as_at, viewer)
        part = part if periods is None else part[part["period"].isin(periods)]
        part = part.assign(told=as_written(part)[0])
        parts.append(part)
        cells += len(PARTS) * int(_said(part).sum())
        room.check(cells)
    figures = pd.concat([part for part in parts if not part.empty] or parts[:1], ignore_index=True)
    rows = _rows(connection, figures[_said(figures)])
    if rows.empty:
        other = "Choose other periods, levels or areas"
        if "school" in levels and (viewer or access.viewer()).schools_of is not None:
            other += "; schools that are shown to their own officers only are left out"
        raise UnknownCode("There are no figures for this selection.", f"{other}.")
    room.check(len(rows) * len(PARTS) * len(about))
    wide: dict[str, pd.Series | list[str]] = {"staff_group": rows["staff_group"], "phase": rows["phase"]}
    ratio_only = []
    for code in about["code"]:
        mine = figures[figures["indicator"] == code].set_index(KEY).reindex(pd.MultiIndex.from_frame(rows[KEY]))
        wide |= {f"{code}_{name}": cells for name, cells in _cells(mine).items()}
        told = mine[mine["told"].eq(True)]
        if len(told) and told["numerator"].isna().all():
            ratio_only.append(code)
    data = pd.concat([_places(connection, rows, levels, as_at), pd.DataFrame(wide)], axis=1)
    mapping = _mapping(connection, about, ratio_only, staff_groups, phases, as_at)
    return Published(data.astype(object), _meta(connection, about, staff_groups, phases), mapping)


def write_zip(published: Published, stem: str) -> bytes:
    """The selection as a zip that `import` takes: STEM.csv, STEM.meta.csv, STEM.mapping.yaml, STEM.csv-metadata.json.

    The last is CSVW metadata, for other programs. The same selection gives the same bytes.
    """
    name = re.sub(r"[^\w-]+", "-", stem).strip("-") or "figures"
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for ending, content in (
            ("csv", csv_bytes(published.data)),
            ("meta.csv", csv_bytes(published.meta)),
            ("mapping.yaml", to_yaml(published.mapping).encode()),
            (csvw.ENDING, csvw.describe(published.data, published.meta, published.mapping, f"{name}.csv")),
        ):
            member = zipfile.ZipInfo(f"{name}.{ending}", date_time=(1980, 1, 1, 0, 0, 0))  # no clock in the bytes
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return made.getvalue()


# What was asked for ---------------------------------------------------------------------------------------


def _checked(
    connection: Connection,
    indicators: list[str],
    levels: list[str],
    staff_groups: list[str],
    phases: list[str],
    periods: list[str] | None,
    areas: list[str] | None,
    as_at: int | None,
) -> pd.DataFrame:
    """The chosen rows of queries.indicators in the order asked for; raises UnknownCode."""
    known = queries.indicators(connection, as_at).set_index("code", drop=False)
    groups = queries.staff_groups(connection)
    las = queries.authorities(connection)
    area_codes = [ENGLAND_CODE, *queries.regions(connection)["code"], *las["code"]]
    for given, choices, what in (
        (indicators, list(known.index), "indicator"),
        (levels, list(LEVELS), "level"),
        (staff_groups, list(groups["code"]), "staff group"),
        (phases, PHASES, "phase"),
        (periods or [], list(queries.periods(connection)["code"]), "period"),
        (areas or [], area_codes, "area"),
    ):
        for code in given:
            places.check(code, choices, what)
    for given, what in ((indicators, "indicator"), (levels, "level"), (staff_groups, "staff group"), (phases, "phase")):
        if not given or len(set(given)) < len(given):
            raise UnknownCode(f"The selection names no {what}, or one twice.", "Name each once.")
    about = known.loc[indicators]
    parents = {str(code): parent for code, parent in zip(groups["code"], _none(groups["parent"]), strict=True)}
    for row in about.to_dict("records"):
        if row["collected_from"] != "published":
            collected = with_ancestors(row["staff_groups"], parents)
            for group in [group for group in staff_groups if group not in collected]:
                raise UnknownCode(
                    f"{row['code']} is not collected for the staff group {group}.",
                    "Leave the staff group out, or put the indicator into a file of its own.",
                )
    return about


def _none(column: pd.Series) -> list[str | None]:
    return [None if pd.isna(value) else str(value) for value in column]


def _kept(connection: Connection, areas: list[str] | None) -> set[str] | None:
    """The codes of the chosen areas and of the authorities in them, with England; None: all."""
    if areas is None:
        return None
    las = queries.authorities(connection)
    return {ENGLAND_CODE, *areas, *las.loc[las["region_code"].isin(areas), "code"]}


def _each(
    codes: list[str], levels: list[str], staff_groups: list[str], phases: list[str]
) -> Iterator[tuple[str, str, str, str]]:
    """Indicator, level, staff group and phase of every table of figures that a selection is gathered from."""
    for code, level, group in product(codes, levels, staff_groups):
        # A school is of one phase: under 'all' and its own it would stand twice.
        for phase in ["all"] if level == "school" and "all" in phases else phases:
            yield code, level, group, phase


def _said(figures: pd.DataFrame) -> pd.Series:
    """Where there is a figure, or a symbol that says more than that there is none. figures: told, symbol."""
    return figures["told"] | ~figures["symbol"].isin(NOTHING)


def _figures(
    connection: Connection,
    code: str,
    level: str,
    group: str,
    phase: str,
    kept: set[str] | None,
    as_at: int | None,
    viewer: Viewer | None,
) -> pd.DataFrame:
    """Published figures of one indicator at one level: READ."""
    if level != "school":
        found = area_values(connection, level, staff_group=group, phase=phase, indicator=code, as_at=as_at)[READ]
        return found if kept is None else found[found["area_code"].isin(kept)]
    las = [] if kept is None else [la for la in queries.authorities(connection)["code"] if la in kept]
    only = las[0] if len(las) == 1 else None
    found = school_values(connection, code, la_code=only, staff_group=group, phase=phase, as_at=as_at, viewer=viewer)[
        READ
    ]
    if kept is None or only is not None:
        return found
    there = versions.table(school, as_at).c
    urns = set(connection.execute(select(there.urn).where(there.la_code.in_(las))).scalars())
    return found[found["area_code"].isin(urns)]


# The rows ------------------------------------------------------------------------------------------------


def _rows(connection: Connection, figures: pd.DataFrame) -> pd.DataFrame:
    """KEY of each row of the file, in its order: by period, level, area, staff group and phase."""
    groups = list(queries.staff_groups(connection)["code"])
    rows = figures[[*KEY, "period_position"]].drop_duplicates(KEY)
    order = {"level": list(LEVELS), "staff_group": groups, "phase": PHASES}
    ranked = rows.assign(**{name: rows[name].map(codes.index) for name, codes in order.items()})
    return rows.loc[ranked.sort_values(["period_position", *KEY]).index, KEY].reset_index(drop=True)


def _cells(mine: pd.DataFrame) -> dict[str, list[str]]:
    """The six columns of one indicator, as text."""
    told, marks = as_written(mine)
    found = {}
    for name in PARTS:
        numbers = mine["value" if name == "rate" else name].to_numpy(dtype=float)
        cells = zip(numbers.tolist(), told & np.isfinite(numbers), marks, strict=True)
        found[name] = [shortest(number) if there else mark for number, there, mark in cells]
    return found


def as_written(figures: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Where there is a figure (bool), and the symbol that stands for each part that has no number.

    figures: value, symbol. Where there is a figure but, say, no interval, that part does not apply: z.
    """
    told = np.isfinite(figures["value"].to_numpy(dtype=float))
    symbol = figures["symbol"].where(figures["symbol"].notna(), "z").to_numpy(dtype=object)
    return told, np.where(told, "z", symbol)


def shortest(value: float) -> str:
    """The shortest text that reads back as the same number."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _places(connection: Connection, rows: pd.DataFrame, levels: list[str], as_at: int | None) -> pd.DataFrame:
    """The columns that say when and where: those that every file has, and those of the levels."""
    las = queries.authorities(connection).rename(columns={"code": "old_la_code", "ons_code": "new_la_code"})
    las = las.rename(columns={"name": "la_name", "region": "region_name"})
    las = las[["region_code", "region_name", "old_la_code", "new_la_code", "la_name"]]
    regions = queries.regions(connection)[["code", "name"]].set_axis(["region_code", "region_name"], axis=1)
    found = [
        pd.DataFrame([{"level": "england", "area_code": ENGLAND_CODE}]),
        regions.assign(level="region", area_code=regions["region_code"]),
        las.assign(level="la", area_code=las["old_la_code"]),
    ]
    if "school" in levels:
        there = versions.table(school, as_at).c
        register = bulk.frame(
            connection,
            select(
                there.urn.label("school_urn"),
                there.laestab.label("school_laestab"),
                there.name.label("school_name"),
                there.la_code.label("old_la_code"),
            ),
        )
        register = register.merge(las, on="old_la_code")
        found.append(register.assign(level="school", area_code=register["school_urn"]))
    lowest = max(list(LEVELS).index(level) for level in levels)
    columns = [column for level in list(LEVELS)[: lowest + 1] for column in ees.NEEDED[LEVELS[level]]]
    where = rows.merge(pd.concat(found, ignore_index=True), on=["level", "area_code"], how="left")
    when = {code: to_ees(code) for code in rows["period"].unique()}
    made = pd.DataFrame(
        {
            "time_period": rows["period"].map(lambda code: when[code][0]),
            "time_identifier": rows["period"].map(lambda code: when[code][1]),
            "geographic_level": rows["level"].map(LEVELS),
            "country_code": ENGLAND_CODE,
            "country_name": "England",
        }
    )
    return pd.concat([made, where.reindex(columns=columns).fillna("")], axis=1)


# What goes with them -------------------------------------------------------------------------------------


def _meta(connection: Connection, about: pd.DataFrame, staff_groups: list[str], phases: list[str]) -> pd.DataFrame:
    """What each column is, in the columns of an EES meta file; a filter's hint says what its codes mean."""
    titles = queries.staff_groups(connection).set_index("code")["title"]
    groups = "; ".join(f"{code}: {titles[code]}" for code in staff_groups)
    said = [
        ("staff_group", "Filter", "Staff group", "", "", "", groups),
        ("phase", "Filter", "Phase of school", "", "", "", "; ".join(phases)),
    ]
    for row in about.to_dict("records"):
        unit, decimals = UNITS[row["unit"]]
        words = {
            "numerator": (f"count: {row['numerator']}", "", ""),
            "denominator": (f"out of: {row['denominator']}", "", ""),
            "rate": (row["title"], unit, decimals),
            "lower": ("lower limit of the 95% interval", unit, decimals),
            "upper": ("upper limit of the 95% interval", unit, decimals),
            "coverage": ("share of expected units that reported, 0 to 1", "", "2"),
        }
        for name in PARTS:
            label, unit_of, dp = words[name]
            named = f"{row['short_title']}, {label}"
            said.append((f"{row['code']}_{name}", "Indicator", named, row["short_title"], unit_of, dp, ""))
    columns = [*ees.META_COLUMNS, *ees.META_USUAL[:-1]]
    return pd.DataFrame(said, columns=columns, dtype=object).assign(filter_grouping_column="")


def _mapping(
    connection: Connection,
    about: pd.DataFrame,
    ratio_only: list[str],
    staff_groups: list[str],
    phases: list[str],
    as_at: int | None,
) -> Mapping:
    brought = set(connection.execute(select(indicator.c.code).where(indicator.c.from_version > 1)).scalars())
    items = []
    for row in about.to_dict("records"):
        code = row["code"]
        read = ["rate"] if code in ratio_only else ["numerator", "denominator"]
        item: dict[str, object] = {"indicator": code} | {name: f"{code}_{name}" for name in read}
        if row["outcome"] is None or code in brought:  # a database elsewhere may not know it
            item["define"] = {name: row[name] for name in IndicatorDefinition.model_fields if name in row}
        items.append(item)
    return Mapping.model_validate(
        {
            "data_set": DATA_SET,
            **_provenance(connection, list(about["code"]), as_at),
            "filters": {
                "staff_group": {"role": "staff_group", "values": {code: code for code in staff_groups}},
                "phase": {"role": "phase", "values": {code: code for code in phases}},
            },
            "indicators": items,
        }
    )


def _provenance(connection: Connection, codes: list[str], as_at: int | None) -> dict[str, str]:
    """source, licence, kind of all the indicators' figures together: illustrative where those of any are."""
    found = queries.sources(connection, as_at)
    mine = found.set_index("indicator").reindex(codes).dropna(subset=["source"]) if len(found) else found
    if mine.empty:
        return {"source": "Not stated", "licence": "Not stated", "kind": "illustrative"}
    joined = {name: "; ".join(dict.fromkeys(mine[name])) for name in ("source", "licence")}
    shortened = {name: text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…" for name, text in joined.items()}
    return shortened | {"kind": "illustrative" if "illustrative" in set(mine["kind"]) else "published"}
