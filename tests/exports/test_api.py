"""The HTTP API: what it answers is what data_access.values says, to those who may see it, or a refusal in words."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine

from data_access.engine import reading, writing
from data_access.settings import settings
from data_access.values import COLUMNS, area_values, school_values
from data_access.versions import next_version
from exports import kept
from exports.api import made
from exports.api.columns import OF
from exports.views import data
from tests.aside import at_a_copy
from tests.exports.asking import Answer, ask

API = "/api/v1"
ROW = ["level", "area_code", "indicator", "period", "staff_group", "phase"]
RANKED = "view=ranked&level=region&indicator=reviewed&period=2011/12"


@pytest.fixture
def engine(at_small: Engine) -> Engine:
    return at_small


@pytest.fixture
def own(at_small: Engine, small_copy: Path) -> Iterator[Engine]:
    """A database to be written to, or read under other settings."""
    with at_a_copy(small_copy) as engine:
        yield engine


def rows(query: str, kind: str = "json", name: str = "values") -> pd.DataFrame:
    """A table as its reader has it."""
    answer = ask(f"{API}/{name}.{kind}?{query}")
    assert answer.status == 200, answer.text
    if kind == "json":
        return pd.DataFrame(json.loads(answer.body)[name], columns=list(OF[name]))
    body = io.BytesIO(answer.body)
    if kind == "parquet":
        return pd.read_parquet(body)
    # Codes such as 202 are text.
    texts = {column: str for column, (what, _) in OF[name].items() if what == "text"}
    return pd.read_csv(
        body, dtype=texts, keep_default_na=False, na_values={c: [""] for c in OF[name] if c not in texts}
    )


def same(found: pd.DataFrame, wanted: pd.DataFrame) -> None:
    """The same figures to the last bit, the same texts; nothing where there is nothing."""
    assert len(found) == len(wanted) > 0
    both = [frame.sort_values(ROW, ignore_index=True) for frame in (found, wanted)]
    for name in COLUMNS:
        if OF["values"][name][0] == "number":
            numbers = [pd.to_numeric(frame[name]).to_numpy(dtype=float) for frame in both]
            np.testing.assert_array_equal(*numbers, err_msg=name)
        else:
            texts = [frame[name].astype(object).where(frame[name].notna(), "").astype(str).tolist() for frame in both]
            assert texts[0] == texts[1], name


def refused(answer: Answer, status: int) -> dict[str, object]:
    """The problem that an answer is."""
    assert answer.status == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    said = json.loads(answer.body)
    assert set(said) == {"type", "title", "status", "detail", "remedy"}
    assert said["status"] == status
    assert said["detail"].endswith(".")
    assert said["remedy"].endswith(".")
    assert "Traceback" not in answer.text
    return said


def test_every_column_of_the_figures_leaves() -> None:
    assert list(OF["values"])[: len(COLUMNS)] == COLUMNS


@pytest.mark.parametrize("kind", ["json", "csv", "parquet"])
def test_figures_are_those_of_values(engine: Engine, kind: str) -> None:
    with reading(engine) as connection:
        wanted = area_values(connection, "la", indicator="reviewed")
    found = rows("level=la&indicator=reviewed", kind)
    same(found, wanted)
    assert found["symbol"].isin(["c"]).any()
    assert found.loc[found["symbol"] == "c", ["value", "numerator", "denominator"]].isna().all(axis=None)
    assert set(found["kind"]) == {"illustrative"}
    assert set(found["data_version"]) == {data.current_version()}


def test_everything_comes_in_pieces(engine: Engine) -> None:
    asked = "level=la&indicator=reviewed&staff_group=all&staff_group=teachers&phase=all&phase=primary"
    answer = ask(f"{API}/values.csv?{asked}")
    assert answer.pieces == 1 + 4  # the header, then one selection after the other
    assert "content-length" not in answer.headers
    found = list(csv.DictReader(io.StringIO(answer.text)))
    with reading(engine) as connection:
        wanted = [
            area_values(connection, "la", indicator="reviewed", staff_group=group, phase=phase)
            for group in ("all", "teachers")
            for phase in ("all", "primary")
        ]
    assert len(found) == sum(map(len, wanted))
    same(pd.DataFrame(found).replace("", np.nan).replace({"true": "True", "false": "False"}), pd.concat(wanted))


def test_filters_are_those_of_the_pages(engine: Engine) -> None:
    assert set(rows("region=London&level=la&period=2011/12&indicator=reviewed")["region_code"]) == {"E12000007"}
    for said in ("la=Camden", "la=202", "la=E09000007", "la=camden"):
        assert set(rows(f"{said}&period=2011-12&indicator=reviewed")["area"]) == {"Camden"}, said
    assert set(rows("la=Camden&level=la&level=region&level=england&indicator=reviewed")["area"]) == {
        "Camden",
        "London",
        "England",
    }
    found = rows("phase=Primary&staff_group=Teachers&indicator=reviewed")
    assert set(found["phase"]) == {"primary"}
    assert set(found["staff_group"]) == {"teachers"}
    assert set(found["area"]) == {"England"}


def test_a_year_is_answered_as_on_the_pages(engine: Engine) -> None:
    version = data.current_version()
    wanted = data.at(version, "region", "all", "all", "2011/12")
    same(rows("level=region&period=2011/12"), wanted)
    assert wanted["period"].nunique() > 1  # indicators of terms answer with their latest
    several = rows("level=region&period=2011/12&period=2011/12%20summer")
    assert not several.duplicated(ROW).any()


def test_pages_follow_each_other(own: Engine) -> None:
    path, seen = f"{API}/values?level=region&limit=1000", []
    while path:
        answer = ask(path)
        seen.append(pd.DataFrame(json.loads(answer.body)["values"]))
        following = re.search(r'<([^>]*)>; rel="next"', answer.headers.get("link", ""))
        assert json.loads(answer.body)["more"] == bool(following)
        if len(seen) == 1:
            next_version_of(own)  # new figures meanwhile: the next pages are of the same state
        path = following[1] if following else ""
    whole = rows("level=region&as_at=" + str(seen[0]["data_version"].iloc[0]), "csv")
    assert [len(page) for page in seen[:-1]] == [1000] * (len(seen) - 1)
    assert len(seen) > 1
    found = pd.concat(seen, ignore_index=True)
    assert found[ROW].astype(str).equals(whole[ROW].astype(str))
    assert ask(f"{API}/values?level=region&page=900").status == 200
    assert rows("level=region&page=900").empty


def test_pages_of_one_indicator_are_its_rows_in_order(engine: Engine) -> None:
    asked = "level=la&indicator=reviewed"
    whole = rows(asked, "csv")
    pages = [rows(f"{asked}&limit=300&page={number}") for number in range(1, len(whole) // 300 + 3)]
    assert [len(page) for page in pages] == [300] * (len(whole) // 300) + [len(whole) % 300, 0]
    assert pd.concat(pages, ignore_index=True)[ROW].astype(str).equals(whole[ROW].astype(str))
    said = json.loads(ask(f"{API}/values?{asked}&limit=300").body)
    assert said["more"]
    assert rows("level=england&phase=primary&staff_group=teachers&indicator=reviewed")["area"].eq("England").all()


def next_version_of(engine: Engine) -> None:
    """A data version more, in which nothing else is new."""
    with writing(engine) as connection:
        next_version(connection, "A test")


def test_an_answer_is_held_until_the_data_change(own: Engine) -> None:
    paths = ["indicators", "values.csv?level=region", f"chart.svg?{RANKED}", "values?level=school&la=Camden"]
    for path in (f"{API}/{path}" for path in paths):
        tag = ask(path).headers["etag"]
        assert f'"{data.current_version()}-' in tag
        again = ask(path, headers={"host": "localhost", "if-none-match": f'"other", {tag}'})
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
        next_version_of(own)
        assert ask(path, headers={"host": "localhost", "if-none-match": tag}).status == 200, path


def test_what_people_edit_is_not_held(engine: Engine) -> None:
    answer = ask(f"{API}/chart.svg?view=plan_timeline")
    assert answer.status == 200
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_an_earlier_state_can_be_asked_for(own: Engine) -> None:
    version = data.current_version()
    next_version_of(own)
    assert set(rows("indicator=reviewed")["data_version"]) == {version + 1}
    assert set(rows(f"indicator=reviewed&as_at={version}")["data_version"]) == {version}
    assert "not one that can be shown" in str(refused(ask(f"{API}/values?as_at=99999"), 404)["detail"])


def test_schools_are_shown_to_those_who_may_see_them(own: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"{API}/values?level=school&la=Camden&indicator=reviewed"
    answer = ask(path)
    with reading(own) as connection:
        same(pd.DataFrame(json.loads(answer.body)["values"]), school_values(connection, "reviewed", la_code="202"))
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cache-control"] == "private, no-store"
    for allowed in ("none", "203"):
        monkeypatch.setenv("CPD_SCHOOLS_OF", allowed)
        settings.cache_clear()
        other = ask(path, headers={"host": "localhost", "if-none-match": answer.headers["etag"]})
        said = refused(other, 403) if other.status != 304 else pytest.fail("held what may not be seen any more")
        assert said["detail"] == "The schools of Camden are shown to its own officers only."
        assert "access-control-allow-origin" not in other.headers
    assert ask(f"{API}/values?la=Camden&indicator=reviewed").status == 200
    assert "one authority" in str(refused(ask(f"{API}/values?level=school"), 400)["detail"])


def test_scripts_elsewhere_may_read_what_anybody_may_see(engine: Engine) -> None:
    for path in ("values?indicator=reviewed", "areas.csv", f"chart.svg?{RANKED}", "openapi.json"):
        answer = ask(f"{API}/{path}")
        assert answer.headers["access-control-allow-origin"] == "*", path
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "script-src" not in answer.headers["content-security-policy"]
    assert "access-control-allow-origin" not in ask("/healthz").headers


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/values?period=1066", 404, "“1066” is not a known period."),
        ("/values?la=Atlantis", 404, "“Atlantis” is not a known local authority."),
        ("/values?indicator=nonsense", 404, "“nonsense” is not a known indicator."),
        ("/values?level=planet", 400, "“planet” is not a known level."),
        ("/values?limit=0", 400, "“0” is not a number from 1 to 10,000."),
        ("/values?limit=²", 400, "“²” is not a number"),
        ("/values?page=x", 400, "“x” is not a number"),
        ("/values?la=Camden&la=Kent", 400, "The parameter la is given twice."),
        ("/values?colour=red", 400, "“colour” is not a parameter here."),
        ("/values?as_at=yesterday", 404, "“yesterday” is neither a data version nor a date."),
        ("/values?la=", 400, "The parameter la says nothing that can be read."),
        ("/values?la=a%00b", 400, "The parameter la says nothing that can be read."),
        ("/values?" + "indicator=reviewed&" * 100, 400, "too many parameters"),
        ("/chart.svg", 400, "The address does not say view."),
        ("/chart.svg?view=pie", 400, "“pie” is not a known view."),
        ("/chart.svg?view=spine_chart", 404, "There is nothing to show for this choice."),
        ("/chart.svg?view=ranked&level=la", 404, "This view does not say all that it shows."),
        ("/chart.svg?view=ranked&level=la&indicator=x", 404, "“x” is not a known indicator."),
        ("/chart.svg?view=ranked&scale=2", 400, "“scale” is not a parameter here."),
        ("/chart.png?view=ranked&scale=900", 400, "“900” is not a number from 1 to 4."),
        ("/chart.gif", 404, "There is nothing at /api/v1/chart.gif."),
        ("/schools", 404, "There is nothing at /api/v1/schools."),
        ("/values.xlsx", 404, "There is nothing at"),
        ("/../v2", 404, "There is nothing at"),
        ("", 404, "There is nothing at"),
    ],
)
def test_what_is_not_understood_is_refused_in_words(engine: Engine, path: str, status: int, words: str) -> None:
    where, _, query = path.partition("?")
    said = refused(ask(f"{API}{where}?{quote(query, safe='=&%/')}"), status)
    assert words in str(said["detail"])


def test_figures_are_only_read(engine: Engine) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        answer = ask(f"{API}/values", method)
        refused(answer, 405)
        assert answer.headers["allow"] == "GET, HEAD"
        refused(ask("/api/else", method), 404)
    assert refused(ask("/api"), 404)["remedy"] == f"{API}/openapi.json lists what there is."
    assert ask(f"{API}/values", "HEAD").status == 200


def test_a_missing_database_is_said(tmp_path: Path, looking_at: Callable[[Path], Engine]) -> None:
    looking_at(tmp_path / "none.db")
    for path in ("values", "areas.csv", f"chart.png?{RANKED}"):
        said = refused(ask(f"{API}/{path}"), 503)
        assert "make database" in str(said["remedy"])


def test_a_fault_of_ours_is_a_sentence(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_asked: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(made, "whole", broken)
    answer = ask(f"{API}/values")
    refused(answer, 500)
    assert "secret" not in answer.text


def test_lists(engine: Engine) -> None:
    known = data.reference(data.current_version())
    found = rows("", "csv", "indicators")
    assert found["code"].tolist() == known.indicators["code"].tolist()
    assert set(found["kind"]) <= {"illustrative", "published", ""}
    assert rows("indicator=reviewed", name="indicators")["code"].tolist() == ["reviewed"]
    assert rows("limit=10000", name="areas")["level"].value_counts().to_dict() == {"la": 152, "region": 9, "england": 1}
    assert rows("la=Camden&level=la", name="areas")["ons_code"].tolist() == ["E09000007"]
    assert rows("region=London&level=la", name="areas")["area"].size == 33
    assert rows("", "parquet", "periods")["code"].tolist() == known.periods["code"].tolist()


def test_a_chart_is_what_the_page_shows(engine: Engine) -> None:
    drawn = ask(f"{API}/chart.svg?{RANKED}")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert "frame-ancestors *" in drawn.headers["content-security-policy"]
    assert drawn.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "Illustrative data" in drawn.text
    at = re.search("<cpd:link>([^<]+)</cpd:link>", drawn.text)
    assert at
    assert re.fullmatch(r"http://[^/]+/regions\?indicator=reviewed&amp;period=2011/12&amp;as_at=\d+", at[1])
    image = ask(f"{API}/chart.png?{RANKED}&scale=1")
    assert image.body.startswith(b"\x89PNG")
    assert int.from_bytes(image.body[16:20], "big") == 900


def test_formulas_stay_text_in_csv(own: Engine) -> None:
    with writing(own) as connection:
        connection.exec_driver_sql("update indicator set short_title = '=1+1' where code = 'reviewed'")
    kept.forget()
    assert "'=1+1" in ask(f"{API}/indicators.csv").text
    assert rows("indicator=reviewed", name="indicators")["short_title"].tolist() == ["=1+1"]
