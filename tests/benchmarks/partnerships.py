"""Partnerships with 5,000 of them: each view over the same held in memory, and the map of all links in Chromium."""

import asyncio
import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import pandas as pd
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import sync_playwright
from sqlalchemy import Engine, select

from data_access import bulk
from data_access.engine import get_engine, writing
from data_access.partnerships import tables
from data_access.partnerships.fields import SHEETS
from data_access.schema import school
from tests.benchmarks import databases
from tests.benchmarks.client import Session, open_session
from tests.benchmarks.figure import Measured, median
from tests.benchmarks.servers import DASHBOARD, HELD, WARM, Server, serve
from tests.browser.screen import CHROMIUM

PAGE: Final = "partnerships"
VIEWS: Final = (
    "Register",
    "Impacts and challenges",
    "Stalling",
    "Does it last?",
    "Networks",
    "Health check",
    "Does it go with progress?",
    "Figures",
)
# What is measured → the page and its query, another one for each.
PAGES: Final = {view: (PAGE, urlencode({"show": view})) for view in VIEWS} | {
    "University programmes": ("university-programmes", "period=2011/12"),
}
PARTNERSHIPS, MEMBERSHIPS = 5_000, 60_000
MOST = 8  # members of a repeated partnership
APART = 100_000  # between the numbers of two repeats
SETTLE, ROUNDS, WALKS = 3, 30, 3
LONGEST = 60_000  # milliseconds
BLUER, PART = 30, 0.05  # of 255; of the picture


def measure(national: Path, folder: Path, say: Callable[[Measured], None]) -> None:
    """Every view's figure, and the map's; a copy of the database holds the large register."""
    own = databases.copy(national, folder / "partnerships.db")
    engine = get_engine(f"sqlite:///{own}")
    enlarge(engine)
    engine.dispose()
    asyncio.run(_views(own, say))
    with serve(DASHBOARD, own) as server:
        server.rest(WARM)
        say(_drawn(server))


async def _views(database: Path, say: Callable[[Measured], None]) -> None:
    """Each view again and again, in turn with the same calls made from memory."""
    with ExitStack() as stack:
        servers = [stack.enter_context(serve(what, database)) for what in (HELD, DASHBOARD)]
        for server in servers:
            server.rest(WARM)
        for view, address in PAGES.items():
            memory, ours = [await _tab(server, *address) for server in servers]
            drawn = [(await tab.rerun()).drawn() for tab in (memory, ours)]
            if drawn[0] != drawn[1]:
                raise RuntimeError(f"{view}, held in memory, does not draw what the page draws")
            waited: list[list[float]] = [[], []]
            before = [server.cpu_seconds() for server in servers]
            for _ in range(ROUNDS):
                for tab, seconds in zip((memory, ours), waited, strict=True):
                    seconds.append((await tab.rerun()).seconds)
            used = [server.cpu_seconds() - at for server, at in zip(servers, before, strict=True)]
            floor, seen = (1000 * median(each) for each in waited)
            detail = f"{1000 * used[1] / ROUNDS:.0f} over {1000 * used[0] / ROUNDS:.0f} ms of processor time, "
            detail += f"{seen:.0f} over {floor:.0f} ms by the clock, {len(drawn[0])} elements"
            say(Measured(f"{view}, 5,000 partnerships, over the same in memory", used[1] / used[0], 1.5, detail=detail))


async def _tab(server: Server, page: str, query: str) -> Session:
    session = await open_session(server.port, page=page, query=query)
    for _ in range(SETTLE):
        await session.rerun()
    return session


