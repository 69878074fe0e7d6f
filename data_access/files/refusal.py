"""What files of every kind are refused for alike: a header that names no table, formulas, cells without a column."""

from collections import Counter

from data_access.errors import ImportRefused, Problem

MAX_COLUMNS = 1_000
FORMULA_SIGNS = ("=", "@")
SAVE_AS_CSV = "Save the table as CSV UTF-8."


def refused(
    name: str, row: int | None, message: str, remedy: str, value: str | None = None, column: str | None = None
) -> ImportRefused:
    """A refusal for one reason."""
    return ImportRefused([Problem(name, row, column, value, message, remedy)])


def formula(name: str, row: int, column: str, value: str) -> Problem:
    """A cell that would be computed when a spreadsheet opens it."""
    return Problem(name, row, column, value[:60], "this cell holds a formula.", "Save the values, not the formulas.")


def nameless(name: str, row: int, number: int, value: str) -> Problem:
    """A value under a column that the header does not name; number: 1 is the first column."""
    message = "this cell stands under a column without a name."
    return Problem(name, row, str(number), value[:60], message, "Name the column or empty the cell.")


def too_many_columns(name: str, row: int, found: str) -> ImportRefused:
    """A table wider than any that is taken here."""
    message = f"the file has {found} columns, and at most {MAX_COLUMNS:,} are taken."
    return refused(name, row, message, "Keep the columns that are needed.")


def check_header(name: str, row: int, cells: list[str]) -> list[str]:
    """The names of the columns: the trimmed cells without the blank ones at the end.

    Raises ImportRefused with every name that is blank, doubled, a formula, or begins with a stray quotation mark.
    """
    if len(cells) > MAX_COLUMNS:
        raise too_many_columns(name, row, f"{len(cells):,}")
    while cells and cells[-1] == "":
        cells = cells[:-1]
    if len(cells) < 2:
        message = "there is no header of two or more columns."
        raise refused(name, row, message, "Save the file as comma-separated CSV.")
    problems = []
    for number, cell in enumerate(cells, start=1):
        if cell == "":
            problems.append(Problem(name, row, str(number), None, "this column has no name.", "Name or remove it."))
        elif cell.startswith('"'):
            message = "this column's name begins with a quotation mark."
            problems.append(Problem(name, row, cell[:60], None, message, "Mend the quotation marks in the header."))
        elif cell.startswith(FORMULA_SIGNS):
            problems.append(formula(name, row, str(number), cell))
    for cell, times in sorted(Counter(cells).items()):
        if cell and times > 1:
            message = "this column stands twice in the header."
            problems.append(Problem(name, row, cell[:60], None, message, "Rename or remove one of them."))
    if problems:
        raise ImportRefused(problems)
    return cells
