"""Who meets whom: each measure against a slow obvious twin, on invented memberships."""

from itertools import combinations

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures import network_links
from measures.partnership_words import LADDER

PAIRS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("123456")), max_size=24)


def members(pairs: list[tuple[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["organisation", "partnership"])


def test_the_ladder_adds_up_and_has_its_interval() -> None:
    steps = list(LADDER)
    rows = [
        ["P1", "2011/12", 10, 8, 6, 4, 2, 0],
        ["P2", "2011/12", 0, 0, 0, 0, 0, 0],
        ["P1", "2010/11", 10, 1, 1, 0, 0, 0],
    ]
    sheet = pd.DataFrame(rows, columns=["partnership", "period", "eligible", *steps], dtype=object)
    found = network_links.ladder(sheet, ["period"])
    assert found["step"].tolist() == steps * 2
    last = found[found["period"] == "2011/12"].set_index("step")
    assert last["share"].tolist() == [80, 60, 40, 20, 0]
    # Wilson's own interval of 8 in 10, as tables give it.
    assert last.loc["know", ["lower", "upper"]].tolist() == pytest.approx([49.02, 94.33], abs=0.01)
    nobody = network_links.ladder(sheet, ["partnership"]).set_index("partnership").loc["P2"]
    assert nobody["share"].isna().all(), "of nobody there is no share"
    assert network_links.ladder(sheet.head(0), ["period"]).empty


@given(PAIRS)
def test_shared_partnerships_are_counted_pair_by_pair(pairs: list[tuple[str, str]]) -> None:
    rows = members(pairs).rename(columns={"organisation": "place"})
    inside = {place: {code for other, code in pairs if other == place} for place, _ in pairs}
    expected = {(one, one): len(codes) for one, codes in inside.items()}
    expected |= {
        (one, other): len(inside[one] & inside[other])
        for one, other in combinations(sorted(inside), 2)
        if inside[one] & inside[other]
    }
    found = network_links.shared(rows)
    assert {(row.one, row.other): row.partnerships for row in found.itertuples()} == expected


REGIONS = {"1": ["N"], "2": ["N", "S"], "3": ["S"], "4": [], "5": ["S"], "6": ["N"]}


@given(PAIRS)
def test_networks_meet_where_a_member_belongs_to_another_of_the_region(pairs: list[tuple[str, str]]) -> None:
    expected = {}
    for code in {code for _, code in pairs}:
        mine = {one for one, of in pairs if of == code}
        near = {other for other in REGIONS if other != code and set(REGIONS[other]) & set(REGIONS[code])}
        expected[code] = (len(mine), sum(any((one, other) in pairs for other in near) for one in mine))
    found = network_links.convergence(members(pairs), REGIONS)
    assert {row.partnership: (row.members, row.also) for row in found.itertuples()} == expected


def test_schools_in_no_partnership_are_counted_by_authority() -> None:
    homes = pd.DataFrame({"urn": ["1", "2", "3"], "la_code": ["202", "202", "203"]})
    found = network_links.isolation(homes, ["2", "9"])
    assert found.to_numpy().tolist() == [["202", 2, 1], ["203", 1, 1]]


def slow_brokers(pairs: list[tuple[str, str]]) -> list[tuple[str, int, int]]:
    """Take each member out in turn, and look at what is left of the part that it was in."""
    graph = nx.Graph([(("m", one), ("p", other)) for one, other in pairs])
    found = []
    for member in {one for one, _ in pairs}:
        part = set(nx.node_connected_component(graph, ("m", member))) - {("m", member)}
        left = nx.connected_components(graph.subgraph(part))
        sizes = sorted(size for each in left if (size := sum(kind == "m" for kind, _ in each)))
        if len(sizes) > 1:
            found.append((member, sum(sizes[:-1]), sizes[-1]))
    return sorted(found, key=lambda row: (-row[1], row[0]))


@settings(max_examples=150)
@given(PAIRS)
def test_brokers_are_those_whose_leaving_parts_others(pairs: list[tuple[str, str]]) -> None:
    found = network_links.web(members(pairs))
    assert list(found.brokers.itertuples(index=False, name=None)) == slow_brokers(pairs)
    assert found.members == len({one for one, _ in pairs})
    assert found.reach <= found.members
    assert (found.parts == 0) == (not pairs)


def test_a_member_of_two_partnerships_holds_them_together() -> None:
    found = network_links.web(members([("a", "1"), ("b", "1"), ("c", "1"), ("c", "2"), ("d", "2"), ("e", "9")]))
    assert (found.members, found.reach, found.parts) == (5, 4, 2)
    assert found.brokers.to_numpy().tolist() == [["c", 1, 2]]
