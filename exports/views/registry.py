"""Every figure that can be made again from its name and what it shows: to pin, to link to, to take away.

A figure made by a function that is decorated with `view` says in `origin` what made it, as the query of an address:
view=ranked&level=la&indicator=reviewed&period=2011/12&region=London.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import parse_qs, urlencode

from charts.figure import Figure
from data_access.areas import check
from data_access.errors import UnknownCode
from exports import chart_choice, shown
from exports.kept import kept
from exports.shown import Shown
from exports.views import data
from measures.lateness import LATE
from measures.partnership_words import KINDS, LEVELS
from seed_data.reference import effective_features

P = ParamSpec("P")
Builder = Callable[Concatenate[Shown, P], Figure | None]
BUILT = "built"  # the view of the chart builder, whose options are chart_choice.Choice
SEVERAL = ("areas", "indicators", "lines", "groups", "mark")
MOST_GIVEN = 60  # parts of an origin, as the API takes them


@dataclass(frozen=True)
class View:
    """One kind of figure. page: the address of the page that shows it; options: what it takes beside the filters.

    build keeps the figures that it makes, fresh does not, for those that are wanted once, one after another.
    edited: true where the figure changes with what people edit, not with the data version alone. sheet: what the
    address of the page says, beside what it shows, to open where the figure stands.
    """

    name: str
    page: str
    options: tuple[str, ...]
    build: Callable[..., Figure | None]
    fresh: Callable[..., Figure | None]
    edited: bool
    sheet: Mapping[str, str]


_views: dict[str, View] = {}


def view(entries: int, page: str, **sheet: str) -> Callable[[Builder[P]], Builder[P]]:
    """Keep a function's figures (exports.kept) and make it known by its name; each figure says what made it.

    entries: 0 for one that changes with what people edit, which keeps its figures by the edit itself. sheet: as in
    View.
    """

    def decorate(make: Builder[P]) -> Builder[P]:
        signature = inspect.signature(make)
        name, options = make.__name__, tuple(list(signature.parameters)[1:])

        @wraps(make)
        def stamped(now: Shown, *args: P.args, **kwargs: P.kwargs) -> Figure | None:
            made = make(now, *args, **kwargs)
            given = signature.bind(now, *args, **kwargs)
            given.apply_defaults()
            asked = {"view": name, **{option: given.arguments[option] for option in options}, **shown.address(now)}
            said = {key: value for key, value in asked.items() if value is not None}
            return None if made is None else replace(made, origin=urlencode(said, doseq=True, safe="/"))

        build: Builder[P] = kept(entries)(stamped)
        _views[name] = View(name, page, options, build, stamped, entries == 0, sheet)
        return build

    return decorate


def all_views() -> Mapping[str, View]:
    """Every view by name."""
    # Each makes its own known.
    from exports.views import (  # noqa: F401
        built,
        compared,
        comparisons,
        evidence,
        figures,
        partnership_findings,
        partnership_lasting,
        partnership_networks,
        partnership_progress,
        plan,
        priorities,
        tiles,
        university_findings,
    )

    return _views


def again(origin: str, version: int, *, keep: bool = True) -> Figure | None:
    """The figure that an origin names, at a data version; None where there is nothing to show.

    keep: whether it is kept for whoever asks next. Raises UnknownCode where a name in it is not known: with what is
    not, and what to do.
    """
    try:
        asked = parse_qs(origin, max_num_fields=MOST_GIVEN)
    except ValueError as error:
        raise UnknownCode(f"A view says at most {MOST_GIVEN} things.", "Ask for fewer areas or indicators.") from error
    name = asked.get("view", [""])[0]
    check(name, all_views(), "kind of chart")
    found = _views[name]
    now = shown.understood({key: values[0] for key, values in asked.items()}, version)
    options: dict[str, object] = {}
    for option in found.options:
        values = asked.get(option)
        if values is not None:
            if name == BUILT:
                chart_choice.check_option(option, values, version)
            else:
                _known(option, values, version)
            options[option] = tuple(values) if option in SEVERAL else values[0]
    try:
        return (found.build if keep else found.fresh)(now, **options)
    except TypeError as error:  # an option is missing
        raise UnknownCode("This view does not say all that it shows.", "Pin the chart anew from its page.") from error


def link(origin: str, version: int | None = None) -> str:
    """The address, below the server's root, of the page that shows the figure; version: where not the current one."""
    asked = parse_qs(origin)
    found = all_views()[asked.pop("view")[0]]
    page = found.page
    if page == "local-authority" and "la" not in asked:  # England and its regions have their indicators there
        page = "priorities"
        if "indicator" in asked:
            about = data.reference(version or data.current_version()).indicators.set_index("code")
            asked["outcome"] = [str(about["outcome"][asked.pop("indicator")[0]])]
    query = {key: [said] for key, said in found.sheet.items()}
    query |= {key: values for key, values in asked.items() if key not in ("level", "focus")}
    if "reference" in query:
        query["against"] = query.pop("reference")
    if version is not None:
        query["as_at"] = [str(version)]
    return f"/{page}?{urlencode(query, doseq=True, safe='/')}"


def _known(option: str, values: list[str], version: int) -> None:
    """Raise UnknownCode where an option's value is not one that it can have."""
    there = data.reference(version)
    if option in ("indicator", "indicators"):
        known, what = list(there.indicators["code"]), "indicator"
    elif option == "priority":
        known, what = list(there.priorities["code"]), "priority"
    elif option == "outcome":
        known, what = list(there.outcomes["code"]), "outcome"
    elif option == "feature":
        known, what = list(effective_features()), "feature"
    elif option == "level":
        known, what = ["region", "la"], "level"
    elif option == "impacts":
        known, what = list(LEVELS), "level of impact"
    elif option == "late":
        known, what = list(LATE), "lateness"
    elif option in ("owner", "plan", "lines", "network"):
        return  # of what people edit, as it stood: who or what is not there has none, a plan version is refused there
    elif option == "ends":
        known, what = [str(number) for number in range(1, 100)], "number of areas"
    elif option == "partnership_kind":
        known, what = list(KINDS), "kind of partnership"
    elif option in ("first", "second"):
        known, what = list(there.staff_groups["code"]), "staff group"
    else:
        known, what = list(data.areas(version)["area"]), "area"
    for value in values:
        check(value, known, what)
