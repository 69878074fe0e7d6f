"""What the database knows of places, made from the files of the seed without a database."""

import pandas as pd

from data_access.places import Change, Places, names_of
from data_access.settings import PROJECT

GEOGRAPHY = PROJECT / "seed_data" / "geography"


def authorities() -> pd.DataFrame:
    """The 152 authorities: old_la_code, new_la_code, la_name, region_code and more, as text."""
    return pd.read_csv(GEOGRAPHY / "local_authorities_2009.csv", dtype=str, keep_default_na=False)


def known_places() -> Places:
    """The 152 authorities, what became of them, and the nine regions."""
    held = authorities()
    changes = pd.read_csv(GEOGRAPHY / "local_authority_changes.csv", dtype=str, keep_default_na=False)
    return Places(
        la_codes=frozenset(held["old_la_code"]),
        la_by_ons=dict(zip(held["new_la_code"], held["old_la_code"], strict=True)),
        la_by_name=names_of(zip(held["la_name"], held["old_la_code"], strict=True)),
        changes=tuple(
            Change(
                row["effective"],
                row["from_old_la_code"],
                row["from_new_la_code"],
                row["from_name"],
                row["to_old_la_code"],
                row["to_new_la_code"],
                row["to_name"],
                row["kind"],
            )
            for row in changes.to_dict("records")
        ),
        regions=frozenset(held["region_code"]),
    )
