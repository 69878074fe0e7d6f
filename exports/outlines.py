"""The outlines on the maps: those shipped, or where someone imported others, those."""

import json
from functools import lru_cache

from data_access import queries, versions
from data_access.engine import get_engine, reading
from seed_data import reference


@lru_cache(maxsize=6)
def features(name: str, version: int) -> list[dict]:
    """The GeoJSON features of 'regions' or 'local_authorities' at a data version, each with its code; KeyError else."""
    shipped = json.loads(reference.outlines(name).read_text(encoding="utf-8"))["features"]
    if name != "local_authorities":
        return shipped
    with reading(get_engine()) as connection:
        imported = queries.boundaries(connection, versions.earlier(connection, version))
    return [
        feature | {"geometry": json.loads(imported[feature["code"]])} if feature["code"] in imported else feature
        for feature in shipped
    ]


@lru_cache(maxsize=6)
def geojson(name: str, version: int) -> bytes:
    """The same as a file."""
    return json.dumps({"type": "FeatureCollection", "features": features(name, version)}).encode()
