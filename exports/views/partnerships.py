"""Partnerships: the register as it bears on a place at the end of a period, kept by the number of the edit."""

import pandas as pd

from data_access.engine import get_engine, reading
from data_access.partnerships import entries
from data_access.partnerships.checks import Known, known
from data_access.partnerships.fields import BY_CODE
from data_access.periods import last_day
from exports.kept import kept
from exports.shown import Shown
from exports.views import data
from exports.views.evidence import edit_shown, within
from measures import partnership_state, words
from measures.evidence import NEARNESS
from measures.partnership_state import Register


@kept(4)
def there(version: int) -> Known:
    """The names of areas, authorities, schools and school years at a data version."""
    with reading(get_engine()) as connection:
        return known(connection)


@kept(14)
def sheet(code: str, number: int, version: int) -> pd.DataFrame:
    """Every row of a sheet as it stood after an edit: data_access.partnerships.entries.rows; members with called."""
    with reading(get_engine()) as connection:
        rows = entries.rows(connection, BY_CODE[code], number)
    if code != "members":
        return rows
    names = there(version)
    called = [names.called(kind, made) for kind, made in zip(rows["kind"], rows["organisation"], strict=True)]
    return rows.assign(called=called)


def register(now: Shown) -> Register:
    """What bears on the chosen area, as at the end of the period: measures.partnership_state.Register."""
    return _register(now.version, now.period, now.area_code, edit_shown(now.version))


@kept(30)
def _register(version: int, period: str, area: str, number: int) -> Register:
    position = data.reference(version).periods.set_index("code")["position"][period]
    sheets = {code: sheet(code, number, version) for code in BY_CODE}
    return partnership_state.on(sheets, last_day(float(position)), area, within(version))


def summary(now: Shown) -> str:
    """'12 partnerships bear on Camden: 9 about it as a whole and 3 about a wider area; 10 go on'."""
    found = register(now).partnerships
    near = found["near"].value_counts()
    said = [f"{near[code]} {text}" for code, text in NEARNESS.items() if code in near]
    bears = f"{words.plural(len(found), 'partnership bears', 'partnerships bear')} on {now.area}"
    return f"{bears}: {words.joined(said)}; {int(found['going'].sum())} go on" if len(found) else bears
