"""The form of a new indicator: what Definitions will say of it."""

from typing import Any, Protocol

import streamlit as st

from pages.parts import mapping_words

REQUIRED = tuple(mapping_words.FIELDS)
CHOICES: dict[str, tuple[str, dict[str, str]]] = {
    "unit": ("Unit", {"percent": "Percent", "rate": "Rate", "gbp": "Pounds"}),
    "better": ("Better is", {"": "Neither", "higher": "Higher", "lower": "Lower"}),
    "denominator_counts": ("The denominator counts", {"people": "People", "schools": "Schools", "other": "Other"}),
    "collected_from": ("Collected from", {"school": "Schools", "la": "Local authorities", "published": "Publications"}),
    "evidence_kind": (
        "Kind of evidence",
        {
            "administrative": "Administrative",
            "survey": "Survey",
            "focus_group": "Focus group",
            "evaluation": "Evaluation",
        },
    ),
    "frequency": ("How often", {"year": "Once a year", "term": "Each term"}),
}


class Form(Protocol):
    """What is used of mapping_form.Form."""

    outcomes: dict[str, str]
    groups: dict[str, str]

    def key(self, name: str, value: Any) -> str: ...

    def text(self, name: str, label: str, value: Any) -> str: ...

    def one(self, name: str, label: str, options: dict, value: Any) -> Any: ...


def define(form: Form, name: str, base: dict) -> dict:
    """What the person says of it, beginning with base; name: of its widgets."""
    st.markdown("**What is it?** Definitions will say this of it.")
    made = dict(base)
    for row in (
        ("short_title", "code"),
        ("title",),
        ("why_it_matters",),
        ("numerator", "denominator"),
        ("caveats",),
    ):
        for box, part in zip(st.columns(len(row)), row, strict=True):
            with box:
                made[part] = form.text(f"{name}_{part}", mapping_words.FIELDS[part], base.get(part))
    for row in (list(CHOICES)[:3], list(CHOICES)[3:]):
        for box, part in zip(st.columns(3), row, strict=True):
            label, options = CHOICES[part]
            with box:
                made[part] = form.one(f"{name}_{part}", label, options, base.get(part, next(iter(options))))
    left, middle, right = st.columns(3)
    with left:
        outcomes = {"": "None: context"} | {code: f"{code} {title}" for code, title in form.outcomes.items()}
        made["outcome"] = form.one(f"{name}_outcome", "Outcome of the strategy", outcomes, base.get("outcome"))
    with middle:
        threshold = base.get("disclosure_threshold", 10)
        key = form.key(f"{name}_threshold", threshold if isinstance(threshold, int) and threshold >= 0 else 10)
        made["disclosure_threshold"] = int(st.number_input("Suppress below (people)", min_value=0, step=1, key=key))
    with right:
        given = list(base.get("staff_groups") or ["all"])
        groups = {code: code for code in given} | form.groups
        made["staff_groups"] = st.multiselect(
            "Collected for",
            list(groups),
            format_func=lambda code: groups[code],
            key=form.key(f"{name}_groups", given),
        )
    return {part: value for part, value in made.items() if value is not None and (part in REQUIRED or value != "")}
