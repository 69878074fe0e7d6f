"""A mapping: which column of a data set is what here. Saved as YAML beside the data and used again next year."""

from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from data_access.definitions import IndicatorDefinition, Strict
from data_access.errors import ImportRefused, Problem

LONGEST = 1_000_000  # characters


class _Plain(yaml.SafeLoader):
    """YAML without aliases: a few lines of them can stand for more than fits into memory."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """The next node, unless it is an alias."""
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()
            raise yaml.composer.ComposerError(None, None, "an alias", event.start_mark)
        return super().compose_node(parent, index)


class FilterMapping(Strict):
    """What a filter column says: its values become a staff group, phase or term, or choose the rows to keep.

    Rows with a value that is not listed are ignored, and counted as such.
    """

    role: Literal["staff_group", "phase", "term", "keep"]
    values: dict[str, str] | list[str] = Field(min_length=1)

    @model_validator(mode="after")
    def _values_fit(self) -> "FilterMapping":
        if self.role == "keep" and isinstance(self.values, dict):
            raise ValueError("role keep takes a list of the values to keep")
        if self.role != "keep" and isinstance(self.values, list):
            raise ValueError(f"role {self.role} takes value: {self.role} pairs")
        allowed = {"phase": {"all", "primary", "secondary", "special"}, "term": {"autumn", "spring", "summer", "year"}}
        if self.role in allowed and isinstance(self.values, dict):
            wrong = sorted(set(self.values.values()) - allowed[self.role])
            if wrong:
                raise ValueError(f"{', '.join(wrong)}: not a {self.role}; use {', '.join(sorted(allowed[self.role]))}")
        return self


class IndicatorMapping(Strict):
    """One indicator: its numerator and denominator columns, or the column of a published rate."""

    indicator: str
    numerator: str | None = None
    denominator: str | None = None
    rate: str | None = None
    staff_group: str | None = None
    define: IndicatorDefinition | None = None

    @model_validator(mode="after")
    def _columns(self) -> "IndicatorMapping":
        if (self.numerator is None) != (self.denominator is None):
            raise ValueError("numerator and denominator go together")
        if self.numerator is None and self.rate is None:
            raise ValueError("name numerator and denominator columns, or a rate column")
        if self.define is not None and self.define.code != self.indicator:
            raise ValueError(f"define.code is {self.define.code}, but indicator is {self.indicator}")
        return self

    @property
    def columns(self) -> list[str]:
        """The data columns that it reads."""
        return [name for name in (self.numerator, self.denominator, self.rate) if name]


class Mapping(Strict):
    """A whole data set's mapping."""

    data_set: str
    source: str = Field(max_length=200)
    licence: str = Field(max_length=200)
    kind: Literal["published", "illustrative"]
    new_schools: Literal["refuse", "add"] = "refuse"
    filters: dict[str, FilterMapping] = Field(default_factory=dict)
    indicators: list[IndicatorMapping] = Field(min_length=1)

    @model_validator(mode="after")
    def _once(self) -> "Mapping":
        roles = [rule.role for rule in self.filters.values() if rule.role != "keep"]
        for role in sorted({role for role in roles if roles.count(role) > 1}):
            raise ValueError(f"two filters have the role {role}; one can")
        named = [(item.indicator, item.staff_group) for item in self.indicators]
        for code in sorted({code for code, group in named if named.count((code, group)) > 1}):
            raise ValueError(f"{code} stands twice for the same staff group")
        return self


def read_mapping(path: Path) -> Mapping:
    """The mapping in a YAML file; raises ImportRefused with every fault and where it stands."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ImportRefused(
            [Problem(path.name, None, None, None, "the mapping cannot be read.", "Check its path.")]
        ) from error
    except UnicodeDecodeError as error:
        raise ImportRefused(
            [Problem(path.name, None, None, None, "the mapping is not UTF-8 text.", "Save it as UTF-8.")]
        ) from error
    return parse_mapping(text, path.name)


def parse_mapping(text: str, name: str) -> Mapping:
    """The mapping in YAML text; name: what to call it. Raises ImportRefused with every fault and where it stands."""
    if len(text) > LONGEST:
        problem = Problem(name, None, None, None, "the mapping is larger than 1 MB.", "Check that it is a mapping.")
        raise ImportRefused([problem])
    try:
        content = yaml.load(text, _Plain)
    except (yaml.YAMLError, RecursionError, ValueError, LookupError, AttributeError, TypeError) as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark else None
        raise ImportRefused(
            [Problem(name, row, None, None, "this is not YAML.", "Mend the line; indent with spaces.")]
        ) from error
    try:
        return Mapping.model_validate(content)
    except ValidationError as error:
        raise ImportRefused(
            [
                Problem(
                    name,
                    None,
                    ".".join(str(part) for part in fault["loc"]) or None,
                    None if isinstance(fault["input"], dict | list) else str(fault["input"]),
                    fault["msg"].removeprefix("Value error, ") + ".",
                    "Correct the mapping.",
                )
                for fault in error.errors()
            ]
        ) from error


def to_yaml(mapping: Mapping) -> str:
    """The mapping as the YAML text that read_mapping reads; what is left to its default is left out."""
    content = mapping.model_dump(exclude_defaults=True)
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110)
