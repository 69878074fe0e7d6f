"""A mapping proposed for a file from its names, labels and figures: a person confirms it and fills what is missing."""

import re
from dataclasses import dataclass, replace
from pathlib import PurePath

import numpy as np
import pandas as pd
import yaml

from data_access.files.mapping import Mapping
from data_access.files.recognise import Column, Recognition

TOTALS = ("total", "all", "overall", "all schools", "all pupils", "all staff")
PHASES = ("primary", "secondary", "special")
TERMS = {
    "autumn term": "autumn", "autumn": "autumn", "spring term": "spring", "spring": "spring",
    "summer term": "summer", "summer": "summer", "full year": "year",
}  # fmt: skip
# How a column's name ends where it begins with an indicator's code.
PARTS = {
    "numerator": "numerator", "num": "numerator", "n": "numerator",
    "denominator": "denominator", "denom": "denominator", "den": "denominator", "d": "denominator",
    "rate": "rate", "percent": "rate", "value": "rate",
}  # fmt: skip
_PERCENT = re.compile(r"(?:^|_)(?:percent|percentage|perc|pct|pc|proportion|rate)(?:_|$)")
_BASE = {"total", "possible", "eligible", "headcount", "workforce", "enrolments", "population", "all", "base"}
_SMALL_WORDS = {
    "a", "an", "and", "at", "by", "count", "for", "from", "had", "has", "have", "in", "is", "its", "number", "of", "on",
    "or", "that", "the", "their", "to", "were", "who", "with",
}  # fmt: skip
_PEOPLE = {"pupil", "pupils", "teacher", "teachers", "staff", "people", "headcount", "workforce", "learners", "leaders"}
ALIKE = 0.6  # of two sets of words, how alike they must be to be taken for the same thing


@dataclass(frozen=True)
class Part:
    """One filter or indicator of a mapping. place: 'filters.sex'; what: as the mapping says it; why: a sentence.

    missing: fields that only a person can fill; sure: whether it can stand unread.
    """

    place: str
    what: dict
    why: str
    sure: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """A whole mapping proposed. missing: what a person has still to fill, as places; left: indicator columns unused."""

    content: dict
    parts: list[Part]
    missing: list[str]
    left: list[str]
    notes: list[str]

    def as_yaml(self) -> str:
        """A mapping file: reasons as comments, '' where something is missing."""
        lines = [f"# Still to fill: {', '.join(self.missing)}." if self.missing else "# Nothing is missing."]
        lines += [f"# {note}" for note in self.notes]
        lines += [f"# {part.place}{'' if part.sure else ' (to be checked)'}: {part.why}" for part in self.parts]
        written = yaml.safe_dump(self.content, sort_keys=False, allow_unicode=True, width=120)
        # Names come from the file: one that holds a line break must not end its comment.
        return "\n".join(" ".join(line.split()) for line in lines) + "\n" + written


def propose(
    found: Recognition, definitions: pd.DataFrame, staff_groups: pd.DataFrame, saved: Mapping | None = None
) -> Proposal:
    """The mapping to begin with.

    definitions: the indicators known here, one a row: code, title, short_title, numerator, denominator, staff_groups
    (a list); staff_groups: code, title. saved: a mapping kept from an earlier file; it is taken where it fits.
    """
    notes = []
    if saved is not None:
        lacks = _unfit(saved, found)
        if not lacks:
            return _again(saved, found)
        notes.append(f"The saved mapping {saved.data_set} does not fit: {lacks}.")
    filters = _filters(found, staff_groups)
    indicators = _indicators(found, definitions)
    if not any(part.what["role"] == "staff_group" for part in filters):
        groups_of = dict(zip(definitions["code"], definitions["staff_groups"], strict=True))
        indicators = [_for_one_group(part, list(groups_of.get(part.what["indicator"], ["all"]))) for part in indicators]
    content = {
        "data_set": PurePath(found.name).stem,
        "source": "",
        "licence": "",
        "kind": "published",
        "filters": {part.place.removeprefix("filters."): part.what for part in filters},
        "indicators": [part.what for part in indicators],
    }
    parts = filters + indicators
    missing = ["source", "licence", *([] if indicators else ["indicators"])]
    missing += [f"{part.place}.{name}" for part in parts for name in part.missing]
    used = {part.what.get(name) for part in indicators for name in ("numerator", "denominator", "rate")}
    left = [column.name for column in found.of_role("indicator") if column.name not in used]
    return Proposal(content, parts, missing, left, notes)


