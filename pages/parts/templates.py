"""Templates: an empty file to fill in, with the places already in it."""

import pandas as pd
import streamlit as st

from data_access import access, values
from data_access.engine import get_engine, reading
from data_access.files import targets, template
from data_access.files.spreadsheets import csv_bytes
from exports.views import data
from pages.parts import filters, take

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def view() -> None:
    """Choose an indicator and take its template; or the one for targets."""
    st.header("No file yet? Begin with a template")
    known = data.reference(data.current_version())
    about = {row["code"]: row for row in known.indicators.to_dict("records")}
    left, middle, right = st.columns([2, 1, 2])
    with left:
        titles = {
            code: f"{row['outcome']} {row['short_title']}" if row["outcome"] else str(row["short_title"])
            for code, row in about.items()
        }
        code = st.selectbox("Indicator", list(titles), format_func=lambda code: titles[code], key="template_of")
    row, la = about[code], None
    with right:
        if row["collected_from"] == "school":
            la = _authority(known)
    with middle:
        periods = _period(known, str(row["frequency"]))
    stem = "_".join(part for part in (code, la, "template") if part)
    with st.container(horizontal=True):
        kinds = (("CSV", template.as_csv, "text/csv"), ("XLSX", template.as_xlsx, XLSX))
        for kind, make, mime in kinds if la or row["collected_from"] != "school" else ():
            take.download(
                f"Template ({kind})",
                data=lambda make=make: make(row, units(known, row, la), periods),
                file_name=f"{stem}.{kind.lower()}",
                mime=mime,
                icon=":material/download:",
                key=f"template_{kind}",
                on_click="ignore",
            )
        take.download(
            "Template for targets (CSV)",
            data=lambda: csv_bytes(targets.template(known.of_strategy)),
            file_name="targets_template.csv",
            mime="text/csv",
            icon=":material/download:",
            key="template_targets",
            on_click="ignore",
        )
    st.caption("One row is one figure. Fill in what you have, leave the rest blank, and bring the file in here.")


def _authority(known: data.Reference) -> str | None:
    """Ask for the authority whose schools a template lists; None, and why, where no schools may be seen."""
    seen = data.school_counts(known.version, access.viewer())
    authorities = known.authorities[known.authorities["code"].isin(list(seen))]
    names = dict(zip(authorities["code"], authorities["name"], strict=True))
    if not names:
        ask = access.ask_whom("CPD_SCHOOLS_OF")
        st.caption(f"Its template lists schools, which are shown to their own officers only: {ask}.")
        return None
    now = filters.shown().la
    return st.selectbox(
        "Local authority, for its schools", list(names), index=list(names).index(now) if now in names else 0,
        format_func=lambda la: names[la], key="template_la",
    )  # fmt: skip


def _period(known: data.Reference, frequency: str) -> list[str]:
    """Ask for the period to fill in, which begins with the sidebar's; [] where there is none of the frequency."""
    now, offered = filters.shown().period, known.periods[known.periods["kind"] == frequency].iloc[::-1]
    labels = dict(zip(offered["code"], offered["label"], strict=True))
    if not labels:
        return []
    begin = fitting_period(list(labels), now)
    chosen = st.selectbox(
        "Period to fill in",
        list(labels),
        index=list(labels).index(begin),
        format_func=lambda code: labels[code],
        key=f"template_period_{frequency}_{now}",
    )
    return [chosen]


def fitting_period(offered: list[str], shown: str) -> str:
    """The period that is shown, else one of the same academic year, else the first; offered: newest first."""
    year = shown.partition(" ")[0]
    return shown if shown in offered else next((code for code in offered if code.startswith(year)), offered[0])


def units(known: data.Reference, about: dict, la: str | None) -> pd.DataFrame:
    """The places or schools that a template lists: code, name. Raises NotAllowed."""
    if about["collected_from"] == "school" and la is not None:
        access.viewer().check(la, known.authorities.set_index("code")["name"][la])
        with reading(get_engine()) as connection:
            schools = values.school_values(connection, about["code"], la_code=la)
        return schools.drop_duplicates("area_code").rename(columns={"area_code": "code", "area": "name"})[
            ["code", "name"]
        ]
    places = known.authorities[["code", "name"]]
    if about["scope"] != "England":
        places = known.authorities.loc[known.authorities["region"] == about["scope"], ["code", "name"]]
    if about["collected_from"] == "published":
        england = pd.DataFrame({"code": ["E92000001"], "name": ["England"]})
        return pd.concat([england, known.regions[["code", "name"]], places], ignore_index=True)
    return places
