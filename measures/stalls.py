"""Which partnerships are about to stall, by the rules of stall_rules.yaml: each warning with the facts it rests on.

A partnership that ended does not warn. One about which too little is noted is not judged by that rule, which is said,
and is not the same as well.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from measures import words
from measures.partnership_state import Register
from measures.partnership_words import CHALLENGES, ROLES
from measures.stall_rules import Attendance, Combination, Departure, Rule, Silence, Thinning

COLUMNS: Final = ["partnership", "rule", "said", "facts"]
LONGEST_TOLD: Final = 240  # characters of what others did


@dataclass(frozen=True)
class Stalls:
    """What the rules found.

    warnings: COLUMNS: the partnership's code, the rule's, the facts in a sentence and one by one (a dict; days are
    dates), in the order of the partnerships and of the rules. judged: a rule's code → the partnerships that go on
    about which enough is noted.
    """

    warnings: pd.DataFrame
    judged: Mapping[str, frozenset[str]]


Found = tuple[list[dict[str, Any]], set[str]]  # partnership, said, facts; those judged


def stalls(register: Register, rules: Sequence[Rule]) -> Stalls:
    """The warnings about the partnerships of a register that go on, on its day."""
    going = register.partnerships.loc[register.partnerships["going"].astype(bool), "code"]
    intervals = _intervals(register, going)
    apply: dict[type, Callable[..., Found]] = {
        Combination: lambda rule: _combination(rule, register, going),
        Silence: lambda rule: _silence(rule, register, intervals),
        Thinning: lambda rule: _thinning(rule, intervals),
        Attendance: lambda rule: _attendance(rule, register, going),
        Departure: lambda rule: _departure(rule, register, going),
    }
    rows, judged = [], {}
    for rule in rules:
        found, codes = apply[type(rule)](rule)
        rows += [{"rule": rule.code, **each} for each in found]
        judged[rule.code] = frozenset(codes)
    order = {code: at for at, code in enumerate(going)}
    rows.sort(key=lambda row: order[row["partnership"]])  # stable: the rules keep their order
    return Stalls(pd.DataFrame(rows, columns=COLUMNS, dtype=object), judged)


# Challenges ----------------------------------------------------------------------------------------------


def _combination(rule: Combination, register: Register, going: pd.Series) -> Found:
    noted = register.challenges[register.challenges["partnership"].isin(going)]
    meant = noted[noted["challenge"].isin(rule.challenges) & (noted["state"] == "open")]
    kinds = meant.groupby("partnership")["challenge"].nunique()
    whole = set(kinds.index[kinds == len(rule.challenges)])
    rows = []
    opened: dict[str, dict[str, date]] = {}
    for row in meant[meant["partnership"].isin(whole)].to_dict("records"):
        opened.setdefault(row["partnership"], {})[row["challenge"]] = row["opened_on"]
    for code, since in opened.items():
        said = [f"{words.inline(CHALLENGES[each])} (since {words.day(since[each])})" for each in rule.challenges]
        facts = {each: since[each] for each in rule.challenges}
        rows.append({"partnership": code, "said": f"Open are {words.joined(said)}.", "facts": facts})
    return rows, set(noted["partnership"])


# Activities ----------------------------------------------------------------------------------------------


def _intervals(register: Register, going: pd.Series) -> pd.DataFrame:
    """A row an interval between two days with activities: partnership, days, ended (an ordinal), back (0: the last)."""
    held = register.activities.loc[register.activities["partnership"].isin(going), ["partnership", "held_on"]]
    held = held.assign(ended=[day.toordinal() for day in held["held_on"]]).drop_duplicates(["partnership", "ended"])
    held = held.sort_values(["partnership", "ended"])
    found = held.assign(days=held.groupby("partnership")["ended"].diff())[["partnership", "days", "ended"]].dropna()
    return found.assign(back=found.groupby("partnership").cumcount(ascending=False))


def _silence(rule: Silence, register: Register, intervals: pd.DataFrame) -> Found:
    of = intervals.groupby("partnership").agg(usual=("days", "median"), of=("days", "size"), last=("ended", "max"))
    of = of[of["of"] >= rule.least_intervals]
    gap = register.day.toordinal() - of["last"]
    rows = []
    over = (gap >= rule.times * of["usual"]) & (gap >= rule.least_days)
    for row in of.assign(gap=gap)[over].reset_index().to_dict("records"):
        last = date.fromordinal(int(row["last"]))
        facts = {"days": int(row["gap"]), "last": last, "usual": float(row["usual"]), "intervals": int(row["of"])}
        said = (
            f"No activity for {facts['days']:,} days, since {words.day(last)}; its usual interval is "
            f"{facts['usual']:g} days (median of {facts['intervals']})."
        )
        rows.append({"partnership": row["partnership"], "said": said, "facts": facts})
    return rows, set(of.index)


def _thinning(rule: Thinning, intervals: pd.DataFrame) -> Found:
    late = intervals["back"] < rule.recent
    of = intervals[~late].groupby("partnership")["days"].agg(before="median", of="size")
    of = of[of["of"] >= rule.least_intervals]
    of = of.assign(now=intervals[late].groupby("partnership")["days"].median().reindex(of.index))
    rows = []
    over = (of["now"] >= rule.times * of["before"]) & (of["now"] >= rule.least_days)
    for row in of[over].reset_index().to_dict("records"):
        facts = {"recent": float(row["now"]), "before": float(row["before"]), "intervals": int(row["of"])}
        said = (
            f"The median of its last {rule.recent} intervals between activities is {facts['recent']:g} days; "
            f"of the {facts['intervals']} before it was {facts['before']:g}."
        )
        rows.append({"partnership": row["partnership"], "said": said, "facts": facts})
    return rows, set(of.index)


def _attendance(rule: Attendance, register: Register, going: pd.Series) -> Found:
    held = register.activities
    held = held[held["partnership"].isin(going) & held["kind"].isin(rule.activities) & held["attended"].notna()]
    held = held.assign(there=_members_there(held, register.members), attended=held["attended"].astype(int))
    held = held[held["there"] > 0].sort_values(["partnership", "held_on", "id"])
    late = held.groupby("partnership").cumcount(ascending=False) < rule.recent
    sums = held.groupby(["partnership", late])[["attended", "there"]].sum()
    counts = held.groupby(["partnership", late]).size().unstack(fill_value=0).reindex(columns=[False, True])
    judged = counts.index[counts[False].fillna(0) >= rule.least_before]
    if judged.empty:
        return [], set()
    of = sums.unstack().loc[judged]
    parts = [(what, when) for when in (False, True) for what in ("attended", "there")]
    came, could, came_now, could_now = (of[part].astype(np.int64) for part in parts)
    # came / could − came_now / could_now ≥ points / 100, in whole numbers, so that a limit is met exactly.
    falls = 100 * (came * could_now - came_now * could) >= rule.points * could * could_now
    rows = []
    for code in judged[falls.to_numpy()]:
        now, all_now, then, all_then = (int(part.loc[code]) for part in (came_now, could_now, came, could))
        earlier = int(counts[False].loc[code])
        facts = {"recent": (now, all_now), "before": (then, all_then), "activities": earlier}
        before = words.plural(earlier, "activity", "activities")
        said = (
            f"{now:,} of {all_now:,} places of members were taken at the last {rule.recent} activities with a count "
            f"({words.share(now / all_now)}); at the {before} before, {then:,} of {all_then:,} "
            f"({words.share(then / all_then)})."
        )
        rows.append({"partnership": code, "said": said, "facts": facts})
    return rows, set(judged)


def _members_there(held: pd.DataFrame, members: pd.DataFrame) -> np.ndarray:
    """How many organisations were members on the day of each activity, the day on which they left included."""
    members = members[members["partnership"].isin(held["partnership"])]
    left = [np.iinfo(np.int64).max if day is None else day.toordinal() for day in members["left"]]
    codes, _ = pd.factorize(members["organisation"])
    spans = pd.DataFrame(
        {
            "partnership": members["partnership"],
            "organisation": codes,
            "joined": [day.toordinal() for day in members["joined"]],
            "left": left,
        }
    )
    days = pd.DataFrame(
        {
            "partnership": held["partnership"].to_numpy(),
            "at": np.arange(len(held)),
            "on": [day.toordinal() for day in held["held_on"]],
        }
    )
    pairs = days.merge(spans, on="partnership")
    pairs = pairs[(pairs["joined"] <= pairs["on"]) & (pairs["left"] >= pairs["on"])]
    # One organisation may be a member in two roles: it counts once.
    once = np.unique(pairs["at"].to_numpy() * np.int64(len(codes) + 1) + pairs["organisation"].to_numpy())
    return np.bincount(once // (len(codes) + 1), minlength=len(held))


# Members -------------------------------------------------------------------------------------------------


def _departure(rule: Departure, register: Register, going: pd.Series) -> Found:
    mine = register.members
    mine = mine[mine["partnership"].isin(going) & (mine["role"] == rule.role)]
    without = mine[~mine["partnership"].isin(mine.loc[mine["going"].astype(bool), "partnership"])]
    rows = []
    last = without.sort_values(["left", "id"]).drop_duplicates("partnership", keep="last")
    for row in last.to_dict("records"):
        days = (register.day - row["left"]).days
        if days >= rule.least_days:
            role, when = words.inline(ROLES[rule.role]), words.day(row["left"])
            facts = {"organisation": row["called"], "left": row["left"], "days": days}
            said = f"{row['called']} left as {role} on {when}, {words.plural(days, 'day')} ago; no other has followed."
            rows.append({"partnership": row["partnership"], "said": said, "facts": facts})
    return rows, set(mine["partnership"])


# What others did -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Remedy:
    """What partnerships did that surmounted a challenge: in the same words, by whom (codes), the latest first."""

    challenge: str
    done: str
    by: tuple[str, ...]

    def said(self, names: Mapping[str, str]) -> str:
        """'“Roles were agreed in writing.” Clarity of roles: A network and 2 others'; names: a code → what it is."""
        done = self.done if len(self.done) <= LONGEST_TOLD else f"{self.done[: LONGEST_TOLD - 1].rstrip()}…"
        others = words.plural(len(self.by) - 1, "other") if len(self.by) > 1 else ""
        return f"“{' '.join(done.split())}” ({words.joined([names[self.by[0]], *filter(None, [others])])})"


def remedies(register: Register) -> dict[str, list[Remedy]]:
    """A challenge → what those did who had surmounted it by the day, what most did first; none where nobody says."""
    noted = register.challenges
    noted = noted[(noted["state"] == "surmounted") & (noted["done"] != "") & (noted["noted_on"] <= register.day)]
    noted = noted.sort_values(["noted_on", "partnership"], ascending=[False, True])
    made: dict[str, list[Remedy]] = {code: [] for code in CHALLENGES}
    by: dict[tuple[str, str], list[str]] = {}
    for challenge, done, code in zip(noted["challenge"], noted["done"], noted["partnership"], strict=True):
        by.setdefault((challenge, done), []).append(code)
    for (challenge, done), codes in by.items():
        made[challenge].append(Remedy(challenge, done, tuple(codes)))
    return {code: sorted(each, key=lambda one: -len(one.by)) for code, each in made.items()}


def told(known: Mapping[str, Sequence[Remedy]], challenges: Sequence[str], most: int, but: str = "") -> list[Remedy]:
    """So many remedies of these challenges, a first one of each before a second one, without what `but` did."""
    of = [[other for each in known[code] if (other := _without(each, but)).by] for code in challenges]
    turns = [each[at] for at in range(most) for each in of if at < len(each)]
    return turns[:most]


def _without(remedy: Remedy, but: str) -> Remedy:
    if but not in remedy.by:
        return remedy
    return replace(remedy, by=tuple(code for code in remedy.by if code != but))