def _unfit(saved: Mapping, found: Recognition) -> str:
    """Why a saved mapping cannot be used for this file; '' where it can."""
    names = [column.name for column in found.columns]
    gone = [name for item in saved.indicators for name in item.columns if name not in names]
    gone += [name for name in saved.filters if name not in names]
    empty = [
        column.name
        for column in found.columns
        if column.name in saved.filters
        and column.distinct == len(column.values)
        and not set(saved.filters[column.name].values) & set(column.values)
    ]
    new = [c.name for c in found.of_role("filter") if c.distinct > 1 and c.name not in saved.filters]
    faults = [f"the file has no column {', '.join(gone)}"] if gone else []
    faults += [f"none of its values stands in {', '.join(empty)}"] if empty else []
    return " and ".join(faults + ([f"it does not mention the filter {', '.join(new)}"] if new else []))


def _again(saved: Mapping, found: Recognition) -> Proposal:
    content = saved.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    why = "as in the mapping that was saved for these columns."
    parts = [Part(f"filters.{name}", what, why, True) for name, what in content.get("filters", {}).items()]
    parts += [Part(f"indicators.{what['indicator']}", what, why, True) for what in content["indicators"]]
    used = {name for item in saved.indicators for name in item.columns}
    left = [column.name for column in found.of_role("indicator") if column.name not in used]
    return Proposal(content, parts, [], left, [f"The saved mapping {saved.data_set} fits and is used again."])


# Filters


def _filters(found: Recognition, staff_groups: pd.DataFrame) -> list[Part]:
    titles = {_plain(str(row["title"])): str(row["code"]) for row in staff_groups.to_dict("records")}
    titles |= {_plain(code): code for code in titles.values()}
    parts: list[Part] = []
    for column in found.of_role("filter"):
        taken = {part.what["role"] for part in parts}
        groups = {value: titles[_plain(value)] for value in column.values if _plain(value) in titles}
        terms = {value: TERMS[_plain(value)] for value in column.values if _plain(value) in TERMS}
        # A value such as “All” is a group's name, too, but alone it does not make a filter one of staff groups.
        groups = groups if set(groups.values()) - {"all"} or "staff" in column.name else {}
        choices = (("staff_group", groups, "all"), ("phase", _phases(column), "all"), ("term", terms, "year"))
        made = next((_role(column, *choice) for choice in choices if choice[1] and choice[0] not in taken), None)
        twin = next((part for part in parts if _one_to_one(column, part, found)), None)
        parts.append(made or (_beside(column, twin) if twin else _keep(column)))
    return parts


def _one_to_one(column: Column, part: Part, found: Recognition) -> bool:
    """Whether each value of a filter goes with one value of another filter that has a role, so that it adds nothing."""
    if part.what["role"] == "keep" or not 1 < column.distinct == len(column.values):
        return False
    pairs = found.sample[[column.name, part.place.removeprefix("filters.")]].drop_duplicates()
    return len(pairs) == column.distinct and not any(pairs[name].duplicated().any() for name in pairs)


def _beside(column: Column, twin: Part) -> Part:
    why = f"its values go one to one with those of {twin.place.removeprefix('filters.')}: all are kept."
    return Part(f"filters.{column.name}", {"role": "keep", "values": list(column.values)}, why, True)


def _role(column: Column, role: str, values: dict[str, str], whole: str) -> Part:
    """A filter whose values mean staff groups, phases or terms; a total-like value means the whole."""
    total = _total(column)
    if total and total not in values and whole not in values.values():
        values = values | {total: whole}
    rest = [value for value in column.values if value not in values]
    words = role.replace("_", " ")
    why = f"its values are {words}s" + (f"; rows with {_quoted(rest)} are left out." if rest else ".")
    return Part(
        f"filters.{column.name}", {"role": role, "values": values}, why, not rest and column.distinct <= len(values)
    )


def _phases(column: Column) -> dict[str, str]:
    """Value → phase. Where several values name one phase they would count twice: the shortest of them is taken."""
    found: dict[str, str] = {}
    for value in sorted(column.values, key=len):
        words = set(re.findall("[a-z]+", value.lower()))
        named = [phase for phase in PHASES if phase in words]
        if len(named) == 1 and named[0] not in found.values() and not words & {"non", "not"}:
            found[value] = named[0]
    ordered = {value: found[value] for value in column.values if value in found}
    return ordered if len(ordered) > 1 or ("phase" in column.name and ordered) else {}


