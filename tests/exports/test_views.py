"""Every figure can be made again from what it says of itself; a view that names what is not known is refused."""

from dataclasses import replace

import pyarrow as pa
import pytest

from charts.figure import Figure
from data_access.errors import UnknownCode
from exports import kept, shown
from exports.shown import Shown
from exports.views import (
    built,
    compared,
    comparisons,
    data,
    evidence,
    figures,
    partnership_findings,
    partnership_lasting,
    partnership_networks,
    partnership_progress,
    plan,
    priorities,
    registry,
    tiles,
    university_findings,
)
from measures import sentences
from tests.aside import put_aside, put_back
from tests.exports.conftest import read_frames

pytestmark = pytest.mark.usefixtures("at_small")


def _now(**asked: str) -> Shown:
    return shown.understood(asked, data.current_version())


def _every(now: Shown) -> dict[str, Figure | None]:
    areas = ("Camden", "London", "England")
    return {
        "status_heat": figures.status_heat(now),
        "share_map": figures.share_map(now, "region"),
        "share_tiles": tiles.share_tiles(now),
        "value_tiles": tiles.value_tiles(now, "reviewed"),
        "value_map": comparisons.value_map(now, "la", "reviewed"),
        "ranked": comparisons.ranked(now, "la", "reviewed"),
        "funnel_plot": comparisons.funnel_plot(now, "reviewed"),
        "gap_over_time": comparisons.gap_over_time(now, "reviewed"),
        "between_groups": comparisons.between_groups(now, "reviewed", "teachers", "support_staff"),
        "trajectory": comparisons.trajectory(now, "reviewed"),
        "spine_chart": comparisons.spine_chart(now),
        "trend_strips": comparisons.trend_strips(now, "culture"),
        "groups_here": comparisons.groups_here(now, "teachers", "support_staff"),
        "overview": compared.overview(now, areas, ("reviewed", "inclusive_policy"), "London"),
        "ranking": compared.ranking(now, areas, "reviewed", "London"),
        "by_area": compared.by_area(now, areas, "reviewed", "London"),
        "plan_timeline": plan.plan_timeline(now, None, "coherence", "late", "2"),
        "outcome_rows": priorities.outcome_rows(now, "1b"),
        "evidence_matrix": evidence.evidence_matrix(now),
        "impact_matrix": partnership_findings.impact_matrix(now, "schools"),
        "challenge_states": partnership_findings.challenge_states(now),
        "case_map": evidence.case_map(now, "coaching_and_mentoring", "coherence"),
        "set_up_to_last": partnership_lasting.set_up_to_last(now),
        "partnerships_last": partnership_lasting.partnerships_last(_now()),
        "engagement_ladder": partnership_networks.engagement_ladder(_now()),
        "networks_meet": partnership_networks.networks_meet(now),
        "shared_partnerships": partnership_networks.shared_partnerships(now),
        "partnership_links": partnership_networks.partnership_links(now),
        "with_and_without": partnership_progress.with_and_without(_now()),
        "programme_fees": university_findings.programme_fees(_now()),
        "programme_savings": university_findings.programme_savings(_now()),
        "programme_completion": university_findings.programme_completion(_now()),
        "completion_cost": university_findings.completion_cost(_now()),
        "programme_ways": university_findings.programme_ways(now),
        "programme_themes": university_findings.programme_themes(now),
        "built": built.built(now, kind="bars", groups=("teachers", "support_staff"), title="Ours", size="web"),
        "by_indicator": compared.by_indicator(now, areas, ("reviewed",), "Camden"),
    }


def _told(sent: pa.Table | None) -> list[dict]:
    """The rows that a browser is sent for a chart; what is missing is left out of them."""
    rows = [] if sent is None else sent.to_pylist()
    return [{name: cell for name, cell in row.items() if cell is not None} for row in rows]


def test_every_view_is_made_again_from_its_own_words() -> None:
    now = _now(la="202", phase="primary")
    kept.forget()
    for phase in ("primary", "all"):
        read_frames(now.version, groups=("all", "teachers", "support_staff"), phase=phase)
    frames = put_aside()
    made = _every(now)
    assert set(made) == set(registry.all_views())
    for name, figure in made.items():
        assert figure is not None, name
        assert f"view={name}&" in figure.origin
        assert _told(figure.rows) == figure.spec.get("data", {}).get("values", []), name
        assert _told(figure.dark_rows) == figure.dark.get("data", {}).get("values", []), name
        put_back(frames)
        again = registry.again(figure.origin, now.version)
        assert again is not None
        assert again.spec == figure.spec, name
        assert replace(again, twin=figure.twin, spec=figure.spec) == figure, name


