"""The OpenAPI document, made from the descriptions that requests are read by."""

from typing import Any, Final

from exports.api import charts
from exports.api.answers import KINDS, ROOT
from exports.api.columns import FIGURE, IMPORTS, INDICATORS, OF, REVISIONS, Columns, Kind
from exports.api.formats import MEDIA
from exports.api.origin import MEANING
from exports.api.parameters import ORIGIN, TABLES, Parameter

SUMMARIES: Final = {
    "indicators": "What is counted, and where its figures come from",
    "areas": "England, its regions and local authorities",
    "periods": "The periods that there are figures for",
    "values": "Published figures",
}
REFUSALS: Final = {
    "400": "The request is not understood",
    "403": "Not for whoever asks",
    "404": "Something that it names is not known, or there is nothing to show",
    "503": "The database cannot be used now",
}
TYPES: Final[dict[Kind, Any]] = {
    "text": ["string", "null"],
    "number": ["number", "null"],
    "whole": "integer",
    "flag": ["boolean", "null"],
}
TEXT: Final = {"type": "string"}
NUMBER: Final = {"type": "integer"}


def document() -> dict[str, Any]:
    """The document as OpenAPI 3.1; every address is there, with each of its parameters."""
    paths: dict[str, Any] = {}
    for name, parameters in TABLES.items():
        for suffix in ("", *(f".{kind}" for kind in KINDS)):
            kind = suffix.removeprefix(".") or "json"
            schema = _body(name, OF[name]) if kind == "json" else TEXT
            media = MEDIA[kind].partition(";")[0]
            paths[f"{ROOT}/{name}{suffix}"] = {
                "get": _operation(f"{name}{suffix}", SUMMARIES[name], parameters, media, schema)
            }
    for kind, media in charts.KINDS.items():
        said = "A chart, as the page that shows it draws it"
        paths[f"{ROOT}/chart.{kind}"] = {"get": _operation(f"chart.{kind}", said, charts.parameters(kind), media, TEXT)}
    said = "Where a figure comes from: its parts, definition, imports, and what earlier data versions showed"
    origin = _operation("provenance.json", said, ORIGIN, MEDIA["json"], _origin())
    paths[f"{ROOT}/provenance.json"] = {"get": origin}
    plain = {"description": "This document", "content": {"application/json": {"schema": {"type": "object"}}}}
    paths[f"{ROOT}/openapi.json"] = {
        "get": {"operationId": "openapi.json", "summary": "This document", "responses": {"200": plain}}
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "CPD strategy dashboard",
            "version": "1",
            "description": "Published figures, read only. Where kind says illustrative, they are invented.",
        },
        "paths": paths,
        "components": {"schemas": {"Problem": _problem()}},
    }


def _operation(
    name: str, summary: str, parameters: tuple[Parameter, ...], media: str, schema: dict[str, Any]
) -> dict[str, Any]:
    refused = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [_parameter(parameter) for parameter in parameters],
        "responses": {
            "200": {"description": summary, "content": {media: {"schema": schema}}},
            "304": {"description": "The client holds it already"},
            **{status: {"description": said, "content": refused} for status, said in REFUSALS.items()},
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema = (
        {"type": "array", "items": parameter.schema, "uniqueItems": True} if parameter.several else parameter.schema
    )
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.about,
        "required": parameter.required,
        "schema": schema,
    }


def _row(columns: Columns) -> dict[str, Any]:
    return _all_of({column: {"type": TYPES[kind], "description": about} for column, (kind, about) in columns.items()})


def _origin() -> dict[str, Any]:
    said = {
        "data_version": NUMBER,
        "made_at": {"type": "string", "format": "date"},
        "about": TEXT,
        "figure": _row(FIGURE),
        "coverage": TEXT,
        "suppression": TEXT,
        "definition": _row({name: INDICATORS[name] for name in MEANING}),
        "imports": {"type": "array", "items": _row(IMPORTS)},
        "revisions": {"type": "array", "items": _row(REVISIONS)},
        "link": TEXT,
    }
    return _all_of(said)


def _body(name: str, columns: Columns) -> dict[str, Any]:
    said = {
        "data_version": NUMBER,
        "made_at": {"type": "string", "format": "date"},
        "about": TEXT,
        "page": NUMBER,
        "more": {"type": "boolean"},
        name: {"type": "array", "items": _row(columns)},
    }
    return _all_of(said)


def _problem() -> dict[str, Any]:
    return _all_of({"type": TEXT, "title": TEXT, "status": NUMBER, "detail": TEXT, "remedy": TEXT})


def _all_of(properties: dict[str, Any]) -> dict[str, Any]:
    """An object with exactly these properties."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
