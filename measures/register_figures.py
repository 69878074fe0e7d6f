"""Indicators computed from the partnership register, for authorities whose register is complete.

An active cluster of a term: a cluster that had begun, had not ended, and held an activity that is PD for those who come
(measures.partnership_words.SHARED_PD) in the term. It counts in each authority that it names as its area or that a
member school of it lies in. A member counts on the days of such activities. What is not said is missing, never no.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from measures.partnership_words import CLUSTERS, LEADER_NETWORKS, SHARED_PD, STAFF_REACHED
from measures.words import plural

OF_CLUSTERS: Final = ("schools_in_cluster", "clusters_assured", "multi_agency_clusters", "cluster_staff_range")
OF_NETWORKS: Final = ("network_reach",)
INDICATORS: Final = OF_CLUSTERS + OF_NETWORKS
COLUMNS: Final = ["la_code", "indicator", "period", "unit_code", "numerator", "denominator", "why"]
NONE_ACTIVE: Final = "No cluster was active: there is nothing to count."
NO_NETWORK: Final = "No network of CPD leaders works there."
NOT_COUNTED: Final = "Its network of CPD leaders has no count for the year."
NOBODY: Final = "No CPD leader was eligible: there is nothing to count."
NO_SCHOOL: Final = "No school was open."
# Reasons that are a fact, not a gap: the figure is 'not applicable', and replaces what stands.
NOTHING_TO_COUNT: Final = frozenset({NONE_ACTIVE, NOBODY})
_LATEST: Final = np.datetime64("2200-01-01")


@dataclass(frozen=True)
class Span:
    """A period with its first and last day."""

    code: str
    first: date
    last: date


def _days(values: pd.Series, empty: np.datetime64 = _LATEST) -> np.ndarray:
    """Days as numbers that compare; where there is none, one long after all others."""
    found = pd.to_datetime(values).to_numpy(dtype="datetime64[D]")
    return np.where(np.isnat(found), empty, found)


def clusters(
    sheets: Mapping[str, pd.DataFrame], schools: pd.DataFrame, las: set[str], term: Span
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The active clusters of authorities in a term, and their member schools there.

    sheets: partnerships, members, activities of the register; schools: urn, la_code of those open in the term.
    Clusters: a row an authority × cluster: la_code, partnership, within (1, 0, NaN: not said), services (whether a
    partner outside schools was a member), reached (1, 0, NaN). Schools: urn, each once.
    """
    first, last = np.datetime64(term.first), np.datetime64(term.last)
    whole = sheets["partnerships"]
    whole = whole[whole["kind"].isin(CLUSTERS)]
    whole = whole[(_days(whole["began"]) <= last) & (_days(whole["ended"]) >= first)]
    held = sheets["activities"]
    held = held[held["kind"].isin(SHARED_PD) & held["partnership"].isin(whole["code"])]
    day = _days(held["held_on"])
    held = held.assign(day=day)[(day >= first) & (day <= last)]
    active = whole[whole["code"].isin(held["partnership"])].set_index("code")
    members = sheets["members"]
    members = members[members["partnership"].isin(active.index) & members["kind"].isin(["school", "service"])]
    members = members.assign(since=_days(members["joined"]), until=_days(members["left"]))
    pairs = members.merge(held[["partnership", "day"]].drop_duplicates(), on="partnership")
    there = pairs[(pairs["since"] <= pairs["day"]) & (pairs["until"] >= pairs["day"])]
    inside = there[there["kind"] == "school"].merge(schools, left_on="organisation", right_on="urn")
    named = active["areas"].explode().rename("la_code").rename_axis("partnership").reset_index()
    places = pd.concat([named, inside[["partnership", "la_code"]]]).drop_duplicates()
    places = places[places["la_code"].isin(las)].sort_values(["la_code", "partnership"])
    since = _days(active["framework_since"])
    within = np.select(
        [(active["framework"] == code).to_numpy() for code in ("yes", "no")], [since <= last, 0.0], np.nan
    )
    made = places.assign(
        within=places["partnership"].map(pd.Series(within, active.index)),
        services=places["partnership"].isin(there.loc[there["kind"] == "service", "partnership"]).astype(float),
        reached=places["partnership"].map(_reached(held)),
    )
    return made.reset_index(drop=True), inside[["urn"]].drop_duplicates()


