"""What the database knows that a file is checked against: places, and whether a mapping's codes are there."""

from sqlalchemy import Connection, select

from data_access.errors import Problem
from data_access.files.mapping import Mapping
from data_access.places import VARIANTS, Change, Places, names_of
from data_access.schema import indicator, local_authority, local_authority_change, outcome, region, school, staff_group
from measures.sums import with_ancestors


def places(connection: Connection) -> Places:
    """The codes and names that a file's places are looked up in."""
    held = connection.execute(select(local_authority.c.code, local_authority.c.ons_code, local_authority.c.name)).all()
    codes = frozenset(row.code for row in held)
    c = local_authority_change.c
    changes = select(
        c.effective, c.from_code, c.from_ons_code, c.from_name, c.to_code, c.to_ons_code, c.to_name, c.kind
    ).order_by(c.effective, c.id)
    return Places(
        la_codes=codes,
        la_by_ons={row.ons_code: row.code for row in held},
        la_by_name=names_of((row.name, row.code) for row in held)
        | {name: code for name, code in VARIANTS.items() if code in codes},
        changes=tuple(Change(str(row[0]), *row[1:]) for row in connection.execute(changes)),
        regions=frozenset(connection.execute(select(region.c.code)).scalars()),
        schools=tuple(connection.execute(select(school.c.urn).order_by(school.c.urn)).scalars()),
    )


# What makes figures of one definition no figures of another.
FACTS = ("unit", "collected_from", "frequency", "denominator_counts", "scope", "staff_groups")


def definitions_beside(connection: Connection, mapping: Mapping, file: str) -> tuple[list[Problem], list[str]]:
    """Definitions in a mapping of indicators that are there: problems where facts differ, notes where words do."""
    problems, notes = [], []
    for item in mapping.indicators:
        there = connection.execute(
            select(indicator).where(indicator.c.code == item.indicator, indicator.c.to_version.is_(None))
        ).first()
        if item.define is None or there is None:
            continue
        said = item.define.model_dump() | {"staff_groups": "|".join(item.define.staff_groups)}
        differs = [name for name in FACTS if said[name] != getattr(there, name)]
        if differs:
            message = f"the indicator is there already with another {', '.join(differs).replace('_', ' ')}."
            remedy = "Leave define: out to add figures to it, or give yours another code."
            problems.append(Problem(f"mapping of {file}", None, "define", item.indicator, message, remedy))
        elif any(said[name] != getattr(there, name) for name in ("title", "numerator", "denominator", "caveats")):
            notes.append(
                f"{item.indicator} is there already: its definition stays, and that in the mapping is not used."
            )
    return problems, notes


def mapping_problems(connection: Connection, file: str, mapping: Mapping, new: set[str]) -> list[Problem]:
    """Codes of a mapping that the database does not know. new: indicators that the mapping itself defines."""
    parents = {row.code: row.parent for row in connection.execute(select(staff_group.c.code, staff_group.c.parent))}
    groups = set(parents)
    names = set(connection.execute(select(region.c.name)).scalars())
    outcomes = set(connection.execute(select(outcome.c.code)).scalars())
    there = connection.execute(
        select(indicator.c.code, indicator.c.staff_groups, indicator.c.collected_from).where(
            indicator.c.to_version.is_(None)
        )
    ).all()
    of_indicator = {
        row.code: set(with_ancestors(row.staff_groups.split("|"), parents))
        for row in there
        if row.collected_from != "published"
    }
    known = {row.code for row in there} | new
    problems = []

    def problem(column: str, value: str, message: str, remedy: str) -> None:
        problems.append(Problem(f"mapping of {file}", None, column, value, message, remedy))

    for item in mapping.indicators:
        if item.indicator not in known:
            problem(
                "indicator", item.indicator, "there is no such indicator.", "Correct it, or add define: to make it."
            )
        used = {item.staff_group} if item.staff_group else set()
        if item.define is not None:
            used |= set(item.define.staff_groups)
            if item.define.outcome is not None and item.define.outcome not in outcomes:
                problem("outcome", item.define.outcome, "there is no such outcome.", "Use 1a to 3h, or leave it out.")
            if item.define.scope != "England" and item.define.scope not in names:
                problem("scope", item.define.scope, "there is no such region.", "Use England or a region.")
        for rule in mapping.filters.values():
            if not item.staff_group and rule.role == "staff_group" and isinstance(rule.values, dict):
                used |= set(rule.values.values())
        collected = groups if item.indicator in new else of_indicator.get(item.indicator, groups)
        for group in sorted((used & groups) - collected):
            problem(
                "staff_group",
                group,
                f"{item.indicator} is not collected for this staff group.",
                f"Use one of {', '.join(sorted(collected))}, or leave its rows out.",
            )
        for group in sorted(used - groups):
            problem("staff_group", group, "there is no such staff group.", f"Use one of {', '.join(sorted(groups))}.")
    return problems
