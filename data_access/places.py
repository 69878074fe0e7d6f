"""What is known of places, without a database: codes, names and what became of authorities since 2013."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field, fields, replace
from functools import cached_property

import pandas as pd

ENGLAND_CODE = "E92000001"
INNER_OUTER_LONDON = {"E13000001", "E13000002"}
NO_CODE = {"", "z", "x", "u", ":", "."}
# Words that come and go in the names of authorities.
_LOOSE = {"the", "of", "city", "county", "council", "borough", "london", "royal", "metropolitan", "district", "ua"}

# Names in use that differ from the official ones by more than that; plain name → 3-digit code.
VARIANTS = {
    "hull": "810",
    "kingston upon hull east yorkshire": "810",
    "bath and ne somerset": "800",
    "bath and nes": "800",
    "banes": "800",
    "blackburn": "889",
    "brighton": "846",
    "bristol uc": "801",
    "cheshire west": "896",
    "corporation": "201",
    "corporation of london": "201",
    "east riding": "811",
    "hammersmith": "205",
    "kensington": "207",
    "medway towns": "887",
    "redcar": "807",
    "richmond": "318",
    "scilly": "420",
    "scilly isles": "420",
    "southend": "882",
    "stockton": "808",
    "stoke": "861",
    "telford": "894",
    "windsor": "868",
    "wrekin": "894",
}


@dataclass(frozen=True)
class Change:
    """A row of the changes table: what an authority became, and when (ISO date)."""

    effective: str
    from_code: str
    from_ons_code: str
    from_name: str
    to_code: str
    to_ons_code: str
    to_name: str
    kind: str


@dataclass(frozen=True)
class Found:
    """What an authority's codes and name lead to.

    la_code: the authority held here, None where there is none. part: the 3-digit code of the part of it that is meant,
    where it was split later. why: a sentence where it cannot be taken. later: the name that a later code stands for.
    odd: codes that contradict each other.
    """

    la_code: str | None
    part: str = ""
    why: str = ""
    later: str = ""
    odd: str = ""


def plain_name(name: str) -> str:
    """A name without what varies between lists: case, punctuation, 'City of', 'Council'."""
    words = re.sub(r"[^a-z0-9 ]", " ", name.lower().replace("&", " and ").replace("'", "").replace("’", "")).split()
    return " ".join(word for word in words if word not in _LOOSE) or " ".join(words)


@dataclass(frozen=True)
class Places:
    """What the database knows: the authorities held (of 2009 to 2013), their names and later changes, the regions."""

    la_codes: frozenset[str]
    la_by_ons: Mapping[str, str]
    la_by_name: Mapping[str, str]  # plain name → code
    changes: tuple[Change, ...]
    regions: frozenset[str]
    schools: tuple[str, ...] = ()
    _seen: dict[tuple[str, str, str], Found] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def _later(self) -> dict[str, Found]:
        """Later codes, 3-digit and ONS, → the authority of 2009 to 2013 that they lead back to."""
        found: dict[str, Found] = {}
        for change in sorted(self.changes, key=lambda change: change.effective):
            codes = [code for code in (change.to_code, change.to_ons_code) if not self._held(code)]
            before = found.get(change.from_ons_code) or Found(self.la_by_ons.get(change.from_ons_code))
            if change.kind == "recoded":
                made = replace(before, later=change.to_name)
            elif change.kind == "split" and before.la_code and not before.part:
                made = Found(before.la_code, part=change.to_code, later=change.to_name)
            else:
                made = Found(None, why=self._formed(change))
            found |= dict.fromkeys(codes, made)
        return found

    def _held(self, code: str) -> bool:
        return code in self.la_codes or code in self.la_by_ons

    def _formed(self, change: Change) -> str:
        made = f"{change.to_name}, "
        if change.kind == "boundary changed":
            return made + f"whose boundary changed in {change.effective[:4]}: not the authority held here"
        origins = [
            ("part of " if c.kind == "part transferred" else "") + c.from_name
            for c in self.changes
            if c.to_ons_code == change.to_ons_code
        ]
        return made + f"formed in {change.effective[:4]} from {' and '.join(origins)}: its figures cannot be divided"

    def parts(self, la_code: str) -> frozenset[str]:
        """The 3-digit codes of the authorities into which one was split later; empty where it was not."""
        return frozenset(found.part for found in self._later.values() if found.la_code == la_code and found.part)

    def successors(self, la_code: str) -> list[Change]:
        """What became of an authority held here, in order: recoded, merged, split, boundary changed."""
        codes, found = {la_code}, []
        for change in sorted(self.changes, key=lambda change: change.effective):
            if change.from_code in codes:
                found.append(change)
                codes.add(change.to_code)
        return found

    def find(self, old: str, new: str = "", name: str = "") -> Found:
        """By the 3-digit code first, then the 9-character code, then either one's later form, then the name."""
        key = (old, new.upper() if len(new) == 9 else new, name)
        if key not in self._seen:
            self._seen[key] = self._find(*key)
        return self._seen[key]

    def _find(self, old: str, new: str, name: str) -> Found:
        if old in self.la_codes:
            other = self.la_by_ons.get(new, old)
            return Found(old, odd="" if other == old else f"{old} with {new}")
        if new in self.la_by_ons:
            return Found(self.la_by_ons[new])
        for code in (old, new):
            if code in self._later:
                return self._later[code]
        if " / " in name:
            return Found(None, why="joint local authorities")
        if old in NO_CODE and new in NO_CODE and plain_name(name) in self.la_by_name:
            return Found(self.la_by_name[plain_name(name)])
        if old in NO_CODE and new in NO_CODE:
            return Found(None, why="unknown local authorities")
        return Found(None)

    def authorities(self, old: pd.Series, new: pd.Series | None = None, names: pd.Series | None = None) -> pd.DataFrame:
        """One row for each of `old`, with its index: la_code (None where not found), part, why, later (see Found).

        A row with neither la_code nor why has codes that nobody knows.
        """
        blank = pd.Series("", index=old.index)
        keys = pd.DataFrame(
            {"old": old, "new": blank if new is None else new, "name": blank if names is None else names}
        )
        number = keys.groupby(list(keys.columns), sort=False).ngroup().to_numpy()
        each = [self.find(*key) for key in keys.drop_duplicates().itertuples(index=False, name=None)]
        table = pd.DataFrame([astuple(one) for one in each], columns=[f.name for f in fields(Found)], dtype=object)
        return table.iloc[number].set_axis(old.index)


def names_of(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Plain name → code, for (name, code) pairs."""
    return {plain_name(name): code for name, code in pairs}
