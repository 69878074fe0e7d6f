"""openapi.json is what the addresses do: each parameter and column in it, and nothing that breaks it gets through."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from exports.api import openapi, parameters
from exports.api.answers import KINDS, ROOT, routes
from exports.api.columns import OF
from exports.views import registry
from tests.exports.asking import app, ask
from tests.exports.conftest import look_at, look_away

EXAMPLES = 6  # of each address: modest, since the whole must stay under a minute
TABLES = ("indicators.csv", "areas", "periods.parquet", "values", "values.csv")
FUZZED = (*TABLES, "chart.svg", "chart.png", "provenance.json")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]


@pytest.fixture(scope="module")
def answering(small_database: Path) -> object:
    """The routes over a database that nobody changes."""
    with pytest.MonkeyPatch.context() as patch:
        look_at(small_database, patch)
        yield
    look_away()


@pytest.mark.parametrize("address", FUZZED)
def test_whatever_is_asked_the_document_foresees_the_answer(answering: object, address: str) -> None:
    document = schemathesis.openapi.from_asgi(f"{ROOT}/openapi.json", app())

    @given(case=document[f"{ROOT}/{address}"]["GET"].as_strategy())
    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    def asked(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS)

    asked()


def test_every_address_and_parameter_is_in_the_document() -> None:
    paths = openapi.document()["paths"]
    assert set(paths) == {route.path for route in routes() if route.path.startswith(ROOT)}
    for name, known in parameters.TABLES.items():
        for suffix in ("", *(f".{kind}" for kind in KINDS)):
            said = paths[f"{ROOT}/{name}{suffix}"]["get"]["parameters"]
            assert [each["name"] for each in said] == [each.name for each in known]
    said = {each["name"]: each for each in paths[f"{ROOT}/chart.png"]["get"]["parameters"]}
    assert said["view"]["schema"]["enum"] == list(registry.all_views())
    assert {option for view in registry.all_views().values() for option in view.options} <= set(said)
    assert all(each["description"] for each in said.values())


def test_the_document_is_served(looking_at: Callable[[Path], object], tmp_path: Path) -> None:
    looking_at(tmp_path / "none.db")  # without a database, too
    assert json.loads(ask(f"{ROOT}/openapi.json").body) == json.loads(json.dumps(openapi.document()))


@pytest.mark.parametrize("name", OF)
def test_every_documented_parameter_is_taken(answering: object, name: str) -> None:
    examples = {
        "level": "la",
        "indicator": "reviewed",
        "period": "2011/12",
        "region": "London",
        "la": "Camden",
        "phase": "primary",
        "staff_group": "teachers",
        "as_at": "2100-01-01",
        "limit": "5",
        "page": "1",
    }
    for parameter in parameters.TABLES[name]:
        answer = ask(f"{ROOT}/{name}?{parameter.name}={examples[parameter.name]}")
        assert answer.status == 200, answer.text
        assert set(json.loads(answer.body)[name][0]) == set(OF[name])