def _reached(held: pd.DataFrame) -> pd.Series:
    """Of each cluster: 1 where its activities reached all staff groups, NaN where one does not say whom, else 0."""
    said = held[["partnership", "staff"]]
    groups = said.explode("staff").dropna().groupby("partnership")["staff"].nunique()
    silent = said.assign(none=[not each for each in said["staff"]]).groupby("partnership")["none"].any()
    every = groups.reindex(silent.index, fill_value=0) == len(STAFF_REACHED)
    return pd.Series(np.where(every, 1.0, np.where(silent, np.nan, 0.0)), silent.index)


def of_term(sheets: Mapping[str, pd.DataFrame], schools: pd.DataFrame, las: set[str], term: Span) -> pd.DataFrame:
    """The figures of a term that clusters give, of authorities whose register of clusters is complete: COLUMNS.

    A row an indicator × authority, of schools_in_cluster a row a school. why: why there is none, or ''.
    """
    found, members = clusters(sheets, schools, las, term)
    mine = schools[schools["la_code"].isin(las)].sort_values("urn")
    made = [
        pd.DataFrame(
            {
                "la_code": mine["la_code"],
                "indicator": "schools_in_cluster",
                "unit_code": mine["urn"],
                "numerator": mine["urn"].isin(members["urn"]).astype(float),
                "denominator": 1.0,
                "why": "",
            }
        )
    ]
    bare = sorted(las - set(mine["la_code"]))
    made.append(pd.DataFrame({"la_code": bare, "indicator": "schools_in_cluster", "why": NO_SCHOOL}))
    counts = found.groupby("la_code").size().reindex(sorted(las), fill_value=0)
    for indicator, column, unsaid in (
        ("clusters_assured", "within", "whether it works within the quality framework"),
        ("multi_agency_clusters", "services", ""),
        ("cluster_staff_range", "reached", "which staff its PD reached"),
    ):
        known = found.groupby("la_code")[column].agg(["sum", "count"]).reindex(counts.index, fill_value=0)
        lacking = counts - known["count"]
        why = [
            NONE_ACTIVE
            if not count
            else f"Of {lack} of {plural(int(count), 'active cluster')} nobody said {unsaid}."
            if lack
            else ""
            for count, lack in zip(counts, lacking, strict=True)
        ]
        whole = np.array([not each for each in why], dtype=bool)
        made.append(
            pd.DataFrame(
                {
                    "la_code": counts.index,
                    "indicator": indicator,
                    "unit_code": counts.index,
                    "numerator": np.where(whole, known["sum"], np.nan),
                    "denominator": np.where(whole, counts, np.nan),
                    "why": why,
                }
            )
        )
    return pd.concat(made, ignore_index=True).assign(period=term.code).reindex(columns=COLUMNS)


def of_year(sheets: Mapping[str, pd.DataFrame], within: Mapping[str, str], las: set[str], year: Span) -> pd.DataFrame:
    """The figures of a school year that networks give, where the register of networks is complete: COLUMNS.

    sheets: partnerships and engagement; within: a code → that of the area it lies in. Several networks of one authority
    count the same leaders: there is a figure only where a single one works there, and has counted.
    """
    whole = sheets["partnerships"]
    whole = whole[whole["kind"].isin(LEADER_NETWORKS)]
    first, last = np.datetime64(year.first), np.datetime64(year.last)
    whole = whole[(_days(whole["began"]) <= last) & (_days(whole["ended"]) >= first)]
    counted = sheets["engagement"]
    counted = counted[(counted["period"] == year.code) & counted["partnership"].isin(whole["code"])]
    areas = {code: set(listed) for code, listed in zip(whole["code"], whole["areas"], strict=True)}
    made = []
    for la in sorted(las):
        chain = {la, region := within.get(la, ""), within.get(region, "")}
        mine = counted[counted["la_code"] == la]
        there = {code for code, listed in areas.items() if listed & chain} | set(mine["partnership"])
        eligible = int(mine["eligible"].sum())
        if not there:
            why = NO_NETWORK
        elif len(there) > 1:
            why = f"{len(there)} networks of CPD leaders work there: they may count the same leaders."
        elif mine.empty:
            why = NOT_COUNTED
        else:
            why = "" if eligible else NOBODY
        figures = (np.nan, np.nan) if why else (float(mine["contribute"].sum()), float(eligible))
        made.append((la, "network_reach", year.code, la, *figures, why))
    return pd.DataFrame(made, columns=COLUMNS)
