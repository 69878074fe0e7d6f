"""The evidence register as it comes with the program: invented entries, one edit."""

from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection, insert

from data_access import edits
from data_access.evidence import as_row, checked, known, today
from data_access.places import ENGLAND_CODE
from data_access.register_tables import evidence
from seed_data import reference

HERE = Path(__file__).parent


@lru_cache
def entries() -> list[dict]:
    """The invented entries; areas are names, as the file writes them."""
    return reference.read(HERE / "evidence.yaml")


def fill(connection: Connection) -> None:
    """Enter them, flagged illustrative; the strategy and the geography are there already."""
    authorities = reference.authorities()
    codes = {"England": ENGLAND_CODE} | dict(zip(authorities["region_name"], authorities["region_code"], strict=True))
    codes |= dict(zip(authorities["name"], authorities["code"], strict=True))
    there, usual = known(connection), {"ended": None, "invited": None, "responded": None, "compared": False}
    number = edits.begin(connection, "This program", "Illustrative evidence, invented to show the register at work")
    rows = [
        {"code": f"E{at:02d}", "from_edit": number}
        | as_row(
            checked(
                usual | entry | {"areas": [codes[name] for name in entry["areas"]], "illustrative": True},
                there,
                today(),
            )
        )
        for at, entry in enumerate(entries(), 1)
    ]
    connection.execute(insert(evidence), rows)
