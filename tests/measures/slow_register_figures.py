"""Indicators of the partnership register counted one by one: slow, and plain to read."""

from datetime import date
from typing import Any

Rows = list[dict[str, Any]]
CLUSTERS, PD = ("school_cluster", "multi_agency_cluster"), ("seminar", "visit", "training", "online")


def pd_days(cluster: dict[str, Any], activities: Rows, first: date, last: date) -> list[dict[str, Any]]:
    """The PD of a cluster in a term; none where it is no cluster or was not there."""
    if cluster["kind"] not in CLUSTERS or cluster["began"] > last or (cluster["ended"] or last) < first:
        return []
    mine = [a for a in activities if a["partnership"] == cluster["code"] and a["kind"] in PD]
    return [a for a in mine if first <= a["held_on"] <= last]


def there(members: Rows, cluster: dict[str, Any], held: Rows, kind: str) -> set[str]:
    """The members of a kind that belonged to a cluster on a day of its PD."""
    return {
        m["organisation"]
        for m in members
        for a in held
        if m["partnership"] == cluster["code"] and m["kind"] == kind
        if m["joined"] <= a["held_on"] <= (m["left"] or date.max)
    }


def of_term(
    sheets: dict[str, Rows], schools: dict[str, str], la: str, first: date, last: date
) -> dict[str, tuple[int, int] | None]:
    """An indicator → numerator and denominator of an authority; None where there is none. schools: URN → authority."""
    in_cluster: set[str] = set()
    mine = []
    for cluster in sheets["partnerships"]:
        held = pd_days(cluster, sheets["activities"], first, last)
        if held:
            members = there(sheets["members"], cluster, held, "school")
            in_cluster |= members
            if la in cluster["areas"] or any(schools.get(urn) == la for urn in members):
                mine.append((cluster, held))
    open_here = [urn for urn, where in schools.items() if where == la]
    made: dict[str, tuple[int, int] | None] = {
        "schools_in_cluster": (sum(urn in in_cluster for urn in open_here), len(open_here)) if open_here else None
    }
    verdicts: dict[str, list[bool | None]] = {
        "clusters_assured": [],
        "multi_agency_clusters": [],
        "cluster_staff_range": [],
    }
    for cluster, held in mine:
        said = cluster["framework"]
        within = None if said == "" else said == "yes" and cluster["framework_since"] <= last
        reached = {group for a in held for group in a["staff"]}
        silent = any(not a["staff"] for a in held)
        verdicts["clusters_assured"].append(within)
        verdicts["multi_agency_clusters"].append(bool(there(sheets["members"], cluster, held, "service")))
        verdicts["cluster_staff_range"].append(True if len(reached) == 2 else None if silent else False)
    for indicator, found in verdicts.items():
        made[indicator] = None if None in found or not found else (sum(map(bool, found)), len(found))
    return made
