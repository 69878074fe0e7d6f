"""Networks: the ladder of engagement, networks that meet and schools in none, links on a map and as a matrix."""

from dataclasses import replace
from typing import Final

import pandas as pd

from charts.counted_bars import Counted, counted_bars
from charts.figure import Figure, headline
from charts.links_map import links_map as map_figure
from charts.shared_matrix import shared_matrix as matrix
from data_access.engine import get_engine, reading
from data_access.partnerships.homes import school_homes
from exports.kept import kept
from exports.shown import ENGLAND, Shown
from exports.views import data, figures, partnerships
from exports.views.evidence import area_names, edit_shown, within
from exports.views.registry import view
from measures import network_links, words
from measures.network_links import NETWORKS, Web
from measures.partnership_state import Register
from measures.partnership_words import KINDS, LADDER

YEARS: Final = 3  # school years that the ladder shows
SPLITS: Final = ("Network", "Local authority", "Region")
SHOW: Final = "Networks"


@kept(4)
def _homes(version: int) -> pd.DataFrame:
    with reading(get_engine()) as connection:
        return school_homes(connection)


def _everywhere(now: Shown) -> Register:
    """The register of all England: a school may be in a partnership of another area."""
    return partnerships.register(replace(now, la=None, la_name=None, region=None, region_name=None))


def _in_area(now: Shown, la_codes: pd.Series) -> pd.Series:
    """Which authorities' codes lie in the chosen area."""
    if now.la:
        return la_codes == now.la
    return la_codes.map(within(now.version)) == now.region if now.region else la_codes.notna()


# The ladder ----------------------------------------------------------------------------------------------


def _engagement(now: Shown, network: str | None) -> pd.DataFrame:
    """The rows of the sheet engagement of the chosen area, or of one network in it, of years up to the period's."""
    rows = partnerships.register(now).engagement
    rows = rows[_in_area(now, rows["la_code"]).astype(bool) & (rows["period"] <= now.period[:7])]
    return rows if network is None else rows[rows["partnership"] == network]


def networks(now: Shown) -> dict[str, str]:
    """The partnerships that say how far their members are engaged: code → name, in the order of their names."""
    return _named(now, edit_shown(now.version))


@kept(60)
def _named(now: Shown, number: int) -> dict[str, str]:
    codes = set(_engagement(now, None)["partnership"])
    there = partnerships.register(now).partnerships
    named = there[there["code"].isin(codes)].sort_values(["name", "code"])
    return dict(zip(named["code"], named["name"], strict=True))


@view(0, "partnerships", show=SHOW)  # kept below by the edit
def engagement_ladder(now: Shown, network: str | None = None) -> Figure | None:
    """The share of those eligible at each step, by school year, of the area's networks or one; None without any."""
    return _ladder(now, edit_shown(now.version), network)


@kept(60)
def _ladder(now: Shown, number: int, network: str | None) -> Figure | None:
    rows = _engagement(now, network)
    found = network_links.ladder(rows, ["period"])
    found = found[found["eligible"] > 0]
    if found.empty:
        return None
    years = sorted(set(found["period"]), reverse=True)[:YEARS]
    counted = [
        Counted(
            year,
            LADDER[row["step"]],
            int(row["count"]),
            int(row["eligible"]),
            interval=(row["lower"], row["upper"]),
        )
        for year in years
        for row in found[found["period"] == year].to_dict("records")
    ]
    last = found[found["period"] == years[0]].set_index("step")["share"]
    there = partnerships.register(now).partnerships
    there = there[there["code"].isin(set(rows["partnership"]))]
    name = networks(now).get(network or "", "")
    return counted_bars(
        counted,
        partnerships.context(now, words.plural(len(there), "network"), there),
        finding=headline(
            f"{last['know']:.0f}% know of it, {last['contribute']:.0f}% contribute, in {years[0]}"
            if network
            else f"{last['know']:.0f}% know of their network, {last['contribute']:.0f}% contribute"
        ),
        measure=f"Share of those eligible at each step: {name or 'all networks that say'}",
        what="engagement ladder",
        notes="Thin lines: 95% Wilson intervals. Who is eligible for two networks counts in each. "
        "The networks that say so differ from year to year.",
    )


def ladder_by(now: Shown, split: str) -> pd.DataFrame:
    """The ladder in the latest school year up to the period, a row a network, authority or region (of SPLITS)."""
    return _ladder_by(now, edit_shown(now.version), split)