def _drawn(server: Server) -> Measured:
    """Seconds from the map's place on the page until all links are seen in it, in a page that has drawn none before."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        drawn, whole = [], []
        for _ in range(WALKS):
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"http://127.0.0.1:{server.port}/{PAGE}?show=Stalling")
            view = page.get_by_role("radio", name="Networks", exact=True)
            view.wait_for(timeout=LONGEST)
            page.wait_for_timeout(1000)
            started = time.perf_counter()
            view.click()
            chart = page.get_by_test_id("stDeckGlJsonChart")
            chart.wait_for(timeout=LONGEST)
            there = time.perf_counter()
            chart.scroll_into_view_if_needed(timeout=LONGEST)
            while not _linked(chart.screenshot(timeout=LONGEST)):
                if time.perf_counter() - there > LONGEST / 1000:
                    raise RuntimeError("the map of links was not drawn within a minute")
            drawn.append(time.perf_counter() - there)
            whole.append(time.perf_counter() - started)
            page.close()
        browser.close()
    detail = f"{median(whole):.1f} s from choosing the view"
    return Measured(
        "Map of all links, 5,000 partnerships, until they are seen", median(drawn), 3, unit=" s", detail=detail
    )


def _linked(picture: bytes) -> bool:
    """Whether links are seen on a picture of the map: a good part of it is blue."""
    red, _, blue = Image.open(BytesIO(picture)).convert("RGB").split()
    much = ImageChops.subtract(blue, red).point(lambda value: 255 * (value > BLUER))
    return float(ImageStat.Stat(much).mean[0]) > 255 * PART


# The register ---------------------------------------------------------------------------------------------


def enlarge(engine: Engine) -> None:
    """Repeat the partnerships that are there until they are 5,000, each time in other authorities with their schools.

    Then every school joins some, until memberships are 60,000.
    """
    with writing(engine) as connection:
        sheets = {sheet.code: bulk.frame(connection, select(sheet.table)) for sheet in SHEETS}
        schools = bulk.frame(connection, select(school.c.urn, school.c.la_code).order_by(school.c.urn))
        whole = sheets["partnerships"]
        taken = [whole]
        members = [sheets["members"]]
        for turn in range(1, PARTNERSHIPS // len(whole) + 1):
            left = whole["code"][: PARTNERSHIPS - turn * len(whole)]
            codes = {code: f"X{turn:03d}{at:04d}" for at, code in enumerate(left)}
            for sheet in SHEETS:
                own = "code" if sheet.whole else "partnership"
                rows = sheets[sheet.code]
                rows = rows[rows[own].isin(codes)]
                rows = rows.assign(**{own: rows[own].map(codes)})
                if not sheet.whole:
                    rows = rows.assign(id=rows["id"] + turn * APART)
                if sheet.code == "members":
                    rows = _elsewhere(rows[rows.groupby(own).cumcount() < MOST], schools, turn)
                    members.append(rows)
                if sheet.whole:
                    rows = rows.assign(areas=rows["areas"].replace(_next(schools, turn)))
                    taken.append(rows)
                bulk.insert(connection, sheet.table, rows)
        bulk.insert(connection, tables.member, _joining(pd.concat(taken), pd.concat(members), schools))


def _next(schools: pd.DataFrame, turn: int) -> dict[str, str]:
    """An authority's code → that of the authority so many places further on."""
    codes = sorted(schools["la_code"].unique())
    return dict(zip(codes, codes[turn:] + codes[:turn], strict=True))


def _elsewhere(members: pd.DataFrame, schools: pd.DataFrame, turn: int) -> pd.DataFrame:
    """Members with authorities and schools replaced by the next authority and schools of it."""
    after = _next(schools, turn)
    by = {code: list(urns) for code, urns in schools.groupby("la_code")["urn"]}
    place = {urn: (code, at) for code, urns in by.items() for at, urn in enumerate(urns)}

    def other(kind: str, organisation: str) -> str:
        if kind != "school":
            return after.get(organisation, organisation)
        code, at = place[organisation]
        return by[after[code]][(at + MOST * turn) % len(by[after[code]])]

    return members.assign(organisation=list(map(other, members["kind"], members["organisation"])))


def _joining(whole: pd.DataFrame, members: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Memberships to add: schools that are in none first, each to the next partnership of its authority."""
    of = {code: list(rows["code"]) for code, rows in whole.groupby("areas")}
    began = dict(zip(whole["code"], whole["began"], strict=True))
    lone = ~schools["urn"].isin(members["organisation"])
    order = pd.concat([schools[lone], *[schools] * 3])
    order = order[order["la_code"].isin(of)]
    turn = order.groupby("la_code").cumcount()
    codes = [of[la][at % len(of[la])] for la, at in zip(order["la_code"], turn, strict=True)]
    there = set(zip(members["partnership"], members["organisation"], strict=True))
    rows = pd.DataFrame({"partnership": codes, "organisation": order["urn"].to_numpy()}).drop_duplicates()
    new = [pair not in there for pair in zip(rows["partnership"], rows["organisation"], strict=True)]
    rows = rows[new][: MEMBERSHIPS - len(members)]
    return rows.assign(
        id=range(PARTNERSHIPS * APART, PARTNERSHIPS * APART + len(rows)),
        kind="school",
        role="partner",
        joined=rows["partnership"].map(began),
        from_edit=members["from_edit"].iloc[0],
    )
