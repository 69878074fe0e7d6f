"""Checks of a table's cells: each rule is one question of a column, asked by pandera and answered in our words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from data_access.errors import Problem


@dataclass(frozen=True)
class Rule:
    """One thing that every cell of a column must satisfy.

    check: the column in, one boolean a cell out, True where the cell is fine.
    message, remedy: the sentences for a cell that is not.
    """

    column: str
    check: Callable[[pd.Series], pd.Series]
    message: str
    remedy: str


def problems(frame: pd.DataFrame, rules: Sequence[Rule], file_name: str) -> list[Problem]:
    """Every cell that breaks a rule, once per rule, by line and then in the order of the rules.

    frame: text, index + 2 = line. A rule about a column that the frame does not have is passed over.
    """
    asked = [rule for rule in rules if rule.column in frame]
    if frame.empty or not asked:
        return []
    found = [(asked[number], line) for line, number in sorted(_failures(frame, asked))]
    cells = {column: frame[column].to_dict() for column in {rule.column for rule, _ in found}}
    return [
        Problem(file_name, line + 2, rule.column, str(cells[rule.column][line]), rule.message, rule.remedy)
        for rule, line in found
    ]


def _failures(frame: pd.DataFrame, rules: list[Rule]) -> set[tuple[int, int]]:
    """(index, number of the rule) of every failure."""
    import pandera.pandas as pa  # here, since it takes a second to load and most sessions import no file

    checks: dict[str, list[pa.Check]] = {}
    for number, rule in enumerate(rules):
        # `error` carries the rule's number through pandera and back.
        made = pa.Check(rule.check, error=str(number), ignore_na=False)
        checks.setdefault(rule.column, []).append(made)
    schema = pa.DataFrameSchema({column: pa.Column(checks=made) for column, made in checks.items()})
    try:
        schema.validate(frame[list(checks)], lazy=True)
    except pa.errors.SchemaErrors as refused:
        cases = refused.failure_cases
        unexpected = cases["index"].isna()
        if unexpected.any():  # a check that raised, or gave no answer per cell: a fault of ours, not of the file
            raise ValueError(f"a rule failed in itself: {cases.loc[unexpected, 'check'].iloc[0]}") from refused
        return {(int(line), int(number)) for line, number in zip(cases["index"], cases["check"], strict=True)}
    return set()