@kept(60)
def _ladder_by(now: Shown, number: int, split: str) -> pd.DataFrame:
    rows = _engagement(now, None)
    if rows.empty:
        return pd.DataFrame()
    rows = rows[rows["period"] == rows["period"].max()]
    names = area_names(now.version)
    if split == "Network":
        rows = rows.assign(of=rows["partnership"].map(networks(now)) + " (" + rows["partnership"] + ")")
    elif split == "Region":
        rows = rows.assign(of=rows["la_code"].map(within(now.version)).map(names))
    else:
        rows = rows.assign(of=rows["la_code"].map(names))
    found = network_links.ladder(rows, ["of"])
    found = found.assign(
        said=[
            "–" if share != share else f"{share:.0f}% ({lower:.0f} to {upper:.0f}%)"
            for share, lower, upper in found[["share", "lower", "upper"]].itertuples(index=False, name=None)
        ]
    )
    wide = found.pivot(index="of", columns="step", values="said")[list(LADDER)].rename(columns=LADDER)
    eligible = found.drop_duplicates("of").set_index("of")["eligible"]
    wide.insert(0, "Eligible", eligible)
    wide.insert(0, "School year", rows["period"].iloc[0])
    return wide.rename_axis(split).reset_index()


# Networks that meet, schools in none ---------------------------------------------------------------------


@view(0, "partnerships", show=SHOW)
def networks_meet(now: Shown) -> Figure | None:
    """How many members of networks belong to another one of the region, too; how many schools are in no partnership.

    None where the area has neither.
    """
    return _meet(now, edit_shown(now.version))


@kept(30)
def _meet(now: Shown, number: int) -> Figure | None:
    register = partnerships.register(now)
    meeting = _convergence(now).rename(columns={"members": "in_it"})
    mine = register.partnerships
    mine = mine[mine["kind"].isin(NETWORKS)].merge(meeting, left_on="code", right_on="partnership")
    meets = "Members who are in another network, too"
    rows = []
    for kind, title in KINDS.items():
        of_kind = mine[mine["kind"] == kind]
        if len(of_kind):
            rows.append(Counted(meets, title, int(of_kind["also"].sum()), int(of_kind["in_it"].sum())))
    alone = isolation(now)
    names = area_names(now.version)
    part = alone["la_code"] if now.region else alone["la_code"].map(within(now.version))
    parts = alone[["schools", "alone"]].groupby(part.map(names).rename("part")).sum()
    rows += [
        Counted("Schools in no partnership", str(name), int(row["alone"]), int(row["schools"]))
        for name, row in parts.iterrows()
    ]
    if not rows:
        return None
    left, total = int(alone["alone"].sum()), int(alone["schools"].sum())
    return counted_bars(
        rows,
        partnerships.context(now, f"{words.plural(len(mine), 'network')} and {words.plural(total, 'school')}", mine),
        finding=headline(
            f"{left:,} of {words.plural(total, 'school')} {'is' if left == 1 else 'are'} in no partnership"
        ),
        measure="Convergence of networks, and schools in none",
        what="networks that meet",
        notes="Another network: one that works in the same region. Schools in none are of all open schools in the "
        "register of schools; a school may be in a partnership that nobody entered.",
    )


def isolation(now: Shown) -> pd.DataFrame:
    """Of the schools open at the end of the period, how many are in no partnership: la_code, schools, alone.

    A row an authority of the chosen area.
    """
    rows = isolation_everywhere(now)
    return rows[_in_area(now, rows["la_code"]).astype(bool)]


def isolation_everywhere(now: Shown) -> pd.DataFrame:
    """The same of all authorities."""
    return _isolation(replace(now, la=None, la_name=None, region=None, region_name=None), edit_shown(now.version))


@kept(4)
def _isolation(england: Shown, number: int) -> pd.DataFrame:
    everywhere, homes = partnerships.register(england), _homes(england.version)
    there = [
        (opened is None or opened <= everywhere.day) and (closed is None or closed > everywhere.day)
        for opened, closed in zip(homes["opened"], homes["closed"], strict=True)
    ]
    members = everywhere.members
    members = members[members["going"].astype(bool) & (members["kind"] == "school")]
    return network_links.isolation(homes[there], list(members["organisation"]))


def _convergence(now: Shown) -> pd.DataFrame:
    """measures.network_links.convergence of all networks of England."""
    everywhere = _everywhere(now)
    found = everywhere.partnerships
    found = found[found["going"].astype(bool) & found["kind"].isin(NETWORKS)]
    regions = _regions(now.version, found)
    rows = everywhere.members
    rows = rows[rows["going"].astype(bool) & rows["partnership"].isin(set(found["code"]))]
    return network_links.convergence(_as_one(rows), regions)


def _regions(version: int, found: pd.DataFrame) -> dict[str, list[str]]:
    """A partnership's code → the regions that it works in: all of them where it works in England."""
    around, every = within(version), list(data.reference(version).regions["code"])
    return {
        code: sorted({each for area in areas for each in _region_of(area, around, every)})
        for code, areas in zip(found["code"], found["areas"], strict=True)
    }


