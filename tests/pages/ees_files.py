"""Small files as a person would bring them, and one that takes a while."""

import io
import zipfile

import pandas as pd
import yaml

LAS = [("202", "E09000007", "Camden"), ("213", "E09000033", "Westminster"), ("390", "E08000037", "Gateshead")]
PERIODS = ["201112", "201213"]


def define(code: str, title: str) -> dict:
    """A new indicator, as a mapping defines it."""
    return {
        "code": code,
        "short_title": title,
        "title": f"{title} of schools",
        "why_it_matters": "It is a sign of how schools are doing.",
        "numerator": "Sessions missed",
        "denominator": "Possible sessions",
        "denominator_counts": "other",
        "unit": "percent",
        "better": "lower",
        "collected_from": "la",
        "evidence_kind": "administrative",
        "frequency": "year",
        "caveats": "For tests only.",
    }


def mapping(codes: dict[str, str]) -> dict:
    """A mapping that defines an indicator for each code → title, from the columns CODE_top and CODE_base."""
    return {
        "data_set": "absence",
        "source": "Department for Education",
        "licence": "Open Government Licence v3.0",
        "kind": "published",
        "filters": {"phase": {"role": "phase", "values": {"All": "all", "Primary": "primary"}}},
        "indicators": [
            {
                "indicator": code,
                "numerator": f"{code}_top",
                "denominator": f"{code}_base",
                "define": define(code, title),
            }
            for code, title in codes.items()
        ],
    }


def table(codes: list[str], las: list[tuple[str, str, str]] = LAS, phases: tuple[str, ...] = ("All", "Primary")) -> str:
    """Figures of authorities in the EES layout, as CSV text."""
    rows = [
        {
            "time_period": period,
            "time_identifier": "Academic year",
            "geographic_level": "Local authority",
            "country_code": "E92000001",
            "country_name": "England",
            "old_la_code": old,
            "new_la_code": new,
            "la_name": name,
            "phase": phase,
        }
        | {f"{code}_top": str(40 + at) for code in codes}
        | {f"{code}_base": str(1000 + at) for code in codes}
        for at, (old, new, name) in enumerate(las)
        for period in PERIODS
        for phase in phases
    ]
    return pd.DataFrame(rows).to_csv(index=False)


def zipped(text: str, said: dict | None, name: str = "absence") -> bytes:
    """The table in a zip, with its mapping where one is given."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(f"{name}.csv", text)
        if said is not None:
            archive.writestr(f"{name}.yaml", yaml.safe_dump(said, sort_keys=False))
    return made.getvalue()
