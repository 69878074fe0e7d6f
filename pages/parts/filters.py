"""The shared filters: in the sidebar of every page, in the address, kept across pages, Back and reload.

In the address they stand as people read them (?la=Camden); codes and other spellings are understood on arrival, and
what is not understood falls back with a line that says so.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType

import pandas as pd
import streamlit as st

from data_access.errors import NotAllowed, UnknownCode
from exports.shown import ALL_AUTHORITIES, ALL_REGIONS, PHASES, Choices, Shown, choices
from exports.shown import shown as shown_from
from exports.views import data
from measures import words
from pages.parts import plain
from pages.parts.serving import wait_until_ready


def shown() -> Shown:
    """What the sidebar of this run says."""
    return st.session_state["shown"]


def _corrected(key: str, labels: list[str], names: dict[str, str], what: str, fallback: str) -> dict[str, str | None]:
    """What a parameter of the address should say instead: {} where it is right, None where it is not understood.

    What is not understood is also said, in a notice.
    """
    given = st.query_params.get(key)
    if given is None or given in labels:
        return {}
    found = names.get(given.strip().lower())
    if found is None:
        said = given if len(given) <= 40 else f"{given[:40]}…"
        st.session_state.setdefault("notices", []).append(
            f"“{plain.unmarked(said)}” is not a known {what}; {fallback} is shown."
        )
    return {key: found}


def _redirect(corrected: dict[str, str | None]) -> None:
    """Correct the address and begin again, before a widget has taken what it said."""
    if not corrected:
        return
    for key, label in corrected.items():
        if label is None:
            del st.query_params[key]
        else:
            st.query_params[key] = label
    st.rerun()


def understand(
    key: str, labels: list[str], what: str, fallback: str, codes: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Correct a parameter of one page's own, however it is spelt, before its widget takes it.

    codes: what else it may be called, as code → label.
    """
    if key not in st.session_state:
        names = {label.lower().replace(" ", gap): label for label in labels for gap in " -_"}
        names |= {code.lower(): label for code, label in codes.items()}
        _redirect(_corrected(key, labels, names, what, fallback))


def _arrive(known: Choices, version: int) -> None:
    """On the first run of a session, understand the address: codes and other spellings, and an authority's region."""
    if "shown" in st.session_state:
        return
    corrected = {
        **_corrected("period", list(known.periods), known.names["period"], "period", known.first_period),
        **_corrected("region", [ALL_REGIONS, *known.regions], known.names["region"], "region", "all England"),
        **_corrected(
            "la", [ALL_AUTHORITIES, *known.authorities], known.names["la"], "local authority", "every authority"
        ),
        **_corrected("phase", list(PHASES), known.names["phase"], "phase", "every phase"),
        **_corrected("staff_group", list(known.groups), known.names["staff_group"], "staff group", "all staff"),
    }
    school = st.query_params.get("school")
    if school and "la" not in st.query_params:
        corrected |= _home(version, school.strip())
    named = corrected.get("la")
    if named in known.aliases:
        corrected["la"], line = known.aliases[named]
        if line:
            st.session_state.setdefault("notices", []).append(line)
    # An address that names an authority means its region, whatever else it says of that.
    region = known.region_of.get(corrected.get("la", st.query_params.get("la")) or "")
    if region is not None and st.query_params.get("region") != region:
        corrected["region"] = region
    _redirect(corrected)


def _home(version: int, urn: str) -> dict[str, str | None]:
    """What an address that names a school alone means: its authority; no school, which is said, where it is refused."""
    try:
        home = data.authority_of_school(version, urn)
    except NotAllowed as error:
        st.session_state.setdefault("notices", []).append(plain.unmarked(str(error)))
        return {"school": None}
    return {"la": home} if home else {}


def forget_notices() -> None:
    """Away with what was said of the address; for callbacks."""
    st.session_state["notices"] = []


def _authority_chosen(region_of: dict[str, str], aliases: dict[str, tuple[str, str]]) -> None:
    forget_notices()
    chosen = st.session_state["la"]
    if chosen in aliases:
        chosen, line = aliases[chosen]
        st.session_state["la"] = chosen
        st.session_state["notices"] = [line] if line else []
    if chosen in region_of:
        st.session_state["region"] = region_of[chosen]


def _region_chosen(region_of: dict[str, str]) -> None:
    forget_notices()
    if region_of.get(st.session_state.get("la", ""), st.session_state["region"]) != st.session_state["region"]:
        st.session_state["la"] = ALL_AUTHORITIES


def _widen(region: str) -> None:
    forget_notices()
    st.session_state["la"], st.session_state["region"] = ALL_AUTHORITIES, region


def _wider(region: str, la: str, region_of: dict[str, str]) -> None:
    """One step from an authority to its whole region, and from either to England."""
    if region == ALL_REGIONS and la not in region_of:
        return
    with st.container(horizontal=True, key="wider"):
        if la in region_of:
            whole = region_of[la]
            _widening(f"All of {whole}", "whole_region", whole)
        _widening("England", "whole_england", ALL_REGIONS)


def _widening(label: str, key: str, region: str) -> None:
    st.button(label, type="tertiary", icon=":material/arrow_upward:", key=key, on_click=_widen, args=(region,))


