"""A meeting whose agenda has one view of each kind, for tests of the pack."""

from datetime import date

from sqlalchemy import Engine

from data_access import meetings

HELD = date(2012, 11, 7)
TITLE = "Advisory group, all views"
GONE = "A view of what went"
NOTE = "Say what it means for {}."
ALL = "&period=2011/12"
CAMDEN = f"{ALL}&region=London&la=Camden"
BESIDE = f"&areas=Camden&areas=London&areas=England&reference=London{ALL}"
# The view's name → its origin, in the order of the agenda.
ORIGINS = {
    "status_heat": f"view=status_heat{ALL}",
    "share_map": f"view=share_map&level=region{ALL}",
    "share_tiles": f"view=share_tiles{ALL}&region=London",
    "value_map": f"view=value_map&level=la&indicator=reviewed{CAMDEN}",
    "value_tiles": f"view=value_tiles&indicator=reviewed{ALL}",
    "ranked": f"view=ranked&level=region&indicator=reviewed{ALL}&region=London",
    "funnel_plot": f"view=funnel_plot&indicator=reviewed{CAMDEN}",
    "gap_over_time": f"view=gap_over_time&indicator=reviewed{ALL}",
    "between_groups": f"view=between_groups&indicator=reviewed&first=teachers&second=support_staff{ALL}",
    "trajectory": f"view=trajectory&indicator=inducted{CAMDEN}",
    "spine_chart": f"view=spine_chart{CAMDEN}",
    "trend_strips": f"view=trend_strips&priority=culture{CAMDEN}",
    "groups_here": f"view=groups_here&first=teachers&second=support_staff{CAMDEN}",
    "overview": f"view=overview&indicators=reviewed&indicators=inclusive_policy{BESIDE}",
    "ranking": f"view=ranking&indicator=reviewed{BESIDE}",
    "by_area": f"view=by_area&indicator=reviewed{BESIDE}",
    "by_indicator": "view=by_indicator&indicators=reviewed&indicators=inducted&areas=Camden&areas=London&areas=Kent"
    f"&focus=Camden{ALL}",
    "plan_timeline": f"view=plan_timeline{ALL}",
    "evidence_matrix": f"view=evidence_matrix{ALL}",
    "case_map": f"view=case_map{ALL}",
    "outcome_rows": f"view=outcome_rows&outcome=1b{ALL}",
    "many": f"view=ranked&level=la&indicator=cost_per_participant_day{ALL}",
    "many_in_london": f"view=ranked&level=la&indicator=reviewed{CAMDEN}",
}


def hold(engine: Engine) -> int:
    """Plan the meeting, pin its views and one that cannot be made; returns its number."""
    number = meetings.plan_meeting(engine, {"title": TITLE, "held_on": HELD, "place": "Leeds"}, "Lead")
    for name, origin in ORIGINS.items():
        meetings.pin(engine, number, origin, "Lead", note=NOTE.format(name), presenter="Ofsted")
    meetings.pin(engine, number, f"view=ranked&level=la&indicator=gone{ALL}", "Lead", headline=GONE, note="It went.")
    meetings.decide(engine, number, "decision", "Look again in spring.", "Lead")
    meetings.decide(engine, number, "action", "Write to authorities.", "Lead", owner="ADCS", due=date(2012, 12, 3))
    return number
