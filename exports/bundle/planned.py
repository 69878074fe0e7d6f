"""What a bundle holds: one chart as a template, and what is varied in it."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlencode

from charts.figure import slugify
from data_access.areas import check
from data_access.errors import UnknownCode
from exports import shown
from exports.views import data, registry

OVER: Final = {"la": "local authority", "region": "region", "indicator": "indicator"}


@dataclass(frozen=True)
class Item:
    """One chart of a bundle. name: the area or indicator in words; origin: what makes it."""

    name: str
    origin: str


@dataclass(frozen=True)
class Plan:
    """A bundle to be made. over: a key of OVER; title: what it holds, in words; stem: of its file's name."""

    over: str
    title: str
    stem: str
    version: int
    earlier: bool
    items: tuple[Item, ...]


def choices(origin: str) -> list[str]:
    """What can be varied in a chart: keys of OVER; nothing where it cannot be made again, or is of what people edit."""
    if not origin:
        return []
    view = registry.all_views()[parse_qs(origin)["view"][0]]
    if view.edited:
        return []
    return [over for over in OVER if over != "indicator" or {"indicator", "indicators"} & set(view.options)]


def plan(origin: str, over: str, within: str | None, version: int, *, earlier: bool = False) -> Plan:
    """The bundle of a chart.

    origin: of the chart that is the template, 'view=…&…'; within: of authorities a region, of indicators a priority, by
    code or name, None for all; earlier: True where the version is not the current one. Raises UnknownCode.
    """
    asked = parse_qs(origin.removeprefix("?"))
    view = asked.get("view", [""])[0]
    check(view, registry.all_views(), "kind of chart")
    check(over, OVER, "thing to vary")
    possible = choices(urlencode(asked, doseq=True))
    if not possible:
        raise UnknownCode("This chart is of what people edit, not of figures.", "Take a chart of figures.")
    if over not in possible:
        raise UnknownCode(
            "This chart is not of chosen indicators.", "Vary the local authority or the region, or take another chart."
        )
    known = data.reference(version)
    now = shown.understood({key: values[0] for key, values in asked.items()}, version)
    if over == "indicator":
        items, place = _indicators(asked, within, version)
    elif over == "region":
        if within is not None:
            raise UnknownCode("Every region is in England.", "Leave the region out, or vary the local authority.")
        names = [str(name) for name in known.regions["name"]]
        bare = {key: values for key, values in asked.items() if key != "la"}
        items = [_item(name, _in_place(bare, name, over, version) | {"region": [name]}) for name in names]
        place = "England"
    else:
        items, place = _authorities(asked, within, version)
    of = {"la": "each local authority of", "region": "each region of", "indicator": "each indicator of"}[over]
    about = known.indicators.set_index("code")["short_title"]
    chosen = asked.get("indicator") or asked.get("indicators") or [""]
    code = chosen[0] if len(chosen) == 1 else ""
    what = str(about[code]) if code in about.index and over != "indicator" else view.replace("_", " ").capitalize()
    area = now.area if over == "indicator" else ""
    version_words = f"_v{version}" if earlier else ""
    kind = "" if slugify(view) == slugify(what) else view
    stem = slugify(what, kind, f"{of} {place}", area, now.period_label) + version_words
    title = f"{what}, {of} {place}" + (f", {area}" if area else "") + f", {now.period_label}"
    return Plan(over, title, stem, version, earlier, tuple(items))


def command(origin: str, over: str, within: str | None, kinds: Sequence[str]) -> str:
    """The command that makes the same bundle, for a nightly run."""
    option = {"la": "--region", "indicator": "--priority"}.get(over, "")
    of = f" {option} {shlex.quote(within)}" if within is not None else ""
    formats = " ".join(kinds)
    return f"python -m exports bundle --view {shlex.quote(origin)} --over {over}{of} --format {formats} --out FOLDER"


def _item(name: str, asked: dict[str, list[str]]) -> Item:
    return Item(name, urlencode(asked, doseq=True, safe="/"))


def _authorities(asked: dict[str, list[str]], within: str | None, version: int) -> tuple[list[Item], str]:
    there = data.reference(version).authorities
    place = "England"
    if within is not None:
        place = str(shown.understood({"region": within}, version).region_name)
        there = there[there["region"] == place]
    rows = zip(there["name"].astype(str), there["region"].astype(str), strict=True)
    every = [
        (name, _in_place(asked, name, "la", version) | {"la": [name], "region": [region]}) for name, region in rows
    ]
    return [_item(name, of) for name, of in every], place


def _in_place(asked: dict[str, list[str]], name: str, level: str, version: int) -> dict[str, list[str]]:
    """What is asked with an area in place of the first of its level among chosen `areas`; the others stay beside it."""
    chosen = asked.get("areas")
    if not chosen:
        return dict(asked)
    levels = data.areas(version)["level"].to_dict()
    first = next((area for area in chosen if levels.get(area) == level), None)
    areas = [name if area == first else area for area in chosen] if first else [name, *chosen]
    made = asked | {"areas": list(dict.fromkeys(areas))}
    for key in {"mark", "focus"} & set(asked):  # what stands out in the chart
        made[key] = list(dict.fromkeys(name if area == first else area for area in asked[key]))
    return made


def _indicators(asked: dict[str, list[str]], within: str | None, version: int) -> tuple[list[Item], str]:
    known = data.reference(version)
    there, place = known.of_strategy, "the strategy"
    if within is not None:
        rows = known.priorities
        names = {str(row[key]).lower(): row for row in rows.to_dict("records") for key in ("code", "title", "short")}
        found = names.get(within.strip().lower())
        if found is None:
            raise UnknownCode(f"“{within[:40]}” is not a known priority.", f"Known: {', '.join(rows['code'])}.")
        there, place = there[there["priority"] == found["code"]], str(found["short"])
    rows_of = zip(there["outcome"], there["short_title"], there["code"], strict=True)
    several = "indicators" in registry.all_views()[asked["view"][0]].options
    option = "indicators" if several else "indicator"
    return [_item(f"{outcome} {title}", asked | {option: [code]}) for outcome, title, code in rows_of], place
