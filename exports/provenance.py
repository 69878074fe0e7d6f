"""What stands behind a figure, in words and as a file: its address, its rule of suppression, its imports, its rows."""

from collections.abc import Hashable
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from charts.figure import slugify
from data_access import access, audit, provenance, publish
from data_access.access import Viewer
from data_access.engine import get_engine, reading
from data_access.errors import UnknownCode
from data_access.provenance import Cell, Provenance
from exports.frames import INVENTED, MIXED, PUBLISHED
from exports.views import data
from measures import words

PARAMETER, PAGE = "from", "definitions"
PARTS = ("indicator", "area_code", "period", "staff_group", "phase")
MOST_SCHOOLS = 3000  # in one file: reading as many takes some three seconds
FINER = ("england", "region", "la", "school")
UNIT = {"school": "schools", "la": "local authorities", "published": "published figures"}
NOT_TOLD = "This figure is suppressed, and so are its parts. Which of this applies is not said: it would tell of them."


def read(cell: Cell, version: int, viewer: Viewer | None = None) -> Provenance:
    """Everything behind a figure at a data version: data_access.provenance, which raises UnknownCode."""
    with reading(get_engine()) as connection:
        return provenance.provenance(connection, cell, as_at=version, viewer=viewer)


# Its address -----------------------------------------------------------------------------------------------


def named(cell: Cell) -> str:
    """How an address names a figure: 'reviewed/202/2011-12/all/all'."""
    return "/".join([cell.indicator, cell.area_code, _plain(cell.period), cell.staff_group, cell.phase])


def link(cell: Cell, version: int | None = None) -> str:
    """The address, below the server's root, that tells where a figure comes from; version: where not the current."""
    asked = {PARAMETER: named(cell)} | ({} if version is None else {"as_at": str(version)})
    return f"/{PAGE}?{urlencode(asked, safe='/')}"


def understood(given: str, version: int) -> Cell:
    """The figure that an address names; staff group and phase are all where it does not say them.

    Raises UnknownCode where it is not one, or names what is not known; whether a school is known is asked by `read`.
    """
    parts = [part.strip() for part in given.split("/")]
    if not 3 <= len(parts) <= len(PARTS) or not all(parts) or len(given) > 200:
        raise UnknownCode(
            f"“{given[:40]}” does not name a figure.", "Open the page that shows it and choose “Where from?” there."
        )
    cell = Cell(*parts)
    known = data.reference(version)
    periods = {_plain(code).lower(): code for code in known.periods["code"]}
    period = periods.get(_plain(cell.period).lower(), cell.period)
    areas = data.areas(version)
    codes = {str(name).lower(): code for name, code in zip(areas["area"], areas["area_code"], strict=True)}
    codes |= {str(ons).lower(): code for ons, code in known.authorities[["ons_code", "code"]].to_numpy()}
    area = codes.get(cell.area_code.lower(), cell.area_code)
    return Cell(cell.indicator, area, period, cell.staff_group, cell.phase)


def _plain(period: str) -> str:
    return period.replace("/", "-").replace(" ", "-")


# In words --------------------------------------------------------------------------------------------------


def title(found: Provenance) -> str:
    """'Reviewed plans · Camden · 2011/12 · teachers · primary schools'."""
    known = data.reference(found.version)
    cell = found.cell
    staff = known.staff_groups.set_index("code")["title"][cell.staff_group]
    parts = [found.about["short_title"], found.figure["area"], known.period_labels[cell.period]]
    parts.append(str(staff)[:1].lower() + str(staff)[1:])
    parts += [f"{cell.phase} schools"] if cell.phase != "all" and found.level != "school" else []
    return " · ".join(str(part) for part in parts)


def value(row: pd.Series | dict[Hashable, Any], unit: str) -> str:
    """'61.2%', or the symbol with what it means: 'c: suppressed to protect confidentiality'."""
    said = words.number(row["value"], unit, row["symbol"])
    return f"{said}: {words.SYMBOL_WORDS[said]}" if said in words.SYMBOL_WORDS else said


def kind_words(found: Provenance) -> str:
    """Whether the rows that count are illustrative, in a sentence; where there are none, whether any figures are."""
    kinds = set(found.imports.loc[found.imports["rows"] > 0, "kind"])
    if not kinds:
        return data.reference(found.version).kind_words
    return INVENTED if kinds == {"illustrative"} else MIXED if "illustrative" in kinds else PUBLISHED


def count(number: float) -> str:
    """A numerator or denominator: '1,204', '12.5'; '–' where there is none."""
    return "–" if pd.isna(number) else f"{number:,.10g}"


def coverage(row: pd.Series, about: pd.Series) -> str:
    """'12 of 14 schools reported (86%)', or that nothing was due."""
    units = UNIT[str(about["collected_from"])]
    if pd.isna(row["expected_units"]) or not row["expected_units"]:
        return "Published for the area itself." if row["published_rate"] else f"Nothing was due from {units} here."
    reported = 0 if pd.isna(row["units"]) else int(row["units"])
    share = words.share(reported / row["expected_units"])
    return f"{reported:,} of {int(row['expected_units']):,} {units} reported ({share})."


def suppression(found: Provenance) -> str:
    """The rule that decides whether the figure may be shown, in sentences."""
    about, parts = found.about, []
    if about["denominator_counts"] == "people":
        parts.append(f"where it is about fewer than {about['fewest_people']:.0f} people")
    if about["collected_from"] == "school" and found.level != "school":
        parts.append(f"where it rests on fewer than {about['fewest_units']:.0f} schools")
    if not parts and about["collected_from"] != "school":
        return "A figure that counts no people and is not collected from schools is shown as it is."
    if parts:
        parts.append("or where such a figure could be worked out from it, also beside an earlier data version")
    rule = f"A figure is suppressed {', '.join(parts) or 'where it would give away one that may not be shown'}."
    return f"{rule} {NOT_TOLD}" if found.figure["symbol"] == "c" else rule


