"""The report of one local authority, the same for every format: gathered from frames, nothing drawn or written here."""

from datetime import date
from urllib.parse import quote, urlencode

import pandas as pd

from charts.figure import slugify
from data_access.errors import UnknownCode
from exports import benchmarks, definitions
from exports.office.parts import Said, Section, Table
from exports.report import partnerships, sections, sheets
from exports.report.material import Material
from exports.report.parts import Report
from exports.report.subject import Subject
from measures import words

ILLUSTRATIVE = "Illustrative data"
INTERVAL = (
    "Staff of one school resemble each other, so counts of people look surer than they are: the 95% interval takes the "
    "school, or the authority, as the unit."
)
# The sections of the methods that a reader of a report needs; the rest is on the page of definitions.
METHODS = (
    "Expected value and status", "Comparison with a benchmark", "Rank and quartile", "Coverage", "Confidentiality",
)  # fmt: skip
LONGEST = 80  # characters of a name in a file name
CURRENT = ("z", "x", "c", "low", "u")  # symbols that files use today
PHASES = {"primary": "Primary", "secondary": "Secondary", "special": "Special"}


def report(
    material: Material, code: str, *, address: str = "", made_on: date | None = None, earlier: bool = False
) -> Report:
    """The report of the authority of a code.

    address: where the dashboard is served, '' where that is not known; made_on: the day that it carries, today by
    default; earlier: True where the material is not of the newest data version, so that the file's name says which.
    Raises UnknownCode where the authority has no row of the period.
    """
    of = Subject(material, code)
    if of.rows.empty:
        raise UnknownCode(
            f"There are no figures for {of.name} in {material.period_label} at data version {material.known.version}.",
            "Choose another period, or a later data version.",
        )
    priorities = [sections.priority(of, about) for _, about in material.known.priorities.iterrows()]
    parts = [
        sections.summary(of),
        *(section for section in priorities if section is not None),
        sections.others(of),
        sections.changes(of),
        partnerships.section(of),
        sections.coverage(of),
        _methods(of),
        _sources(of),
        _definitions(of),
    ]
    context = of.context(of.rows)
    shown = [of.region, material.period_label, context.staff_label, context.coverage_text]
    return Report(
        title=f"Professional development in {of.name}",
        area=of.name,
        period_label=material.period_label,
        shown=" · ".join(part for part in shown if part),
        illustrative=material.known.illustrative,
        kind_words=material.known.kind_words,
        source=context.source_line().removesuffix(f" · {ILLUSTRATIVE}"),
        version=f"{material.known.version}, {words.day(material.known.made_at)}",
        made_on=words.day(made_on or date.today()),
        stem=stem(
            of.name,
            material.period_label,
            material.staff_group,
            material.staff_label,
            material.phase,
            material.known.version,
            earlier,
        ),
        sections=parts,
        sheets=[*sheets.all_of(of), *partnerships.sheets(of), *_definitions(of).tables],
        links=_links(of, address),
    )


def stem(
    area: str, period_label: str, staff_group: str, staff_label: str, phase: str, version: int, earlier: bool
) -> str:
    """A report's file name without ending: 'report_camden_2011-12', '…_v7' where it is of an earlier data version."""
    choice = [] if staff_group == "all" else [staff_label]
    choice += [] if phase == "all" else [f"{phase} schools"]
    return slugify("Report", area[:LONGEST], *choice, period_label, f"v{version}" if earlier else "")


def _links(of: Subject, address: str) -> dict[str, str]:
    if not address:
        return {}
    m = of.material
    asked = {"la": of.name, "region": of.region, "period": m.period_label, "as_at": str(m.known.version)}
    if m.phase != "all":
        asked["phase"] = PHASES[m.phase]
    if m.staff_group != "all":
        asked["staff_group"] = m.staff_label
    base, query = address.rstrip("/"), urlencode(asked, quote_via=quote)
    return {
        "These figures in the dashboard": f"{base}/local-authority?{query}",
        "What every figure means": f"{base}/definitions",
    }


def _definitions(of: Subject) -> Section:
    found = definitions.table(of.indicators)
    tables = [Table("Definitions of the indicators shown", found)] if len(found) else []
    return Section("definitions", "What the indicators mean", tables=tables)


def _methods(of: Subject) -> Section:
    texts = definitions.methods(dict(of.material.limits))
    groups = {name: [Said(" ".join(texts[name].replace("`", "").split()))] for name in METHODS}
    stand_in = [Said(row["Meaning"], row["Symbol"]) for row in symbols().frame.to_dict("records")]
    groups = {"Symbols in place of a figure": stand_in, "How sure a figure is": [Said(INTERVAL)], **groups}
    return Section("methods", "How to read the figures", groups=groups, tables=[statuses()])


def statuses() -> Table:
    """The four judgements, their marks and rules."""
    rows = [
        {"Mark": words.STATUS_SYMBOLS[status], "Status": words.STATUS_WORDS[status], "When": f"{when}."}
        for status, when in definitions.STATUS_RULES.items()
    ]
    return Table("Status", pd.DataFrame(rows))


def symbols() -> Table:
    """What stands in place of a figure that is not there."""
    said = {symbol: f"{meaning[:1].upper()}{meaning[1:]}." for symbol, meaning in words.SYMBOL_WORDS.items()}
    said = {symbol: meaning for symbol, meaning in said.items() if symbol in CURRENT}
    rows = [{"Symbol": symbol, "Meaning": meaning} for symbol, meaning in said.items()]
    return Table("Symbols in place of a figure", pd.DataFrame(rows), "None of them is ever read as zero.")


def _sources(of: Subject) -> Section:
    known = of.material.known
    sources = known.sources[known.sources["indicator"].isin(of.indicators["code"])]
    rows = [
        {
            "Source": source,
            "Kind": str(kind).capitalize(),
            "Licence": licence,
            "Indicators": str(len(group)),
            "Taken in": words.day(group["imported_at"].max()),
        }
        for (source, licence, kind), group in sources.groupby(["source", "licence", "kind"], sort=True)
    ]
    basis = benchmarks.neighbours(of.closest, known.authorities.set_index("code")["region"])[1]
    lead = [
        Said(of.material.known.kind_words),
        Said(f"{of.context(of.rows).coverage_text or 'nothing is due'}.", "Coverage"),
        Said(f"{known.version}, of {words.day(known.made_at)}. Later figures may revise these.", "Data version"),
        *([Said(basis, "Statistical neighbours")] if basis else []),
    ]
    return Section(
        "sources",
        "Where the figures come from",
        lead=lead,
        tables=[Table("Sources", pd.DataFrame(rows))] if rows else [],
    )
