"""Links between places: the matrix, the map as a figure and as a deck, and the ladder's intervals."""

import json

import pandas as pd

from charts.counted_bars import Counted, counted_bars
from charts.links_map import POINTED_AT, deck, links_map
from charts.maps import view_for
from charts.shared_matrix import shared_matrix
from tests.charts.chart_frames import CONTEXT
from tests.charts.test_evidence_charts import drawn

ROWS = [("N", "North"), ("S", "South"), ("E", "East")]
COLUMNS = [(code, name, code) for code, name in ROWS]
SQUARE = {"type": "Polygon", "coordinates": [[[-2.0, 51.0], [-2.0, 53.0], [0.0, 53.0], [0.0, 51.0], [-2.0, 51.0]]]}
FEATURES = [{"geometry": SQUARE, "properties": {}}]


def pairs(*rows: tuple[str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["one", "other", "partnerships"])


def test_the_matrix_says_who_shares_most_and_leaves_out_the_place_itself() -> None:
    figure = shared_matrix(pairs(("N", "N", 90), ("N", "S", 4), ("E", "N", 1)), ROWS, COLUMNS, CONTEXT)
    assert figure.headline == "North and South share most: 4 partnerships"
    assert "Most: North and South 4; North and East 1." in figure.alt
    for svg in drawn(figure):
        assert svg.count(">–<") == 4, "East and South, and those two alone, share nothing"
    assert figure.table.set_index("Place").loc["South"].tolist() == [4, 0, 0]
    tied = shared_matrix(pairs(("N", "S", 1), ("E", "N", 1)), ROWS, COLUMNS, CONTEXT)
    assert tied.headline == "Two of these places share at most 1 partnership"
    none = shared_matrix(pairs(("N", "N", 2)), ROWS, COLUMNS, CONTEXT)
    assert none.headline == "No partnership joins two of these places"


def test_the_map_draws_each_pair_once() -> None:
    links = pairs(("N", "S", 4), ("E", "N", 1)).assign(
        one_name=["<b>North</b>", "East"],
        other_name=["South", "North"],
        from_x=[-1.0, 0.0],
        from_y=[52.0, 52.0],
        to_x=[-1.5, -1.0],
        to_y=[51.0, 52.0],
    )
    figure = links_map(links, FEATURES, CONTEXT, alone=1)
    assert figure.headline == "<b>North</b> and South share most: 4 partnerships"
    assert "1 partnership has members in one authority only." in figure.notes
    drawn(figure)
    assert figure.table["Partnerships shared"].tolist() == [4, 1]
    view = view_for((-2.0, 51.0, 0.0, 53.0), 330, 430)
    told = json.loads(deck("/outlines", FEATURES, links, view).to_json())
    sides = next(layer for layer in told["layers"] if layer["id"] == "outlines")["data"]
    assert len({str(sorted(side.values())) for side in sides}) == len(sides), "a side of two regions is drawn once"
    arcs = next(layer for layer in told["layers"] if layer["id"] == "links")
    assert [row["says"] for row in arcs["data"]] == [
        "East and North: 1 partnership",
        "<b>North</b> and South: 4 partnerships",
    ]
    assert "http" not in json.dumps(told["layers"]), "nothing comes from elsewhere"
    assert arcs["@@type"] == "ArcLayer"
    many = pd.concat([links] * (POINTED_AT // len(links) + 1))
    told_of_many = json.loads(deck("/outlines", FEATURES, many, view).to_json())
    lines = next(layer for layer in told_of_many["layers"] if layer["id"] == "links")
    assert (lines["@@type"], len(lines["data"]), lines["pickable"]) == ("LineLayer", len(many), False)
    assert "html" not in told.get("tooltip", {}), "names are shown as text"
    drawn(links_map(links.head(0), FEATURES, CONTEXT, alone=0))


def test_shares_have_their_intervals() -> None:
    rows = [Counted("2011/12", "Know of it", 8, 10, interval=(49.0, 94.3)), Counted("2010/11", "Know of it", 1, 10)]
    figure = counted_bars(rows, CONTEXT, finding="80% know of it", measure="Ladder", what="ladder")
    drawn(figure)
    assert figure.table["95% interval"].iloc[0] == "49.0% to 94.3%"
    assert "2011/12, Know of it 8 (80%); 2010/11, Know of it 1 (10%)." in figure.alt