def test_a_figure_leads_to_the_page_that_shows_it() -> None:
    ranked = comparisons.ranked(_now(region="London", staff_group="teachers"), "la", "reviewed")
    assert registry.link(ranked.origin) == (
        "/regions?indicator=reviewed&period=2011/12&region=London&staff_group=Teachers"
    )
    assert registry.link(ranked.origin, 3).endswith("&as_at=3")
    told = evidence.case_map(_now(), None, "coherence")
    assert registry.link(told.origin) == "/evidence?priority=coherence&period=2011/12"
    lasts = partnership_lasting.partnerships_last(_now(), "cpd_leader_network")
    assert lasts is not None
    assert registry.link(lasts.origin) == (
        "/partnerships?show=Does+it+last%3F&partnership_kind=cpd_leader_network&period=2011/12"
    )
    one = compared.ranking(_now(), ("Camden", "Kent"), "reviewed", "Kent")
    assert one is not None
    assert registry.link(one.origin) == (
        "/compare?areas=Camden&areas=Kent&indicator=reviewed&period=2011/12&against=Kent"
    )


def test_england_and_regions_have_their_indicators_on_priorities() -> None:
    path = comparisons.trajectory(_now(region="London"), "reviewed")
    assert registry.link(path.origin) == "/priorities?period=2011/12&region=London&outcome=1b"
    strips = comparisons.trend_strips(_now(), "culture")
    assert registry.link(strips.origin) == "/priorities?priority=culture&period=2011/12"
    path = comparisons.trajectory(_now(la="202"), "reviewed")
    assert registry.link(path.origin) == "/local-authority?indicator=reviewed&period=2011/12&region=London&la=Camden"


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        ("", "not a known kind of chart"),
        ("view=nonsense", "not a known kind of chart"),
        ("view=ranked&level=la&indicator=wizardry", "not a known indicator"),
        ("view=ranked&level=parish&indicator=reviewed", "not a known level"),
        ("view=ranked&indicator=reviewed", "does not say all"),
        ("view=plan_timeline&late=never", "not a known lateness"),
        ("view=plan_timeline&plan=1066", "“1066” is not a known plan version"),
        ("view=case_map&feature=wizardry", "not a known feature"),
        ("view=impact_matrix&impacts=wizards", "not a known level of impact"),
        ("view=partnerships_last&partnership_kind=club", "not a known kind of partnership"),
        ("view=outcome_rows&outcome=9z", "not a known outcome"),
        ("view=status_heat&region=Mordor", "“Mordor” is not a known region"),
        ("view=status_heat&period=1066", "“1066” is not a known period"),
        ("view=overview&areas=Atlantis&indicators=reviewed&reference=England", "not a known area"),
    ],
)
def test_what_is_not_known_is_refused_in_a_sentence(origin: str, said: str) -> None:
    with pytest.raises(UnknownCode, match=said):
        registry.again(origin, data.current_version())


def test_an_address_says_only_what_needs_saying() -> None:
    assert shown.address(_now()) == {"period": "2011/12"}
    now = _now(la="Camden", staff_group="teachers", phase="special", period="2010-11")
    assert shown.address(now) == {
        "period": "2010/11",
        "region": "London",
        "la": "Camden",
        "phase": "Special",
        "staff_group": "Teachers",
    }
    assert _now(**shown.address(now)) == now


def test_a_map_of_a_region_s_authorities_counts_their_returns_alone() -> None:
    london, england = (figures.share_map(now, "la") for now in (_now(region="London"), _now()))
    rows = data.at(data.current_version(), "la", "all", "all", "2011/12")
    own = rows[rows["region_code"] == "E12000007"]
    for figure, counted in ((london, own), (england, rows)):
        assert figure.context is not None
        said = sentences.coverage_words(counted["units"].sum(), counted["expected_units"].sum())
        assert figure.context.coverage_text == said
    assert london.context != england.context
