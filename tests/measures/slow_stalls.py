"""Which partnerships are about to stall, worked out again from the raw rows, one partnership and rule at a time."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from statistics import median
from typing import Any

import pandas as pd

from measures.stall_rules import Attendance, Combination, Departure, Rule, Silence, Thinning

Rows = list[dict[str, Any]]


def expected(sheets: Mapping[str, pd.DataFrame], day: date, rules: Sequence[Rule]) -> set[tuple[str, str]]:
    """(partnership, rule) of every warning that there must be, and no other."""
    parts = {name: frame.to_dict("records") for name, frame in sheets.items()}
    found = set()
    for about in parts["partnerships"]:
        if about["began"] > day or (about["ended"] is not None and about["ended"] <= day):
            continue
        mine = {name: [row for row in rows if row.get("partnership") == about["code"]] for name, rows in parts.items()}
        found |= {(about["code"], rule.code) for rule in rules if warns(rule, mine, day)}
    return found


def warns(rule: Rule, mine: Mapping[str, Rows], day: date) -> bool:
    """Whether a rule warns about the partnership with these rows."""
    held = [row for row in mine["activities"] if row["held_on"] <= day]
    days = sorted({row["held_on"] for row in held})
    intervals = [(later - earlier).days for earlier, later in pairwise(days)]
    if isinstance(rule, Combination):
        opened = {row["challenge"] for row in mine["challenges"] if row["state"] == "open" and row["opened_on"] <= day}
        return set(rule.challenges) <= opened
    if isinstance(rule, Silence):
        if len(intervals) < rule.least_intervals:
            return False
        gap = (day - days[-1]).days
        return gap >= rule.least_days and gap >= rule.times * median(intervals)
    if isinstance(rule, Thinning):
        recent, before = intervals[-rule.recent :], intervals[: -rule.recent]
        if len(before) < rule.least_intervals:
            return False
        return median(recent) >= rule.least_days and median(recent) >= rule.times * median(before)
    if isinstance(rule, Attendance):
        counted = []
        for row in sorted(held, key=lambda row: (row["held_on"], row["id"])):
            there = {
                member["organisation"]
                for member in mine["members"]
                if member["joined"] <= row["held_on"] and (member["left"] is None or member["left"] >= row["held_on"])
            }
            if row["kind"] in rule.activities and row["attended"] is not None and there:
                counted.append((row["attended"], len(there)))
        recent, before = counted[-rule.recent :], counted[: -rule.recent]
        if len(before) < rule.least_before:
            return False
        return share(before) - share(recent) >= Fraction(rule.points, 100)
    assert isinstance(rule, Departure)
    links = [row for row in mine["members"] if row["role"] == rule.role and row["joined"] <= day]
    if not links or any(row["left"] is None or row["left"] > day for row in links):
        return False
    return min((day - row["left"]).days for row in links) >= rule.least_days


def share(counted: list[tuple[int, int]]) -> Fraction:
    """Of all the places of members, those that were taken."""
    return Fraction(sum(came for came, _ in counted), sum(there for _, there in counted))