def choose(region: str | None = None, la: str | None = None) -> None:
    """Choose a place from elsewhere (a map, a table), by code; for callbacks, before the widgets are drawn."""
    known = data.reference(st.session_state["shown"].version)
    if la is not None:
        row = known.authorities.set_index("code").loc[la]
        st.session_state["la"], st.session_state["region"] = row["name"], row["region"]
    elif region is not None:
        st.session_state["region"] = known.regions.set_index("code").loc[region, "name"]
        st.session_state["la"] = ALL_AUTHORITIES
    forget_notices()


def _version() -> int:
    """The data version to show: the one that ?as_at= names (a number or a date), else the current one."""
    wait_until_ready()
    current = data.current_version()
    given = (st.session_state.get("as_at") or st.query_params.get("as_at") or "").strip()
    chosen, fault = current, ""
    if given:
        try:
            chosen = data.version_at(given)
            fault = f"{given} is in the future. What counts now is shown." if _in_future(given) else ""
        except UnknownCode as error:
            fault = f"{plain.unmarked(str(error))} What counts now is shown."
    st.session_state["looking_back"] = chosen != current
    st.session_state["as_at_fault"] = fault
    return chosen


def _in_future(given: str) -> bool:
    """Whether it is a date after today, in UTC."""
    try:
        return date.fromisoformat(given) > datetime.now(UTC).date()
    except ValueError:
        return False


def look_at_now() -> None:
    """Show what counts now again; for callbacks."""
    st.session_state["as_at"] = ""


def sidebar() -> None:
    """Draw the filters and remember what they say for this run."""
    version = _version()
    known = choices(version)
    region_of, region_labels = known.region_of, [ALL_REGIONS, *known.regions]
    _arrive(known, version)

    with st.sidebar:
        period = st.selectbox(
            "Period",
            list(known.periods),
            index=list(known.periods.values()).index(known.first_period),
            key="period",
            bind="query-params",
            on_change=forget_notices,
        )
        region = st.selectbox(
            "Region", region_labels, key="region", bind="query-params", on_change=_region_chosen, args=(region_of,)
        )
        # The region's own come first; any other can still be found by typing, and brings its region with it.
        there = sorted(region_of, key=lambda name: region_of[name] != region)
        la = st.selectbox(
            "Borough or local authority",
            [ALL_AUTHORITIES, *there, *known.aliases],
            key="la",
            bind="query-params",
            on_change=_authority_chosen,
            args=(region_of, known.aliases),
            filter_mode="contains",
            help="Type part of a name, a former name, or a code.",
        )
        _wider(region, la, region_of)
        phase = st.selectbox("Phase", list(PHASES), key="phase", bind="query-params", on_change=forget_notices)
        staff = st.selectbox(
            "Staff group", list(known.groups), key="staff_group", bind="query-params", on_change=forget_notices
        )

        asked = bool(st.session_state.get("as_at") or st.query_params.get("as_at"))
        with st.expander("Look back", expanded=asked, key="look_back", type="compact"):
            st.text_input(
                "As it stood on",
                key="as_at",
                bind="query-params",
                placeholder="2012-03-31 or 12",
                help="A date or a data version; the Data page lists them.",
            )

    st.session_state["shown"] = shown_from(version, period=period, region=region, la=la, phase=phase, staff=staff)


def line(*, coverage: str = "", what: str = "", place: str | None = None) -> str:
    """What the page shows, in words: place (the sidebar's by default), period, staff, phase, coverage, data version."""
    now, known = shown(), data.reference(shown().version)
    parts = [what, place or now.area, now.period_label, now.staff_label]
    if now.phase != "all":
        parts.append(f"{now.phase} schools")
    parts += [coverage, f"data version {now.version}, {day(known.made_at)}"]
    return " · ".join(part for part in parts if part)


def day(moment: pd.Timestamp) -> str:
    """'3 March 2012'."""
    return words.day(moment)


def indicator_labels(version: int) -> tuple[dict[str, str], dict[str, str]]:
    """Every indicator's label → its code, in order; and anything an address may call it, in lower case → its label."""
    known = data.reference(version).indicators
    labels = {
        f"{row.outcome} {row.short_title}" if row.outcome else row.short_title: row.code for row in known.itertuples()
    }
    names = {name.lower(): label for label, code in labels.items() for name in (code, label, label.partition(" ")[2])}
    return labels, names


def indicator() -> str:
    """The indicator chosen on a page that shows one; in the address as ?indicator=."""
    labels, names = indicator_labels(shown().version)
    first = next(iter(labels))
    if "indicator" not in st.session_state:
        _redirect(_corrected("indicator", list(labels), names, "indicator", first))
    chosen = st.selectbox(
        "Indicator",
        list(labels),
        key="indicator",
        bind="query-params",
        on_change=forget_notices,
        help="Type part of its name.",
    )
    return labels[chosen]


def _from_list(key: str, codes: list[str]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if rows:
        choose(la=codes[rows[0]])


def authority_list() -> None:
    """The authorities of the chosen region, or all, as a table whose rows choose one."""
    known, now = data.reference(shown().version), shown()
    there = (
        known.authorities if now.region is None else known.authorities[known.authorities["region_code"] == now.region]
    )
    st.dataframe(
        there[["name", "code", "ons_code", "region"]].rename(
            columns={"name": "Local authority", "code": "DfE code", "ons_code": "ONS code", "region": "Region"}
        ),
        hide_index=True,
        key="authority_list",
        on_select=lambda: _from_list("authority_list", there["code"].tolist()),
        selection_mode="single-row",
        height=560,
        alt="Local authorities, one of which can be chosen",
    )