def _region_of(area: str, around: dict[str, str], every: list[str]) -> list[str]:
    if area == ENGLAND:
        return every
    return [area] if area in every else [around[area]]


def _as_one(rows: pd.DataFrame) -> pd.DataFrame:
    """Members with kind and organisation as one text, since a number may be an authority's or a school's."""
    return rows.assign(organisation=rows["kind"] + " " + rows["organisation"])


# The web -------------------------------------------------------------------------------------------------


def web(now: Shown) -> tuple[Web, list[str]]:
    """The web of the members of the area's partnerships, and what would split it, a sentence each."""
    return _web(now, edit_shown(now.version))


@kept(20)
def _web(now: Shown, number: int) -> tuple[Web, list[str]]:
    rows = partnerships.register(now).members
    rows = _as_one(rows[rows["going"].astype(bool)])
    found = network_links.web(rows)
    called = dict(zip(rows["organisation"], rows["called"], strict=True))
    said = [
        f"Without {called[organisation]}, {words.plural(lost, 'member')} would lose touch with {others:,} others."
        for organisation, lost, others in found.brokers.head(8).itertuples(index=False, name=None)
    ]
    return found, said


# Links ---------------------------------------------------------------------------------------------------


def _placed(now: Shown) -> pd.DataFrame:
    """partnership and place (an authority's code) of each member that has one, of partnerships that go on."""
    rows = partnerships.register(now).members
    rows = rows[rows["going"].astype(bool)]
    homes = _homes(now.version)
    home = dict(zip(homes["urn"], homes["la_code"], strict=True))
    place = rows["organisation"].where(rows["kind"] == "la", rows["organisation"].map(home))
    place = place.where(rows["kind"].isin(["la", "school"]))
    return rows.assign(place=place)[["partnership", "place"]].dropna().drop_duplicates()


@view(0, "partnerships", show=SHOW)
def shared_partnerships(now: Shown) -> Figure | None:
    """A matrix of partnerships shared: regions by regions, or a region's authorities by regions; None without any."""
    return _matrix(now, edit_shown(now.version))


@kept(30)
def _matrix(now: Shown, number: int) -> Figure | None:
    placed, known = _placed(now), data.reference(now.version)
    if placed.empty:
        return None
    regional = placed.assign(place=placed["place"].map(within(now.version)))
    columns = list(known.regions[["code", "name", "short"]].itertuples(index=False, name=None))
    rows = [(code, name) for code, name, _ in columns]
    if now.region:
        lies = known.authorities[_in_area(now, known.authorities["code"]).astype(bool)]
        rows = list(lies[["code", "name"]].itertuples(index=False, name=None))
        columns = [each for each in columns if each[0] != now.region]
        regional = pd.concat([regional, placed])
    there = partnerships.register(now).partnerships
    there = there[there["going"].astype(bool)]
    context = partnerships.context(now, words.plural(len(there), "partnership"), there)
    return matrix(network_links.shared(regional), rows, columns, context)


def links(now: Shown) -> pd.DataFrame:
    """Pairs of authorities that share partnerships, most first: as charts.links_map takes them."""
    return _links(now, edit_shown(now.version))[0]


@kept(20)
def _links(now: Shown, number: int) -> tuple[pd.DataFrame, int]:
    """The pairs, and how many partnerships have members in one authority only."""
    placed = _placed(now)
    found = network_links.shared(placed)
    found = found[found["one"] != found["other"]].reset_index(drop=True)
    known = data.reference(now.version).authorities.set_index("code")
    made = found.assign(
        one_name=found["one"].map(known["name"]),
        other_name=found["other"].map(known["name"]),
        from_x=found["one"].map(known["longitude"]),
        from_y=found["one"].map(known["latitude"]),
        to_x=found["other"].map(known["longitude"]),
        to_y=found["other"].map(known["latitude"]),
    )
    return made, int((placed.groupby("partnership")["place"].nunique() == 1).sum()) if len(placed) else 0


@view(0, "partnerships", show=SHOW)
def partnership_links(now: Shown) -> Figure | None:
    """A map with a line for each pair of authorities that share partnerships; None where none does."""
    return _map(now, edit_shown(now.version))


@kept(20)
def _map(now: Shown, number: int) -> Figure | None:
    found, alone = _links(now, number)
    if found.empty:
        return None
    there = partnerships.register(now).partnerships
    there = there[there["going"].astype(bool)]
    context = partnerships.context(now, words.plural(len(there), "partnership"), there)
    return map_figure(found, figures.features("region", now.version), context, alone=alone)