def _keep(column: Column) -> Part:
    """A filter of which one value is kept: the total where there is one."""
    place, total = f"filters.{column.name}", _total(column)
    if column.distinct == 1:
        value = next(iter(column.values))
        return Part(place, {"role": "keep", "values": [value]}, "it has this value only.", True)
    if total:
        why = f"“{total}” stands for all of its {column.distinct:,} values."
        return Part(place, {"role": "keep", "values": [total]}, why, True)
    first = next(iter(column.values), "")
    why = f"none of its {column.distinct:,} values stands for all of them: choose which to keep."
    return Part(place, {"role": "keep", "values": [first]}, why, False, ("values",))


def _total(column: Column) -> str | None:
    """The value that stands for all others, if one does."""
    lower = {value.lower(): value for value in reversed(column.values)}
    said = next((lower[word] for word in TOTALS if word in lower), None)
    return said or next((lower[word] for word in reversed(lower) if re.match(r"(all|total)\b", word)), None)


# Indicators


def _for_one_group(part: Part, groups: list[str]) -> Part:
    """An indicator in a file without a filter for staff groups: its figures are for one group."""
    if "all" in groups:
        return part
    if len(groups) == 1:
        return replace(part, what=part.what | {"staff_group": groups[0]})
    why = f"{part.why} The file does not say for which staff group: {', '.join(groups)}."
    return replace(part, why=why, sure=False, missing=(*part.missing, "staff_group"))


@dataclass(frozen=True)
class _Found:
    """Columns that make an indicator. what: role → column; named: the column whose words name it."""

    what: dict[str, str]
    named: str
    why: str
    sure: bool


def _indicators(found: Recognition, definitions: pd.DataFrame) -> list[Part]:
    columns = {column.name: column for column in found.of_role("indicator")}
    parts = _by_code(columns, definitions)
    used = {str(name) for part in parts for name in part.what.values()}
    rest = {name: column for name, column in columns.items() if name not in used}
    known = {str(row["code"]): row for row in definitions.to_dict("records")}
    free = {code: row for code, row in known.items() if code not in {part.what["indicator"] for part in parts}}
    for each in _by_figures(rest, found.sample) + _by_words(rest):
        code, alike = _known(each, columns, free)
        if code:
            free.pop(code)
            said = f"its words are those of {code}, and {each.why}"
            parts.append(Part(f"indicators.{code}", {"indicator": code} | each.what, said, each.sure and alike == 1))
        else:
            parts.append(_define(each, columns, found, {part.what["indicator"] for part in parts} | set(known)))
    return parts


def _by_code(columns: dict[str, Column], definitions: pd.DataFrame) -> list[Part]:
    """Columns named after an indicator that is known here: '<code>_numerator', '<code>_rate' and the like."""
    parts: dict[str, Part] = {}
    for code in definitions["code"]:
        what = {PARTS[end]: f"{code}_{end}" for end in reversed(PARTS) if f"{code}_{end}" in columns}
        if ("numerator" in what) != ("denominator" in what):
            what = {role: name for role, name in what.items() if role == "rate"}
        if not what and code in columns:
            what = {"rate": code}
        if what:
            ordered = {role: what[role] for role in ("numerator", "denominator", "rate") if role in what}
            why = "its columns are named after the indicator."
            part = Part(f"indicators.{code}", {"indicator": code} | ordered, why, True)
            parts |= dict.fromkeys(ordered.values(), part)
    in_order = [parts[name] for name in columns if name in parts]
    return [part for at, part in enumerate(in_order) if part not in in_order[:at]]


def _by_figures(columns: dict[str, Column], sample: pd.DataFrame) -> list[_Found]:
    """Published percentages, with the two counts behind each where the figures of the first rows show them."""
    numbers = {name: pd.to_numeric(sample[name], errors="coerce").to_numpy(dtype=float) for name in columns}
    rates = [name for name, column in columns.items() if is_percent(column)]
    counts = {
        name: numbers[name] for name in columns if name not in rates and columns[name].unit in ("", "numberstring")
    }
    made = []
    for rate in rates:
        decimals = sample[rate].str.extract(r"\.([0-9]+)$")[0].str.len().max()
        within = 0.501 * 10 ** -(0 if pd.isna(decimals) else int(decimals))
        behind = _counts_behind(numbers[rate], counts, within)
        if behind:
            top, bottom, rows = behind
            why = f"{rate} is 100 × {top} ÷ {bottom} in each of the first {rows} rows that have all three."
            made.append(_Found({"numerator": top, "denominator": bottom}, rate, why, True))
        else:
            share = bool(np.nanmax(numbers[rate], initial=0) <= 1)
            why = f"{rate} is a percentage, taken as published"
            why += "; none of its first values is over 1: see whether it is a share instead." if share else "."
            made.append(_Found({"rate": rate}, rate, why, columns[rate].unit == "%" and not share))
    return made


