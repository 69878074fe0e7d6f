"""What each table of the API holds: column → kind and meaning, in the order in which they come."""

from typing import Final, Literal

Kind = Literal["text", "number", "whole", "flag"]
Columns = dict[str, tuple[Kind, str]]

VALUES: Final[Columns] = {
    "level": ("text", "england, region, la or school"),
    "area_code": ("text", "code of the area: 3 digits for an authority, a school's URN"),
    "area": ("text", "its name"),
    "region_code": ("text", "code of the region that it is or lies in"),
    "indicator": ("text", "code of the indicator: /api/v1/indicators"),
    "period": ("text", "2011/12, or 2011/12 summer"),
    "period_position": ("number", "when the period ends, in years: 2012 is the end of August 2012"),
    "staff_group": ("text", "code of the staff group"),
    "phase": ("text", "all, primary, secondary or special"),
    "value": ("number", "the figure in the indicator's unit; percent from 0 to 100; empty where symbol says why"),
    "lower": ("number", "lower limit of the 95% interval"),
    "upper": ("number", "upper limit of the 95% interval"),
    "lower_998": ("number", "lower limit of the 99.8% interval"),
    "upper_998": ("number", "upper limit of the 99.8% interval"),
    "numerator": ("number", "what was counted"),
    "denominator": ("number", "out of how many"),
    "units": ("number", "schools or authorities that reported"),
    "expected_units": ("number", "those that should have"),
    "coverage": ("number", "share of them that reported, 0 to 1"),
    "n_eff": ("number", "people that the interval counts as independent"),
    "baseline": ("number", "the figure of the baseline year"),
    "expected": ("number", "what the trajectory expects by then"),
    "target": ("number", "the target at the trajectory's end"),
    "progress": ("number", "share of the way from baseline to target"),
    "status": ("text", "on_track, at_risk, off_track and so on, as on the pages"),
    "reason": ("text", "why the status is not judged, where it is not"),
    "symbol": ("text", "why there is no figure: c suppressed, x not reported, z not collected here, u low reliability"),
    "published_rate": ("flag", "true where the figure was published as such, not added up here"),
    "unit": ("text", "percent, rate or gbp"),
    "better": ("text", "higher or lower; empty where there is no direction"),
    "minimum_coverage": ("number", "share below which no status is judged, 0 to 1"),
    "kind": ("text", "illustrative (invented) or published"),
    "data_version": ("whole", "the data version that the row is of"),
}
INDICATORS: Final[Columns] = {
    "code": ("text", "what other addresses call it"),
    "short_title": ("text", "as on charts"),
    "title": ("text", "in full"),
    "priority": ("text", "code of the priority; empty for context"),
    "outcome": ("text", "code of the outcome"),
    "outcome_title": ("text", "the outcome in words"),
    "unit": ("text", "percent, rate or gbp"),
    "better": ("text", "higher or lower; empty where there is no direction"),
    "frequency": ("text", "year or term"),
    "collected_from": ("text", "school, la or published"),
    "staff_groups": ("text", "codes of the staff groups that it is collected for, separated by |"),
    "scope": ("text", "England, or the one region that it is collected in"),
    "numerator": ("text", "what is counted"),
    "denominator": ("text", "out of what"),
    "why_it_matters": ("text", "in a sentence"),
    "caveats": ("text", "what to mind"),
    "source": ("text", "where its latest figures come from; empty where there are none yet"),
    "licence": ("text", "how they may be used"),
    "kind": ("text", "illustrative (invented) or published"),
    "data_version": ("whole", "the data version that the row is of"),
}
AREAS: Final[Columns] = {
    "level": ("text", "england, region or la"),
    "area_code": ("text", "code: 3 digits for an authority"),
    "ons_code": ("text", "code of the Office for National Statistics"),
    "area": ("text", "name"),
    "short": ("text", "short name"),
    "region_code": ("text", "code of the region that it is or lies in"),
    "data_version": ("whole", "the data version that the row is of"),
}
PERIODS: Final[Columns] = {
    "code": ("text", "what other addresses call it"),
    "label": ("text", "as on the pages"),
    "kind": ("text", "year, term and so on"),
    "academic_year": ("text", "the academic year that it is or lies in"),
    "position": ("number", "when it ends, in years: 2012 is the end of August 2012"),
    "data_version": ("whole", "the data version that the row is of"),
}
FIGURE: Final[Columns] = {
    name: VALUES[name]
    for name in (
        "level", "area_code", "area", "indicator", "period", "staff_group", "phase", "value", "lower", "upper",
        "numerator", "denominator", "units", "expected_units", "symbol", "unit",
    )
}  # fmt: skip
IMPORTS: Final[Columns] = {
    "id": ("whole", "number of the import, as the Data page lists it"),
    "file_name": ("text", "the file"),
    "sha256": ("text", "SHA-256 of the file"),
    "imported_at": ("text", "when it came in"),
    "source": ("text", "who published it"),
    "licence": ("text", "how it may be used"),
    "kind": ("text", "illustrative (invented) or published"),
    "rows": ("whole", "rows of it that are behind the figure"),
    "replaced": ("whole", "rows of it that were, until they were replaced"),
    "confirmed": ("whole", "rows that it holds the same, which came in before"),
    "status": ("text", "counts, confirms, replaced or undone"),
    "undone_at": ("text", "when it was taken back"),
}
REVISIONS: Final[Columns] = {
    "version": ("whole", "the data version since which the figure was this"),
    "made_at": ("text", "when that was made"),
    "reason": ("text", "what was done then"),
    **{name: what for name, what in FIGURE.items() if what[0] == "number"},
    "symbol": VALUES["symbol"],
}
OF: Final[dict[str, Columns]] = {"indicators": INDICATORS, "areas": AREAS, "periods": PERIODS, "values": VALUES}
