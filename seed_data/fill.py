"""Fill an empty database in one transaction, so that an interrupted run leaves nothing half done."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, Engine, insert, select

from data_access import bulk, edits, imports, register_tables, schema
from data_access.access import Right
from data_access.engine import writing
from data_access.files.opening import open_table
from data_access.migrate import migrate
from data_access.periods import TERMS, academic_year, term
from data_access.versions import next_version
from seed_data import context, illustrative, later, reference, schools
from seed_data.registers import evidence, meetings, partnerships, partnerships_later, plan

DEFAULT_SCHOOLS = 152 * 15
SOURCE = "Definition written for this dashboard; illustrative baseline and target"


def fill(engine: Engine, total_schools: int = DEFAULT_SCHOOLS, say: Callable[[str], None] = lambda _: None) -> bool:
    """Create, migrate and fill; returns False, having changed nothing, where the database holds data already."""
    migrate(engine)
    with writing(engine, Right.administer) as connection:
        if connection.execute(select(schema.data_version.c.number).limit(1)).first() is not None:
            return False
        say("Strategy, indicators and geography …")
        _geography(connection)
        _strategy(connection)
        plan.agreed(connection)
        _context(connection)
        evidence.fill(connection)
        next_version(connection, "Strategy, indicators and geography")
        say(f"{total_schools:,} illustrative schools …")
        register = _register(connection, total_schools)
        partnerships.fill(connection, register)
        titles = {group["code"]: group["title"] for group in reference.strategy()["staff_groups"]}
        with tempfile.TemporaryDirectory() as folder:
            last = []
            for data_set in illustrative.data_sets(
                reference.indicators(), reference.authorities(), register.schools, titles
            ):
                first, afterwards = later.split(data_set)
                _load(connection, first, Path(folder), say)
                if afterwards is not None:
                    last.append(afterwards)
            plan.progress(connection)
            seen = meetings.past(connection)
            for data_set in last:
                _load(connection, data_set, Path(folder), say)
            partnerships_later.fill(connection)
            meetings.to_come(connection, seen)
    return True


def _load(connection: Connection, data_set: illustrative.DataSet, folder: Path, say: Callable[[str], None]) -> None:
    say(f"{data_set.name}: {len(data_set.rows):,} rows …")
    data, meta = data_set.write(folder)
    imports.load(connection, open_table(data), open_table(meta), data_set.mapping)


def _geography(connection: Connection) -> None:
    authorities = reference.authorities()
    regions = authorities.groupby("region_code", as_index=False)["region_name"].first()
    connection.execute(
        insert(schema.region),
        [
            {
                "code": row.region_code,
                "name": row.region_name,
                "short": reference.REGION_SHORT[row.region_code],
                "position": position,
            }
            for position, row in enumerate(regions.itertuples())
        ],
    )
    start = pd.Timestamp("2009-04-01").date()
    connection.execute(
        insert(schema.local_authority),
        authorities.drop(columns="region_name").assign(valid_from=start).to_dict("records"),
    )
    changes = reference.changes()
    connection.execute(
        insert(schema.local_authority_change), changes.assign(id=range(1, len(changes) + 1)).to_dict("records")
    )


def _strategy(connection: Connection) -> None:
    content = reference.strategy()
    about = content["strategy"]
    connection.execute(
        insert(schema.strategy).values(
            id=1,
            **{key: about[key] for key in ("name", "owner", "starts", "ends", "baseline_year", "review")},
            final_year=about["years"][-1],
        )
    )
    connection.execute(
        insert(schema.staff_group),
        [
            {"code": g["code"], "title": g["title"], "parent": g.get("parent"), "position": i}
            for i, g in enumerate(content["staff_groups"])
        ],
    )
    connection.execute(insert(schema.priority), content["priorities"])
    connection.execute(insert(schema.outcome), content["outcomes"])
    published = edits.begin(connection, by=about["owner"], reason="The actions that the strategy names")
    for line in content["action_lines"]:
        connection.execute(
            insert(schema.action_line).values(code=line["code"], priority=line["priority"], title=line["title"])
        )
        connection.execute(
            insert(register_tables.action),
            [
                {
                    "code": a["code"],
                    "action_line": line["code"],
                    "title": a["title"],
                    "partner": a.get("with"),
                    "due": a.get("due"),
                    "from_edit": published,
                }
                for a in line["actions"]
            ],
        )
    connection.execute(insert(schema.nag_member), content["nag_members"])
    connection.execute(
        insert(schema.published_fact),
        [{"period": None, "note": None} | fact for fact in content["published_facts"]],
    )
    la_of = dict(zip(reference.authorities()["name"], reference.authorities()["code"], strict=True))
    region_of = dict(zip(reference.authorities()["region_name"], reference.authorities()["region_code"], strict=True))
    connection.execute(
        insert(schema.case_study),
        [
            {key: case[key] for key in ("code", "title", "place", "priority", "summary", "source")}
            | {
                "features": "|".join(case["features"]),
                "la_code": la_of.get(case.get("la")),
                "region_code": region_of.get(case.get("region")),
            }
            for case in content["case_studies"]
        ],
    )
    years = [int(year[:4]) for year in about["years"]]
    imports.add_periods(
        connection, [academic_year(year) for year in years] + [term(year, name) for year in years for name in TERMS]
    )
    for definition in reference.indicators():
        imports.add_indicator(connection, definition, SOURCE)


def _context(connection: Connection) -> None:
    variables = reference.context()
    about = pd.DataFrame(variables).assign(
        source=illustrative.SOURCE, kind="illustrative", position=range(len(variables))
    )
    bulk.insert(connection, schema.context_variable, about)
    bulk.insert(connection, schema.context, context.values(reference.authorities(), variables))


def _register(connection: Connection, total: int) -> schools.Register:
    register = schools.invent(reference.authorities(), total)
    bulk.insert(connection, schema.school, register.schools.drop(columns="headcount").assign(illustrative=True))
    bulk.insert(connection, schema.cluster, register.clusters)
    bulk.insert(connection, schema.cluster_membership, register.memberships.assign(joined="2009-09-01"))
    return register
