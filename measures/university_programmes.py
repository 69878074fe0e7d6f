"""What university programmes cost and give: savings, completion, and the fee that each completion took.

A frame of programmes has a row each: award, standard_fee, partner_fee (£ of one participant for the whole award),
payer, participants, completed, promoted (people), each None where it is not said, and over (whether it has ended).
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from measures.intervals import with_interval
from measures.partnership_words import PUBLIC

PURSES: Final = {
    "public": "The public purse",
    "teacher": "The teachers",
    "shared": "Both, not told apart",
    "": "Who pays is not said",
}


def over(programmes: pd.DataFrame, day: date) -> np.ndarray:
    """Which programmes have ended by the end of a day; one without a last day runs."""
    return np.array([ended is not None and ended <= day for ended in programmes["ended"]], dtype=bool)


def purse(payer: str) -> str:
    """Whose money a payer's is, a code of PURSES. Of school and teacher together no part is guessed."""
    return "public" if payer in PUBLIC else payer


def numbers(frame: pd.DataFrame, *names: str) -> list[np.ndarray]:
    """Columns as numbers, NaN where nothing is said."""
    return [pd.to_numeric(frame[name]).to_numpy(dtype=float) for name in names]


# Savings -------------------------------------------------------------------------------------------------


def with_saving(programmes: pd.DataFrame) -> pd.DataFrame:
    """The programmes with per_person and saving (£; below 0 where the partners pay more), NaN where it is not known.

    per_person = standard fee - partner fee; saving = per_person × participants; purse: whose it is, a code of PURSES.
    """
    standard, partner, people = numbers(programmes, "standard_fee", "partner_fee", "participants")
    per_person = standard - partner
    whose = [purse(payer) for payer in programmes["payer"]]
    return programmes.assign(per_person=per_person, saving=per_person * people, purse=whose)


@dataclass(frozen=True)
class Saving:
    """What programmes saved. known, of: programmes with a saving, and all; dearer: those that cost more instead.

    net: £, all savings less what the dearer ones cost more; by_purse: code of PURSES → £, those that there are;
    extra: £ that the dearer ones cost more.
    """

    known: int
    of: int
    net: float
    by_purse: dict[str, float]
    dearer: int
    extra: float


def saved(programmes: pd.DataFrame) -> Saving:
    """What programmes saved together; those without a saving are left out, never taken as nothing."""
    made = with_saving(programmes)
    there = made[made["saving"].notna()]
    more = there[there["saving"] < 0]
    sums = there.groupby("purse")["saving"].sum()
    by_purse = {code: float(sums[code]) for code in PURSES if code in sums}
    net = float(there["saving"].sum())
    return Saving(len(there), len(made), net, by_purse, len(more), -float(more["saving"].sum()))


# Completion, promotion and the cost of a completion --------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """A share of participants: count of people, in percent with its 95% interval (NaN where nobody took part).

    programmes: how many are behind it; of: how many have ended.
    """

    programmes: int
    of: int
    count: int
    people: int
    value: float
    lower: float
    upper: float


def share(programmes: pd.DataFrame, part: str) -> Share:
    """The share of participants who completed or were promoted, of the programmes that have ended and say it.

    part: 'completed' or 'promoted'. The interval is Wilson's on the effective number of participants, since those of
    one programme are alike: measures.intervals.
    """
    ended = programmes[programmes["over"].to_numpy(dtype=bool)]
    counts, people = numbers(ended, part, "participants")
    known = ~np.isnan(counts) & ~np.isnan(people)
    n, d = counts[known], people[known]
    sums = {"units": len(n), "n": n.sum(), "d": d.sum(), "nn": n @ n, "nd": n @ d, "dd": d @ d, "unit": "percent"}
    made = with_interval(pd.DataFrame([sums])).iloc[0]
    limits = (float(made[name]) for name in ("value", "lower", "upper"))
    return Share(len(n), len(ended), int(n.sum()), int(d.sum()), *limits)


@dataclass(frozen=True)
class Cost:
    """What one completion took in fees, £, with its 95% interval; upper is infinite where none may have completed.

    value: NaN where nobody completed, or nothing is known. fees: £ paid in all; completed: people; standard: what a
    completion would have taken at the standard fee, of the programmes that say it, NaN where none does; programmes: how
    many are behind value; of: how many have ended.
    """

    programmes: int
    of: int
    fees: float
    completed: int
    value: float
    lower: float
    upper: float
    standard: float


def cost(programmes: pd.DataFrame) -> Cost:
    """Fees of all participants ÷ those who completed, of the programmes that have ended and say fee and counts.

    The fees are known; only completion is uncertain. So the limits are the fee paid for a participant (all fees ÷ all
    participants) ÷ the limits of the share who completed (`share`): one formula for one programme and for several.
    """
    ended = programmes[programmes["over"].to_numpy(dtype=bool)]
    fee, standard, people, completed = numbers(ended, "partner_fee", "standard_fee", "participants", "completed")
    known = ~np.isnan(fee) & ~np.isnan(people) & ~np.isnan(completed) & (people > 0)
    there = share(ended[known], "completed")
    fees = float(fee[known] @ people[known])
    if not there.people:
        return Cost(0, len(ended), 0.0, 0, np.nan, np.nan, np.nan, np.nan)
    a_person = fees / there.people

    def per_completion(of: float, percent: float) -> float:
        return of / (percent / 100) if percent > 1e-9 else np.inf

    value = per_completion(a_person, there.value) if there.count else np.nan
    say = known & ~np.isnan(standard)
    other = float(standard[say] @ people[say] / completed[say].sum()) if completed[say].sum() else np.nan
    lower, upper = per_completion(a_person, there.upper), per_completion(a_person, there.lower)
    return Cost(there.programmes, len(ended), fees, there.count, value, lower, upper, other)


def each_cost(programmes: pd.DataFrame) -> pd.DataFrame:
    """The same for each programme alone, all at once: known (it ended and says enough), value, lower, upper."""
    fee, people, completed = numbers(programmes, "partner_fee", "participants", "completed")
    known = programmes["over"].to_numpy(dtype=bool) & ~np.isnan(fee) & ~np.isnan(completed) & (people > 0)
    n, d = np.where(known, completed, np.nan), np.where(known, people, np.nan)
    sums = pd.DataFrame({"units": np.where(known, 1, 0), "n": n, "d": d, "nn": n * n, "nd": n * d, "dd": d * d})
    shares = with_interval(sums.assign(unit="percent"))
    made: dict[str, np.ndarray] = {"known": known}
    for name, of in (("value", "value"), ("lower", "upper"), ("upper", "lower")):
        percent = shares[of].to_numpy(dtype=float)
        with np.errstate(divide="ignore", invalid="ignore"):
            made[name] = np.where(known, fee / np.where(percent > 1e-9, percent / 100, 0.0), np.nan)
    made["value"] = np.where(completed > 0, made["value"], np.nan)
    return pd.DataFrame(made, index=programmes.index)


# Consortia -------------------------------------------------------------------------------------------------


def most_at_once(programmes: pd.DataFrame) -> int:
    """The most programmes that ran on one day. programmes: began, ended (days; None: it runs on)."""
    changes = [(began, 1) for began in programmes["began"]]
    changes += [(ended, -1) for ended in programmes["ended"] if ended is not None]
    running = most = 0
    # On one day those that begin come first: the last day counts.
    for _, change in sorted(changes, key=lambda each: (each[0], -each[1])):
        running += change
        most = max(most, running)
    return most
