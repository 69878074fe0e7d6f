"""What each address of the API takes: the one description that requests are read by and openapi.json is made from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from data_access.errors import DataAccessError

MOST_GIVEN: Final = 60  # parameters of one request
LONGEST: Final = 200  # characters of one value
PAGE: Final = 1000  # rows of a page of JSON, unless asked otherwise
Values = Mapping[str, tuple[str, ...]]


class NotUnderstood(DataAccessError):
    """The request is not one that this address understands."""


@dataclass(frozen=True)
class Parameter:
    """One parameter: its name, what it does, the JSON schema of a value, whether it may be given several times."""

    name: str
    about: str
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string"})
    several: bool = False
    required: bool = False


def _one_of(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


LEVEL = Parameter(
    "level",
    "Whose figures: by default those of the area that region or la names, else of England. school needs la.",
    _one_of("england", "region", "la", "school"),
    several=True,
)
AREA_LEVEL = Parameter("level", "Areas of these levels only.", _one_of("england", "region", "la"), several=True)
INDICATOR = Parameter(
    "indicator", "Code of an indicator, as /api/v1/indicators lists them; by default all.", several=True
)
PERIOD = Parameter(
    "period",
    "2011/12, or 2011/12 summer; by default all. For a year, an indicator of terms answers with its latest term.",
    several=True,
)
REGION = Parameter("region", "Name or code of a region: with its authorities where level says la.")
LA = Parameter("la", "Name, 3-digit code or ONS code of a local authority.")
PHASE = Parameter("phase", "all, primary, secondary or special; by default all.", several=True)
STAFF_GROUP = Parameter("staff_group", "Code or title of a staff group; by default all staff.", several=True)
AS_AT = Parameter("as_at", "As it stood at a data version (its number) or at the end of a day (2012-03-31).")
LIMIT = Parameter(
    "limit",
    f"Rows of a page. JSON comes in pages of {PAGE:,}; CSV and Parquet come whole unless limit or page is given.",
    {"type": "integer", "minimum": 1, "maximum": 10_000},
)
NUMBER = Parameter(
    "page",
    "Which page, from 1; the Link header names the next.",
    {"type": "integer", "minimum": 1, "maximum": 1_000_000},
)
VIEW = Parameter("view", "Which kind of chart.", required=True)
SCALE = Parameter(
    "scale",
    "Pixels of a PNG for each of the chart's 900 units of width.",
    {"type": "integer", "minimum": 1, "maximum": 4},
)

FIGURE = Parameter(
    "figure",
    "Which figure: INDICATOR/AREA/PERIOD/STAFF GROUP/PHASE, such as reviewed/202/2011-12/teachers/primary; "
    "the last two are all where they are left out.",
    required=True,
)

PAGING: Final = (AS_AT, LIMIT, NUMBER)
ORIGIN: Final = (FIGURE, AS_AT)
TABLES: Final[dict[str, tuple[Parameter, ...]]] = {
    "indicators": (INDICATOR, *PAGING),
    "areas": (AREA_LEVEL, REGION, LA, *PAGING),
    "periods": PAGING,
    "values": (LEVEL, INDICATOR, PERIOD, REGION, LA, PHASE, STAFF_GROUP, *PAGING),
}


def read(given: Iterable[tuple[str, str]], known: Iterable[Parameter]) -> dict[str, tuple[str, ...]]:
    """The values of each parameter that was given, checked against its description.

    Raises NotUnderstood for a parameter that the address does not have, one given twice, and a value that its schema
    excludes; whether a code is known is not asked here.
    """
    there = {parameter.name: parameter for parameter in known}
    found: dict[str, tuple[str, ...]] = {}
    for at, (name, value) in enumerate(given):
        if at >= MOST_GIVEN:
            raise NotUnderstood("The address has too many parameters.", f"Give at most {MOST_GIVEN}.")
        if name not in there:
            raise NotUnderstood(f"“{name[:40]}” is not a parameter here.", f"Known: {', '.join(there)}.")
        if name in found and not there[name].several:
            raise NotUnderstood(f"The parameter {name} is given twice.", "Give it once.")
        _check(there[name], value)
        found[name] = (*found.get(name, ()), value)
    for name, parameter in there.items():
        if parameter.required and name not in found:
            raise NotUnderstood(
                f"The address does not say {name}.", f"Add {name}=: {parameter.about[0].lower()}{parameter.about[1:]}"
            )
    return {name: tuple(dict.fromkeys(values)) for name, values in found.items()}


def _check(parameter: Parameter, value: str) -> None:
    """Raise NotUnderstood where a value is none that the parameter's schema allows."""
    name, schema = parameter.name, parameter.schema
    if schema["type"] == "integer":
        low, high = schema["minimum"], schema["maximum"]
        if not (value.isascii() and value.isdecimal() and len(value) < 10 and low <= int(value) <= high):
            said = f"“{value[:40]}” is not a number from {low:,} to {high:,}."
            raise NotUnderstood(said, f"Give {name} such a number.")
    elif "enum" in schema and value not in schema["enum"]:
        raise NotUnderstood(f"“{value[:40]}” is not a known {name}.", f"Known: {', '.join(schema['enum'])}.")
    elif not value.strip() or len(value) > LONGEST or not value.isprintable():
        raise NotUnderstood(f"The parameter {name} says nothing that can be read.", "Give it a value, or leave it out.")


def one(asked: Values, parameter: Parameter) -> str | None:
    """The value of a parameter that is given once at most; None where it is not given."""
    return asked.get(parameter.name, (None,))[0]


def number(asked: Values, parameter: Parameter) -> int | None:
    """The same as a number."""
    given = one(asked, parameter)
    return None if given is None else int(given)
