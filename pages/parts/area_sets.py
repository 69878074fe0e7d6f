"""Ready sets of areas to compare with the chosen one, at most eight, by rules that a reader can follow."""

from dataclasses import dataclass

import pandas as pd

from measures import words

MOST = 8
# The first three characters of an ONS code → (label of the set, plural within a sentence).
KINDS = {
    "E09": ("London boroughs", "London boroughs"),
    "E08": ("Metropolitan districts", "metropolitan districts"),
    "E10": ("Counties", "counties"),
    "E06": ("Unitary authorities", "unitary authorities"),
}
PARTS = {
    "North": ("NE", "NW", "Y&H"),
    "Midlands and East": ("EM", "WM", "EE"),
    "London and South": ("LON", "SE", "SW"),
}


@dataclass(frozen=True)
class AreaSet:
    """A set: its label, the names of its areas in order, and the rule in a sentence."""

    label: str
    areas: list[str]
    rule: str


def of_authority(la: str, authorities: pd.DataFrame, neighbours: pd.DataFrame, similar: pd.DataFrame) -> list[AreaSet]:
    """The sets for an authority (3-digit code): its region, its statistical neighbours, each kind of authority.

    authorities: data_access.queries.authorities; neighbours, similar: data_access.neighbours. A set that nothing can
    be said of, because an authority has no neighbours or no context, is left out.
    """
    by_code = authorities.set_index("code")
    own, region = by_code.loc[la, "name"], by_code.loc[la, "region"]
    sets = []
    alike = similar[similar["la_code"] == la].sort_values("rank")
    order = alike["neighbour_code"]
    basis = f" {alike['basis_words'].iloc[0]}" if len(alike) else ""
    there = _names(order[order.map(by_code["region"]) == region], by_code, MOST - 3)
    if there:
        rule = f"{own}, the {len(there)} authorities of {region} most like it, {region} and England.{basis}"
        sets.append(AreaSet("Region", [own, *there, region, "England"], rule))
    listed = neighbours[neighbours["la_code"] == la].sort_values("rank")
    closest = _names(listed["neighbour_code"], by_code, MOST - 1)
    if closest:
        rule = (
            f"{own} and the closest {len(closest)} of its {len(listed)} statistical neighbours. "
            f"{listed['basis_words'].iloc[0]}"
        )
        sets.append(AreaSet("Statistical neighbours", [own, *closest], rule))
    for prefix, (label, many) in KINDS.items():
        of_kind = order[order.map(by_code["ons_code"]).str.startswith(prefix)] if len(order) else order
        if alike_ones := _names(of_kind, by_code, MOST - 1):
            rule = f"{own} and the {len(alike_ones)} {many} most like it, whatever their results.{basis}"
            sets.append(AreaSet(label, [own, *alike_ones], rule))
    return sets


def of_regions(region: str | None, regions: pd.DataFrame) -> list[AreaSet]:
    """Sets of regions with England: three parts of the country, the chosen region first where there is one.

    regions: data_access.queries.regions; region: a name.
    """
    by_short = regions.set_index("short")["name"]
    first = [] if region is None else [region]
    sets = []
    for label, shorts in PARTS.items():
        there = [by_short[short] for short in shorts if by_short[short] != region]
        rule = f"{words.joined([*first, *there])}, with England."
        sets.append(AreaSet(label, [*first, *there, "England"], rule))
    return sets


def _names(codes: pd.Series, by_code: pd.DataFrame, most: int) -> list[str]:
    return [by_code.loc[code, "name"] for code in codes.head(most) if code in by_code.index]
