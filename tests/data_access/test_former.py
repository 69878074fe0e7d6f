"""Other names of authorities: former ones, later ones, spellings; each leads to one that is held."""

import pandas as pd
import pytest
from sqlalchemy import Engine

from data_access import former, queries
from data_access.engine import reading


@pytest.fixture
def known(reader: Engine) -> tuple[list[former.Alias], pd.DataFrame, dict[str, str]]:
    """Aliases, changes, and the names of the authorities held."""
    with reading(reader) as connection:
        held = queries.authorities(connection)
        return (
            former.aliases(connection),
            former.changes(connection),
            dict(zip(held["code"], held["name"], strict=True)),
        )


def test_every_alias_leads_to_an_authority_that_is_held(known) -> None:  # type: ignore[no-untyped-def]
    aliases, _, held = known
    assert len(aliases) > 20
    assert {alias.la_code for alias in aliases} <= set(held)
    names = [alias.name for alias in aliases]
    assert len(set(names)) == len(names)
    assert not {name.lower() for name in names} & {name.lower() for name in held.values()}
    codes = [code for alias in aliases for code in alias.codes]
    assert len(set(codes)) == len(codes)
    assert not set(codes) & set(held), "a code of an authority that is held means that authority"


@pytest.mark.parametrize(
    ("code", "held", "line"),
    [
        ("820", "822", "Bedfordshire became Bedford and Central Bedfordshire in April 2009; Bedford is shown."),
        ("942", "909", "Cumberland was part of Cumbria until 2023; Cumbria is shown."),
        (
            "E06000058",
            "837",
            "Bournemouth, Christchurch and Poole was formed in 2019 from Bournemouth, Poole and part of Dorset; "
            "Bournemouth is shown.",
        ),
        ("E08000037", "390", ""),
        ("838", "835", ""),
    ],
)
def test_a_code_of_another_time_says_what_it_stands_for(known, code: str, held: str, line: str) -> None:  # type: ignore[no-untyped-def]
    found = [alias for alias in known[0] if code in alias.codes]
    assert [(alias.la_code, alias.line) for alias in found] == [(held, line)]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("909", "was split into Cumberland and Westmorland and Furness in 2023"),
        ("836", "became part of Bournemouth, Christchurch and Poole in 2019"),
        ("835", "A part of Dorset went to Bournemouth, Christchurch and Poole in 2019"),
        ("815", ""),
        ("202", ""),
    ],
)
def test_what_became_of_an_authority(known, code: str, said: str) -> None:  # type: ignore[no-untyped-def]
    _, changes, held = known
    found = former.became(changes, code, held[code])
    assert said in found
    assert bool(found) == bool(said)
    assert not found or found.endswith("it is shown as it was from 2009 to 2013.")


def test_spellings_are_those_that_a_search_in_the_name_does_not_find(known) -> None:  # type: ignore[no-untyped-def]
    aliases, _, held = known
    spellings = [alias for alias in aliases if not alias.line and not alias.codes]
    assert {"Bath and NES", "Corporation of London"} <= {alias.name for alias in spellings}
    assert all(alias.name.lower() not in held[alias.la_code].lower() for alias in spellings)
