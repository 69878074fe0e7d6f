"""Who meets whom through partnerships: shared partnerships of places, networks that meet, schools left out, brokers.

Members are rows of organisation and partnership: those that are members now (measures.partnership_state.Register).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import networkx as nx
import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix
from statsmodels.stats.proportion import proportion_confint

from measures.partnership_words import LADDER

# Kinds of partnership that are networks: their members choose to belong.
NETWORKS: Final = (
    "cpd_leader_network",
    "training_school_network",
    "cpd_adviser_forum",
    "subject_network",
    "cpd_partners_forum",
    "ast_network",
    "school_cluster",
    "online_community",
)


# The ladder of engagement --------------------------------------------------------------------------------


def ladder(engagement: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The share of those eligible at each step, by some columns of the register's sheet engagement.

    Rows: by, step (a code of LADDER), count, eligible, share, lower, upper (percent; 95% Wilson interval; NaN where
    none is eligible), in the order of `by` and of the steps.
    """
    steps = list(LADDER)
    counts = engagement[["eligible", *steps]].astype(float)
    sums = pd.concat([engagement[by], counts], axis=1).groupby(by, sort=True)[["eligible", *steps]].sum()
    made = sums.reset_index().melt([*by, "eligible"], steps, "step", "count")
    place = {step: at for at, step in enumerate(steps)}
    made = made.sort_values([*by, "step"], key=lambda c: c.map(place) if c.name == "step" else c, kind="stable")
    known = made["eligible"].to_numpy() > 0
    share, lower, upper = (np.full(len(made), np.nan) for _ in range(3))
    if known.any():
        n, k = made["eligible"].to_numpy()[known], made["count"].to_numpy()[known]
        share[known] = k / n
        low, high = proportion_confint(k, n, alpha=0.05, method="wilson")
        lower[known], upper[known] = np.minimum(low, share[known]), np.maximum(high, share[known])
    made = made.assign(share=100 * share, lower=100 * lower, upper=100 * upper)
    return made.astype({"count": int, "eligible": int}).reset_index(drop=True)


# Shared partnerships -------------------------------------------------------------------------------------


def shared(rows: pd.DataFrame) -> pd.DataFrame:
    """How many partnerships each two places share: one, other (one < other), partnerships; one == other: those in it.

    rows: partnership, place, in any number.
    """
    rows = rows.drop_duplicates(["partnership", "place"])
    if rows.empty:
        return pd.DataFrame(columns=["one", "other", "partnerships"])
    codes, places = pd.factorize(rows["place"], sort=True)
    which, _ = pd.factorize(rows["partnership"])
    there = coo_matrix((np.ones(len(rows), dtype=int), (which, codes))).tocsr()
    both = (there.T @ there).tocoo()
    upper = both.row <= both.col
    made = pd.DataFrame(
        {"one": places[both.row[upper]], "other": places[both.col[upper]], "partnerships": both.data[upper]}
    )
    return made.sort_values(["partnerships", "one", "other"], ascending=[False, True, True], ignore_index=True)


# Networks that meet, and schools in none -----------------------------------------------------------------


def convergence(rows: pd.DataFrame, regions: Mapping[str, Iterable[str]]) -> pd.DataFrame:
    """Of each network, how many of its members belong to another network of a region that it works in, too.

    rows: organisation, partnership, of networks; regions: a network's code → the regions that it works in. Columns
    partnership, members, also.
    """
    rows = rows[["organisation", "partnership"]].drop_duplicates()
    where = pd.Series([list(regions.get(code, ())) for code in rows["partnership"]], index=rows.index, dtype=object)
    placed = rows.assign(region=where).explode("region")
    networks = placed.groupby(["organisation", "region"])["partnership"].transform("nunique")
    meets = (networks > 1) & placed["region"].notna()
    also = placed[meets].drop_duplicates(["organisation", "partnership"])["partnership"].value_counts()
    members = rows["partnership"].value_counts().sort_index()
    made = members.rename_axis("partnership").rename("members").reset_index()
    return made.assign(also=made["partnership"].map(also).fillna(0).astype(int))


def isolation(homes: pd.DataFrame, members: Iterable[str]) -> pd.DataFrame:
    """Of the schools of each authority, how many are in no partnership: la_code, schools, alone.

    homes: urn, la_code, of the schools that are open; members: URNs that are in a partnership.
    """
    alone = ~homes["urn"].isin(set(members))
    made = pd.DataFrame({"la_code": homes["la_code"], "schools": 1, "alone": alone.astype(int)})
    return made.groupby("la_code", sort=True)[["schools", "alone"]].sum().reset_index()


# The web of members --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Web:
    """Members joined by their partnerships. reach: how many are in its largest part; parts: how many there are.

    brokers: organisation, lost (how many would lose touch), others (with how many), most lost first.
    """

    members: int
    reach: int
    parts: int
    brokers: pd.DataFrame


def web(rows: pd.DataFrame) -> Web:
    """The web of members; rows: organisation, partnership."""
    pairs = rows[["organisation", "partnership"]].drop_duplicates()
    graph = nx.Graph()
    graph.add_edges_from(
        (("m", one), ("p", other)) for one, other in zip(pairs["organisation"], pairs["partnership"], strict=True)
    )
    parts = [sum(kind == "m" for kind, _ in part) for part in nx.connected_components(graph)]
    brokers = pd.DataFrame(_brokers(graph), columns=["organisation", "lost", "others"])
    brokers = brokers.sort_values(["lost", "organisation"], ascending=[False, True], ignore_index=True)
    return Web(pairs["organisation"].nunique(), max(parts, default=0), len(parts), brokers)


def _brokers(graph: nx.Graph) -> list[tuple[str, int, int]]:
    """The members whose leaving would part others: organisation, how many would lose touch, with how many.

    By the tree of blocks and the nodes where they meet: what hangs on a node falls off with it. One pass over the
    graph, whatever the number of brokers.
    """
    tree = nx.Graph()
    blocks = [set(block) for block in nx.biconnected_components(graph)]
    meets = {node for node, count in Counter(node for block in blocks for node in block).items() if count > 1}
    weight: dict[object, int] = {node: int(node[0] == "m") for node in meets}
    for at, block in enumerate(blocks):
        weight[at] = sum(node[0] == "m" for node in block - meets)
        tree.add_node(at)
        tree.add_edges_from((at, node) for node in block & meets)
    found = []
    for part in nx.connected_components(tree):
        root = next(iter(part))
        order = list(nx.dfs_edges(tree, root))
        below = {node: weight[node] for node in part}
        for parent, child in reversed(order):
            below[parent] += below[child]
        parent_of = {child: parent for parent, child in order}
        for node in part:
            if not (isinstance(node, tuple) and node[0] == "m"):
                continue
            pieces = [below[child] for child in tree[node] if child != parent_of.get(node)]
            if node in parent_of:
                pieces.append(below[root] - below[node])
            pieces = [piece for piece in pieces if piece]
            if len(pieces) > 1:
                most = max(pieces)
                found.append((str(node[1]), sum(pieces) - most, most))
    return found