def _counts_behind(rate: np.ndarray, counts: dict[str, np.ndarray], within: float) -> tuple[str, str, int] | None:
    """The two columns of counts whose ratio is the rate in every row of the sample, and in how many rows."""
    best = None
    for bottom, below in counts.items():
        for top, above in counts.items():
            there = (below > 0) & ~np.isnan(above) & ~np.isnan(rate)
            rows = int(there.sum())
            if top == bottom or (best and rows <= best[2]) or len(np.unique(rate[there])) < 3:
                continue
            if (np.abs(100 * above[there] / below[there] - rate[there]) <= within).all():
                best = (top, bottom, rows)
    return best


def _by_words(columns: dict[str, Column]) -> list[_Found]:
    """Counts paired with the count they are part of, by their words; only where no column holds percentages."""
    if any(is_percent(column) for column in columns.values()):
        return []
    money = [name for name, column in columns.items() if column.unit.startswith("£")]
    made = [_Found({"rate": name}, name, f"{name} is an amount, taken as published.", True) for name in money]
    words = {name: _words(f"{name} {column.label}") for name, column in columns.items() if name not in money}
    bases = [name for name in words if words[name] & _BASE]
    for name in words:
        nouns = {base: len(words[base] & words[name] - _BASE) for base in bases if base != name}
        base = max(nouns, key=lambda other: nouns[other], default=None)
        if base and nouns[base] and name not in bases:
            why = f"the words of {name} and {base} say that one is part of the other."
            made.append(_Found({"numerator": name, "denominator": base}, name, why, False))
    return made


def _known(each: _Found, columns: dict[str, Column], known: dict[str, dict]) -> tuple[str | None, float]:
    """The known indicator that columns speak of, and how alike the words are: 1 where they are the same."""
    best: tuple[str | None, float] = (None, 0.0)
    for code, row in known.items():
        said = {
            "numerator": [row["numerator"]],
            "denominator": [row["denominator"]],
            "rate": [row["title"], row["short_title"]],
        }
        alike = min(
            max(_alike(_words(columns[name].label or name), _words(str(text))) for text in said[role])
            for role, name in each.what.items()
        )
        if alike >= ALIKE and alike > best[1]:
            best = (code, alike)
    return best


def _define(each: _Found, columns: dict[str, Column], found: Recognition, taken: set[str]) -> Part:
    """An indicator that is not known here yet, with what the labels say and the rest left blank."""
    named = columns[each.named]
    title = named.label or named.name.replace("_", " ").capitalize()
    code = re.sub("[^a-z0-9]+", "_", title.lower().removeprefix("number of ")).strip("_")[:40].strip("_")
    code = code if re.match("[a-z]..", code) else f"indicator_{code}"[:40]
    while code in taken:
        code = f"{code[:36]}_{len(taken)}"
    spoken = {role: columns[name].label or name.replace("_", " ") for role, name in each.what.items()}
    words = _words(spoken.get("denominator", ""))
    percent = "numerator" in each.what or is_percent(named)
    define = {
        "code": code,
        "short_title": title[:60],
        "title": title,
        "why_it_matters": "",
        "numerator": spoken.get("numerator", ""),
        "denominator": spoken.get("denominator", ""),
        "denominator_counts": "people" if words & _PEOPLE else "schools" if "schools" in words else "other",
        "unit": "percent" if percent else "gbp" if named.unit.startswith("£") else "rate",
        "collected_from": _collected_from(found, each.what),
        "evidence_kind": "administrative",
        "frequency": "term" if any(period.kind == "term" for period in found.periods) else "year",
        "caveats": "",
    }
    blank = tuple(f"define.{name}" for name, value in define.items() if value == "")
    what = {"indicator": code} | each.what | {"define": define}
    return Part(f"indicators.{code}", what, each.why, each.sure, blank)


def _collected_from(found: Recognition, what: dict[str, str]) -> str:
    if "rate" in what:
        return "published"
    return "school" if "School" in found.levels else "la" if "Local authority" in found.levels else "published"


def is_percent(column: Column) -> bool:
    """Whether a column holds percentages, by its unit or else by its name."""
    return column.unit == "%" or (column.unit == "" and bool(_PERCENT.search(column.name.lower())))


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall("[a-z0-9]+", text.lower())) - _SMALL_WORDS


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Twice the words in common over all words: 1 where they are the same, 0 where none is."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def _plain(text: str) -> str:
    return text.lower().replace("_", " ").strip()


def _quoted(values: list[str]) -> str:
    return ", ".join(f"“{value}”" for value in values[:3]) + (f" and {len(values) - 3} more" if len(values) > 3 else "")
