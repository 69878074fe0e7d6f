"""The partnership register as it stands on a day: who works with whom then, and since when nothing was heard.

Frames are those of the register's sheets; days are dates, None where there is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from measures.evidence import bearing_on
from measures.partnership_words import LEAD


@dataclass(frozen=True)
class Register:
    """The sheets of the register as on a day, of the partnerships that bear on one place.

    partnerships: code, the register's columns, near (measures.evidence.NEARNESS), going (bool), lead (a name, '' where
    none leads), members and schools (how many now), last_held (the latest activity's day or None). The other frames
    are those sheets with what had happened by then; members have going (bool) and called (a name).
    """

    day: date
    partnerships: pd.DataFrame
    members: pd.DataFrame
    activities: pd.DataFrame
    outputs: pd.DataFrame
    impacts: pd.DataFrame
    challenges: pd.DataFrame
    engagement: pd.DataFrame
    health_checks: pd.DataFrame


def on(sheets: Mapping[str, pd.DataFrame], day: date, area: str, within: Mapping[str, str]) -> Register:
    """The register on a day, of the partnerships that had begun by then and bear on an area.

    sheets: a sheet's code → its rows; members with called. within: a code → that of the area it lies in.
    """
    whole = sheets["partnerships"]
    whole = bearing_on(whole[whole["began"] <= day], area, within)
    codes = set(whole["code"])

    def until(sheet: str, column: str) -> pd.DataFrame:
        rows = sheets[sheet]
        return rows[rows["partnership"].isin(codes) & (rows[column] <= day)]

    members, activities = until("members", "joined"), until("activities", "held_on")
    over = dict(zip(whole["code"], [ended is not None and ended <= day for ended in whole["ended"]], strict=True))
    members = members.assign(
        going=[
            (left is None or left > day) and not over[code]
            for left, code in zip(members["left"], members["partnership"], strict=True)
        ]
    )
    now = members[members["going"].astype(bool)]
    leads = now.loc[now["role"] == LEAD, ["partnership", "called"]].drop_duplicates("partnership")
    lead = dict(leads.itertuples(index=False, name=None))
    counts = now.groupby("partnership")["organisation"].nunique()
    schools = now[now["kind"] == "school"].groupby("partnership")["organisation"].nunique()
    # Python's days, whose latest pandas finds one by one: by their order it takes a tenth of the time.
    held = activities[["partnership", "held_on"]].sort_values("held_on")
    last = dict(held.itertuples(index=False, name=None))
    engagement = sheets["engagement"]
    code = whole["code"]
    whole = whole.assign(
        going=[not over[each] for each in code],
        lead=pd.Series([lead.get(each, "") for each in code], index=whole.index, dtype=object),
        members=code.map(counts).fillna(0).astype(int),
        schools=code.map(schools).fillna(0).astype(int),
        last_held=pd.Series([last.get(each) for each in code], index=whole.index, dtype=object),
    )
    return Register(
        day,
        whole.reset_index(drop=True),
        members,
        activities,
        until("outputs", "made_on"),
        until("impacts", "noted_on"),
        until("challenges", "opened_on"),
        engagement[engagement["partnership"].isin(codes)],
        until("health_checks", "held_on"),
    )
