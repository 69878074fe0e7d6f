"""A chart as SVG or PNG, made from what a pinned or linked view says of itself: view=ranked&level=la&indicator=…"""

from collections.abc import Iterable
from datetime import date
from typing import Final
from urllib.parse import urlencode

from data_access.errors import UnknownCode
from exports import chart_files
from exports.api.parameters import (
    AS_AT,
    LA,
    PERIOD,
    PHASE,
    REGION,
    SCALE,
    STAFF_GROUP,
    VIEW,
    Parameter,
    Values,
    number,
    one,
)
from exports.facts import facts
from exports.kept import kept
from exports.views import registry

FILTERS: Final = (PERIOD, REGION, LA, PHASE, STAFF_GROUP)
KINDS: Final = {"svg": "image/svg+xml", "png": "image/png"}


def parameters(kind: str, view: str | None = None) -> tuple[Parameter, ...]:
    """What the address of a chart takes; view: what one kind of chart takes, None: what any takes."""
    there = registry.all_views()
    names = [view] if view is not None and view in there else list(there)
    filters = [Parameter(each.name, each.about, each.schema) for each in FILTERS]
    options = dict.fromkeys(option for name in names for option in there[name].options)
    taken = {each.name for each in filters}
    said = [
        Parameter(option, _about(option), several=option in registry.SEVERAL)
        for option in options
        if option not in taken
    ]
    kind_of = Parameter(VIEW.name, VIEW.about, {"type": "string", "enum": list(there)}, required=True)
    return (kind_of, *filters, *said, AS_AT, *([SCALE] if kind == "png" else []))


def _about(option: str) -> str:
    of = ", ".join(sorted(name for name, view in registry.all_views().items() if option in view.options))
    return f"An option of {of}: as in the address that Copy link gives."


def edited(asked: Values) -> bool:
    """True where the chart changes with what people edit, not with the data version alone."""
    return registry.all_views()[str(one(asked, VIEW))].edited


def image(kind: str, asked: Values, version: int, server: str) -> bytes:
    """The file; raises UnknownCode for what is not known and where there is nothing to show.

    server: the address that the dashboard is asked at, for the link inside the file.
    """
    origin = urlencode([(name, value) for name, values in _of_figure(asked) for value in values], safe="/")
    draw = _drawn if edited(asked) else _kept
    return draw(kind, origin, version, number(asked, SCALE) or 2, server, date.today().isoformat())


def _of_figure(asked: Values) -> Iterable[tuple[str, tuple[str, ...]]]:
    return ((name, values) for name, values in asked.items() if name not in (AS_AT.name, SCALE.name))


def _drawn(kind: str, origin: str, version: int, scale: int, server: str, today: str) -> bytes:
    figure = registry.again(origin, version)
    if figure is None:
        raise UnknownCode("There is nothing to show for this choice.", "Choose another indicator, area or period.")
    told = facts(figure, f"{server}{registry.link(origin, version)}", today)
    return chart_files.svg(figure, told).encode() if kind == "svg" else chart_files.png(figure, scale, told)


_kept = kept(60)(_drawn)
