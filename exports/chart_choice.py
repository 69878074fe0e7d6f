"""What somebody asks of the chart builder, and how an address says it: codes and short names, nothing that is usual.

Links are read leniently (`read`: what cannot be read is left out and said), origins of pinned charts strictly
(`check_option`: what is not known is refused).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final

import pandas as pd

from charts.dots import ORDERS
from data_access.areas import check
from data_access.errors import UnknownCode
from exports import shown
from exports.kept import kept
from exports.views import data
from measures import words

KINDS: Final = {
    "dots": "Ranked dots",
    "bars": "Bars",
    "trend": "Trend",
    "heat": "Heat table",
    "spine": "Spine",
    "scatter": "Scatter of two indicators",
    "funnel": "Funnel",
    "map": "Map",
    "tiles": "Tile map",
}
EACH: Final = {"region": "The nine regions", "la": "Local authorities"}
SIZES: Final = {"page": "Page", "slide": "Slide (16:9)", "web": "Web page (narrow)"}
LABELS: Final = ("on", "off")
STARTS: Final = {"zero": "At zero", "close": "Near the lowest value"}
# How many of each may be given; of a title or note, how many characters.
MOST: Final = {"indicators": 12, "areas": 12, "groups": 4, "mark": 6}
LONGEST: Final = {"title": 120, "subtitle": 120, "note": 200}
WHAT: Final = {
    "kind": "kind of chart",
    "indicators": "indicator",
    "areas": "area",
    "each": "level",
    "since": "period",
    "groups": "staff group",
    "mark": "area",
    "order": "order",
    "labels": "choice of labels",
    "start": "start of the scale",
    "size": "size",
}
# What each kind of chart can be asked beside indicators, words and size.
USES: Final[dict[str, frozenset[str]]] = {
    "dots": frozenset({"areas", "each", "groups", "mark", "order", "labels"}),
    "bars": frozenset({"areas", "each", "groups", "mark", "order", "labels", "start"}),
    "trend": frozenset({"areas", "since", "groups", "mark", "labels", "start"}),
    "heat": frozenset({"areas", "each", "mark"}),
    "spine": frozenset({"areas"}),
    "scatter": frozenset({"areas", "each", "mark", "labels"}),
    "funnel": frozenset({"mark"}),
    "map": frozenset({"each", "mark"}),
    "tiles": frozenset({"mark"}),
}
ALWAYS: Final = frozenset({"kind", "indicators", "title", "subtitle", "note", "size"})
LABELLED: Final = frozenset({"dots", "bars"})  # kinds that write their values unless told not to
FROM_ZERO: Final = frozenset({"bars"})  # kinds whose scale begins at zero unless told not to


@dataclass(frozen=True)
class Choice:
    """What is asked for; '' and () where nothing is said, and the chart is then as it mostly is.

    indicators, groups: codes; areas, mark: names; each: whose areas where none are named; since: code of a period;
    mark: areas to stress; labels: of LABELS; start: of STARTS.
    """

    kind: str = "dots"
    indicators: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    each: str = ""
    since: str = ""
    groups: tuple[str, ...] = ()
    title: str = ""
    subtitle: str = ""
    note: str = ""
    mark: tuple[str, ...] = ()
    order: str = "best"
    labels: str = ""
    start: str = ""
    size: str = "page"

    @property
    def numbers(self) -> bool:
        """Whether values (of a scatter: names) are written on the chart."""
        return (self.labels or ("on" if self.kind in LABELLED else "off")) == "on"

    @property
    def from_zero(self) -> bool:
        """Whether the scale begins at zero."""
        return (self.start or ("zero" if self.kind in FROM_ZERO else "close")) == "zero"


OPTIONS: Final = tuple(each.name for each in fields(Choice))
SEVERAL: Final = tuple(MOST)
_USUAL: Final = Choice()


def relevant(choice: Choice) -> Choice:
    """The choice without what its kind of chart cannot be asked, and without what is so anyway."""
    used = USES[choice.kind] | ALWAYS
    kept_ = {name: getattr(choice, name) for name in OPTIONS if name in used}
    if kept_.get("labels") == ("on" if choice.kind in LABELLED else "off"):
        kept_["labels"] = ""
    if kept_.get("start") == ("zero" if choice.kind in FROM_ZERO else "close"):
        kept_["start"] = ""
    return Choice(**kept_)


def options(choice: Choice) -> dict[str, str | tuple[str, ...]]:
    """The choice as options of the view `built` and as parameters of an address: what is usual is left out."""
    said = relevant(choice)
    return {name: getattr(said, name) for name in OPTIONS if getattr(said, name) != getattr(_USUAL, name)}


def chosen(given: Mapping[str, object]) -> Choice:
    """The choice that options of the view `built` stand for: each value once, without what is of no use."""
    there = {name: value for name in OPTIONS if (value := given.get(name))}
    once = {name: tuple(dict.fromkeys(value)) if isinstance(value, tuple) else value for name, value in there.items()}
    return relevant(Choice(**once))  # type: ignore[arg-type]


def plain_text(text: str, longest: int) -> str:
    """What a person typed as one line of visible characters, cut where it is too long."""
    seen = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(seen.split())[:longest].strip()


@kept(4)
def _codes(version: int) -> dict[str, dict[str, str]]:
    """Option → whatever an address may call a value of it, in lower case → the value."""
    known = data.reference(version)
    indicators = known.indicators
    outcome = indicators["outcome"].fillna("") + " " + indicators["short_title"]
    return {
        "indicators": _named(indicators["code"], indicators["code"], indicators["short_title"], outcome),
        "groups": _named(known.staff_groups["code"], known.staff_groups["code"], known.staff_groups["title"]),
        "since": _named(known.periods["code"], known.periods["code"], known.periods["label"]),
        "areas": shown.area_names(version),
        "mark": shown.area_names(version),
        **{option: {value: value for value in values} for option, values in _LISTED.items()},
    }


def _named(codes: pd.Series, *names: pd.Series) -> dict[str, str]:
    return {str(name).lower(): str(code) for each in names for name, code in zip(each, codes, strict=True)}


_LISTED: Final[dict[str, Sequence[str]]] = {
    "kind": tuple(KINDS),
    "each": tuple(EACH),
    "order": tuple(ORDERS),
    "labels": LABELS,
    "start": tuple(STARTS),
    "size": tuple(SIZES),
}


def read(asked: Mapping[str, Sequence[str]], version: int) -> tuple[Choice, str]:
    """The nearest sensible choice to what an address asks for, and in one sentence what of it was left out; '' if none.

    asked: option → its values.
    """
    names, trouble = _codes(version), list[str]()
    found: dict[str, str | tuple[str, ...]] = {}
    for option in OPTIONS:
        values = [value for value in asked.get(option, ()) if value.strip()]
        if option in LONGEST and values:
            text = found[option] = plain_text(values[0], LONGEST[option])
            if text != " ".join(values[0].split()):
                trouble.append(f"part of the {option}")
        elif values:
            known = [names[option][key] for value in values if (key := value.strip().lower()) in names[option]]
            unknown = [value for value in values if value.strip().lower() not in names[option]]
            trouble += _unknown(option, unknown)
            if option in MOST:
                single = list(dict.fromkeys(known))
                most = MOST[option]
                found[option] = tuple(single[:most])
                if len(single) > most:
                    trouble.append(f"all but the first {most} of {words.plural(len(single), WHAT[option])}")
            elif known:
                found[option] = known[0]
    said = f"Of this link {words.joined(trouble)} could not be used; the nearest chart is shown." if trouble else ""
    return relevant(Choice(**found)), said  # type: ignore[arg-type]


def _unknown(option: str, values: list[str]) -> list[str]:
    """'the area “Atlantis”', 'the indicator “x” and 3 more'."""
    if not values:
        return []
    first = plain_text(values[0], 40)
    more = f" (and {len(values) - 1} more)" if len(values) > 1 else ""
    return [f"the {WHAT[option]} “{first}”{more}"]


def check_option(option: str, values: Sequence[str], version: int) -> None:
    """Raise UnknownCode where an option of a pinned or linked chart has a value that it cannot have."""
    if option in LONGEST:
        for value in values:
            if value != plain_text(value, LONGEST[option]):
                said = f"The {option} is longer than {LONGEST[option]} characters, or holds some that cannot be seen."
                raise UnknownCode(said, "Shorten it in the chart builder.")
    if option in MOST and len(values) > MOST[option]:
        what = words.plural(MOST[option], WHAT[option])
        raise UnknownCode(f"At most {what} can be asked for, not {len(values)}.", "Leave some out.")
    known = _strict(option, version)
    for value in values:
        if known is not None:
            check(value, known, WHAT[option])


def _strict(option: str, version: int) -> Sequence[str] | None:
    """The values that an option can have; None where any will do."""
    if option in _LISTED:
        return _LISTED[option]
    there = data.reference(version)
    listed = {
        "indicators": there.indicators["code"],
        "groups": there.staff_groups["code"],
        "since": there.periods["code"],
        "areas": data.areas(version)["area"],
        "mark": data.areas(version)["area"],
    }
    return list(listed[option]) if option in listed else None