def gave(row: Any) -> str:
    """What an import (a row of data_access.provenance.IMPORT, as a tuple) gave to the figure, in a sentence.

    '7 rows are behind this figure and 1 row was replaced since.'
    """
    parts = []
    if row.rows:
        parts.append(f"{words.plural(row.rows, 'row')} {'is' if row.rows == 1 else 'are'} behind this figure")
    if row.confirmed:
        parts.append(f"{words.plural(row.confirmed, 'row')} {_was(row.confirmed)} the same as what counted already")
    if row.replaced:
        parts.append(f"{words.plural(row.replaced, 'row')} {_was(row.replaced)} replaced since")
    if row.status == "undone":
        parts = [f"undone on {words.day(row.undone_at)} by {row.undone_by}; its rows count no more"]
    return f"{words.joined(parts)}."


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def revisions(found: Provenance) -> pd.DataFrame:
    """The figure in each data version since which it was another, newest first, as a table for people."""
    rows, unit = found.revisions.to_dict("records"), str(found.about["unit"])
    return pd.DataFrame(
        {
            "Since data version": [str(row["version"]) for row in rows],
            "Made on": [words.day(row["made_at"]) for row in rows],
            "Figure": [value(row, unit) for row in rows],
            "Numerator": [count(row["numerator"]) for row in rows],
            "Denominator": [count(row["denominator"]) for row in rows],
            "What was done then": [row["reason"] for row in rows],
        }
    )


# Its rows --------------------------------------------------------------------------------------------------


def rows(found: Provenance, viewer: Viewer | None = None) -> pd.DataFrame:
    """The published rows that the figure is made from, and the figure, in the EES layout of the take-out, as text.

    The area's own row, those of the areas in it, and those of single schools where who asks may see them; with source,
    licence, kind and data version in each row. Raises UnknownCode where there is no row.
    """
    allowed = viewer or access.viewer()
    cell = found.cell
    inside = None if found.level == "england" else [found.la_code or cell.area_code]
    with reading(get_engine()) as connection:
        count = schools_behind(found, allowed)
        levels = [found.level, *FINER[FINER.index(found.level) + 1 :]]
        if found.about["collected_from"] == "published":
            levels = [found.level]
        elif found.level != "school" and not 0 < count <= MOST_SCHOOLS:
            levels.remove("school")
        made = publish.published(
            connection,
            indicators=[cell.indicator],
            levels=levels,
            staff_groups=[cell.staff_group],
            phases=[cell.phase],
            periods=[cell.period],
            areas=inside,
            as_at=found.version,
            viewer=allowed,
        )
    table = made.data
    if found.level == "school":
        table = table[table["school_urn"] == cell.area_code]
        if table.empty:
            raise UnknownCode("There are no figures for this selection.", "Choose other periods, levels or areas.")
    about = made.mapping
    return table.assign(
        source=about.source, licence=about.licence, kind=str(about.kind), data_version=str(found.version)
    )


def schools_behind(found: Provenance, viewer: Viewer | None = None) -> int:
    """How many schools the figure's area has whose rows who asks may see; 0 where it is not made from schools."""
    if found.about["collected_from"] != "school" or found.level == "school":
        return 0
    las = data.reference(found.version).authorities
    if found.level != "england":
        las = las[las["code" if found.level == "la" else "region_code"] == found.cell.area_code]
    each = data.school_counts(found.version, viewer or access.viewer())
    return sum(each.get(code, 0) for code in las["code"])


def contents(found: Provenance, viewer: Viewer | None = None) -> str:
    """What `rows` holds, in a sentence."""
    if found.level == "school" or found.about["collected_from"] == "published":
        return "The file holds this figure’s own row."
    parts = ["this figure", *({"england": ["regions", "authorities"], "region": ["authorities"]}.get(found.level, []))]
    count = schools_behind(found, viewer)
    if 0 < count <= MOST_SCHOOLS:
        return f"The file holds {words.joined([*parts, words.plural(count, 'school')])}; what is suppressed is c."
    said = f"The file holds {words.joined(parts)}; what is suppressed is c."
    if count:
        return f"{said} For the rows of {count:,} schools, ask for one authority’s figure at a time."
    if found.about["collected_from"] == "school":
        return f"{said} Rows of single schools are shown to their own officers only."
    return said


def csv(found: Provenance, viewer: Viewer | None = None, server: str = "") -> bytes:
    """`rows` as a CSV file, each with the address that tells where it comes from; or a line that says there are none.

    server: the address of this server, '' where it is not known.
    """
    from data_access.files.spreadsheets import csv_bytes  # loads what only files need

    try:
        behind = rows(found, viewer)
        if "school_urn" in behind and behind["school_urn"].fillna("").ne("").any():
            audit.schools_left(f"schools behind {found.cell.area_code}, {found.cell.indicator}")
        return csv_bytes(behind.assign(link=f"{server}{link(found.cell, found.version)}"))
    except UnknownCode as error:
        return csv_bytes(pd.DataFrame({"note": [error.sentence]}))


def file_name(found: Provenance) -> str:
    """'rows-behind_reviewed-plans_camden_2011-12.csv'."""
    cell = found.cell
    parts = [str(found.about["short_title"]), str(found.figure["area"]), cell.period]
    parts += [part for part in (cell.staff_group, cell.phase) if part != "all"]
    return f"{slugify('rows behind', *parts)}.csv"
