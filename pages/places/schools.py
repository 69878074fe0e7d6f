"""Schools: which schools of my authority should I talk to?"""

from datetime import date
from functools import partial

import streamlit as st

from exports import chase
from measures import words
from pages.parts import filters, frame, one_school, plain, school_list, schools, show, take, whence

now = filters.shown()

if now.la is None:
    st.title("Which schools should I talk to?")
    st.caption(filters.line())
    st.info("Choose a borough or local authority in the sidebar, or from this list.", icon=":material/school:")
    filters.authority_list()
    raise frame.Enough

st.title(f"Which schools in {now.la_name} should I talk to?")
schools.check(now)
frame.only_our_downloads()
urn = school_list.chosen(now)
st.caption(filters.line(coverage=schools.words_of(now)))

if schools.overview(now).empty:
    st.info(
        f"No school in {now.la_name} owes a return for {now.period_label}: nothing was collected from schools of this "
        "phase for this period and staff group. Choose another period, phase or staff group."
    )
else:
    found = school_list.filtered(now)
    school_list.map_and_table(now, found, urn)

st.header("One school")
school_list.choice(now, urn)
if urn is None:
    st.caption("Choose a school here, in the table or on the map.")
else:
    st.markdown(f"**{plain.escaped(one_school.sentence(now, urn))}**")
    owed = one_school.unanswered(now, urn)
    if owed:
        st.markdown("Not answered:\n" + "\n".join(f"- {name}: {words.joined(titles)}" for name, titles in owed.items()))
    rows = partial(schools.behind, now, urn)
    show.figure(one_school.sheet(now, urn), "sheet", version=now.version, level=3, rows=rows)
    indicator = filters.indicator()
    over_time = one_school.over_time(now, urn, indicator)
    if over_time is None:
        st.info("This indicator is not collected from this school for this staff group. Choose another one.")
    else:
        rows = partial(schools.behind, now, urn, indicator)
        show.figure(over_time, "school_over_time", version=now.version, level=3, rows=rows)

owing = schools.to_chase(now)
st.header("Schools to chase")
if owing.empty:
    st.markdown("No school: every return that is due is in.")
else:
    st.caption(
        f"{words.plural(len(owing), 'school owes', 'schools owe')} "
        f"{words.plural(int(owing['Missing'].sum()), 'return')} for {now.period_label}."
    )
    st.dataframe(
        owing[["School", "Missing", "Due", "Missing returns", "Phase", "Cluster", "URN"]],
        hide_index=True,
        height=min(520, school_list.ROW * (len(owing) + 1) + 3),
        column_config={
            "School": st.column_config.TextColumn(pinned=True, width=190),
            "Missing returns": st.column_config.TextColumn(width=430),
        },
        alt=f"Schools of {now.la_name} that owe returns",
    )
    whence.button("chase", now.version, schools.behind, now)
    take.download(
        f"Schools to chase in {now.la_name} (XLSX)",
        data=lambda: schools.chase_file(now, date.today().isoformat()),
        file_name=chase.file_name(str(now.la_name), now.period_label),
        mime=chase.MIME,
        icon=":material/download:",
        on_click="ignore",
    )
