"""What is still wrong with a mapping, in words for the person who fills it in; and the mapping's text as YAML."""

import re
from collections.abc import Collection
from typing import Any

import yaml
from pydantic import ValidationError

from data_access.files.mapping import Mapping

# Fields of a definition that may not be left blank, as the form calls them.
FIELDS = {
    "code": "Code",
    "short_title": "Short title",
    "title": "Title",
    "why_it_matters": "Why it matters",
    "numerator": "What the numerator counts",
    "denominator": "What the denominator counts",
    "caveats": "Caveats: what should a reader know?",
}
_ABOUT = {"data_set": "Name of the data set", "source": "Source", "licence": "Licence"}
_SAID = {
    "missing": "is missing",
    "extra_forbidden": "is not known here: correct or remove it",
    "string_pattern_mismatch": "takes 3 to 40 small letters, digits and _, a letter first",
    "list_type": "must be a list",
    "dict_type": "must be a list of names with their meanings",
    "model_type": "must hold named parts",
    "string_type": "must be text",
}


def faults(content: object, known: Collection[str]) -> tuple[Mapping | None, list[str]]:
    """The mapping, where it is whole, and else what is wrong with it, a sentence each. known: indicators there are."""
    if not isinstance(content, dict):
        return None, ["The mapping must hold named parts: data_set, source, licence, kind, filters, indicators."]
    said = [f"{label} is blank." for name, label in _ABOUT.items() if not str(content.get(name) or "").strip()]
    mapping = None
    try:
        mapping = Mapping.model_validate(content)
    except ValidationError as error:
        said += [_sentence(fault, content) for fault in error.errors() if not _blank(fault)]
    else:
        for item in mapping.indicators:
            if item.define is None and item.indicator not in known:
                said.append(f"There is no indicator {item.indicator} yet: choose another or define it.")
            elif item.define is not None:
                blank = [label for name, label in FIELDS.items() if not getattr(item.define, name)]
                said += [f"{item.indicator}: {label} is blank." for label in blank]
    said = list(dict.fromkeys(said))
    return (None if said else mapping), said


def _blank(fault: Any) -> bool:
    """Whether the fault is a blank name, which is said above in better words."""
    return len(fault["loc"]) == 1 and fault["loc"][0] in _ABOUT and fault["type"] in ("missing", "string_type")


def _sentence(fault: Any, content: dict) -> str:
    where = _place([str(part) for part in fault["loc"]], content)
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "literal_error":
        said = f"must be {context['expected'].replace(chr(39), '')}"
    elif kind == "string_too_long":
        said = f"may have {context['max_length']} characters at most"
    elif kind == "too_short":
        said = "must hold at least one entry"
    else:
        said = _SAID.get(kind) or fault["msg"].removeprefix("Value error, ")
        said = said if said.startswith(("is ", "must ", "takes ")) or not where else f": {said}"
    return re.sub(r"\s+", " ", f"{where} {said}.".replace(" : ", ": ").strip())


def _place(loc: list[str], content: dict) -> str:
    """'indicators', '0', 'define', 'better' → 'overall_absence: better'."""
    if loc[:1] == ["indicators"] and len(loc) > 1 and loc[1].isdigit():
        item = content["indicators"][int(loc[1])]
        code = item.get("indicator") if isinstance(item, dict) else None
        rest = [FIELDS.get(part, part.replace("_", " ")) for part in loc[2:] if part != "define"]
        return ": ".join([str(code or f"Indicator {int(loc[1]) + 1}"), *([" ".join(rest)] if rest else [])])
    if loc[:1] == ["filters"] and len(loc) > 1:
        # Pydantic says which of two forms it tried; a person needs the filter only.
        rest = [part for part in loc[2:] if not part.startswith(("dict[", "list["))]
        return " ".join(["Filter", loc[1], *rest])
    return " ".join(part.replace("_", " ") for part in loc).capitalize()


def to_text(content: object) -> str:
    """A mapping in the making as YAML."""
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)


def from_text(text: str) -> tuple[object, str]:
    """What YAML text holds, and a sentence where it is no YAML."""
    try:
        return yaml.safe_load(text), ""
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "the text"
        return None, f"This is not YAML: mend {where}; indent with spaces."
    except (ValueError, RecursionError):
        return None, "This is not YAML that can be read here: write dates as text, in quotation marks."


def formable(content: object) -> bool:
    """Whether the form can show it: the parts are there in their shapes, whatever they say."""
    if not isinstance(content, dict):
        return False
    filters, indicators = content.get("filters") or {}, content.get("indicators") or []
    return (
        isinstance(filters, dict)
        and isinstance(indicators, list)
        and all(_plain_rule(rule) for rule in filters.values())
        and all(_plain_item(item) for item in indicators)
    )


def _plain_rule(rule: object) -> bool:
    if not isinstance(rule, dict) or not isinstance(rule.get("role"), str):
        return False
    values = rule.get("values") or []
    pairs = [*values, *values.values()] if isinstance(values, dict) else values
    return isinstance(pairs, list) and all(isinstance(value, str) for value in pairs)


def _plain_item(item: object) -> bool:
    if not isinstance(item, dict):
        return False
    define = item.get("define") or {}
    if not isinstance(define, dict):
        return False
    groups = define.get("staff_groups") or []
    return (
        isinstance(groups, list)
        and all(isinstance(group, str) for group in groups)
        and all(isinstance(value, str | None) for name, value in item.items() if name != "define")
        and all(
            isinstance(define.get(name), str | int | float | None) for name in (*FIELDS, "unit", "better", "outcome")
        )
    )
