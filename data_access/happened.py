"""What went wrong here and what became of imports, a word each, for whoever counts; nothing of what was asked for.

Loads nothing: who counts listens before this room is loaded.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

PROBLEM: Final = "database problem"
IMPORT: Final = "import"
_heard_by: list[Callable[[str, str], None]] = []


def are_heard_by(hear: Callable[[str, str], None]) -> None:
    """Say who counts: hears what happened (PROBLEM or IMPORT) and how."""
    _heard_by[:] = [hear]


def tell(what: str, how: str) -> None:
    """Tell who counts."""
    for hear in _heard_by:
        hear(what, how)


@contextmanager
def an_import(*, counts: bool = True) -> Iterator[None]:
    """Around what brings a file in: tells whether it was done, refused, cancelled or failed. counts: not a dry run."""
    from data_access.errors import ImportCancelled, ImportRefused

    how = "failed"
    try:
        yield
        how = "done"
    except (ImportCancelled, ImportRefused) as error:
        how = "refused" if isinstance(error, ImportRefused) else "cancelled"
        raise
    finally:
        if counts:
            tell(IMPORT, how)
