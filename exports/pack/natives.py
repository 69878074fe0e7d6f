"""How each kind of view is shown natively on slides; a kind that is not named here is shown as its drawing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from exports.office.parts import Table
from exports.pack import native_bars, native_lines, native_outcome, native_points, native_tables
from exports.pack.parts import Form
from exports.pack.told import Told

NATIVE: Final[dict[str, Callable[[Told], list[Form]]]] = {
    "status_heat": native_tables.status_heat,
    "overview": native_tables.overview,
    "evidence_matrix": native_tables.evidence_matrix,
    "plan_timeline": native_tables.plan_timeline,
    "ranked": native_bars.ranked,
    "ranking": native_bars.ranking,
    "between_groups": native_bars.between_groups,
    "groups_here": native_bars.groups_here,
    "spine_chart": native_bars.spine_chart,
    "funnel_plot": native_points.funnel_plot,
    "trajectory": native_lines.trajectory,
    "gap_over_time": native_lines.gap_over_time,
    "by_area": native_lines.by_area,
    "by_indicator": native_lines.by_indicator,
    "trend_strips": native_lines.trend_strips,
    "outcome_rows": native_outcome.outcome_rows,
}
# How the page's drawing is to be read, which the native form is not: by how such a sentence begins.
DRAWING: Final = (
    "Bars show", "Pale band", "Thick line", "Thin line", "Upright tick", "Diamond", "At the right", "Each strip",
    "Each panel", "Blue line", "Dashed", "Grey line", "Not in percent", "Better, similar",
    "Each line", "Line:", "Thin grey", "Dots: the nine", "Dots: authorities", "Filled mark",
)  # fmt: skip
LONG: Final = 40  # rows of a table that a document sets below a drawing
TALL: Final = 44  # rows of a drawing from which on it is too small to read on a page
# Columns that a reader of the document finds elsewhere, or does without; and all of coverage, which the source says.
LEFT_OUT: Final = (
    "Quarter", "Expected", "Target", "Place in its level", "Higher", "Statistical neighbours",
    "Line", "With", "Start", "Milestones", "Note",
)  # fmt: skip


def forms(told: Told) -> list[Form]:
    """The slides of a view, in order: one, or more where a table or many indicators need them."""
    make = None if told.table.empty else NATIVE.get(told.name)
    if make is None:
        return [replace(form, notes=told.figure.notes) for form in native_tables.picture(told)]
    return [replace(form, notes=f"{form.notes} {_kept(told.figure.notes)}".strip()) for form in make(told)]


def _kept(notes: str) -> str:
    """The notes of a figure without how its drawing is to be read."""
    said = notes.split(". ")
    return ". ".join(sentence for sentence in said if not sentence.startswith(DRAWING))


def tables(told: Told, made: list[Form]) -> tuple[list[Table], bool]:
    """What a document sets beside the drawing as text, and whether it has the drawing: a view may be a table itself."""
    native = [part for form in made for part in form.parts]
    if native and all(isinstance(part, Table) for part in native):
        return [part for part in native if isinstance(part, Table)], False
    shown = native_tables.for_people(told.table)
    shown = shown[[name for name in shown.columns if name not in LEFT_OUT and "overage" not in str(name)]]
    listed = [Table("The figures", shown)] if len(shown) else []
    if told.name == "ranked" and len(shown) > TALL:
        said = shown[["Rank", "Area", "Value", "95% interval", "Status"]]
        return [Table("The figures", said.assign(Status=said["Status"].map(native_tables.brief)))], False
    return (listed if len(shown) <= LONG else []), True
