"""The page: how soon a trip is seen, and live, over a slow line."""

import asyncio
import os
import shutil
import subprocess
import sys
import urllib.request

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.server import ROOT

from ..bench import Bench, Side
from ..database import Person, Plan, Storage, settings_for
from ..results import Bar, Figures, Section, Table, medians
from ..servers import OURS, OURS_DAPHNE, Server

# What Chromium's own tools called “Fast 3G”: bytes a second, and milliseconds for each answer.
FAST_3G = {"offline": False, "downloadThroughput": 180_000, "uploadThroughput": 84_375, "latency": 562.5}
LIVE = "() => document.querySelector('.sign[data-state=live]') && performance.now()"
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
LOADED = "() => performance.getEntriesByType('resource').map((entry) => entry.name)"


async def slow(context: BrowserContext) -> Page:
    """A page on the slow line."""
    page = await context.new_page()
    await (await context.new_cdp_session(page)).send("Network.emulateNetworkConditions", FAST_3G)
    return page


async def visit(page: Page, url: str) -> Figures:
    """Seconds until there is something to see, and until it is live."""
    await page.goto(url, wait_until="commit")
    live: float = await (await page.wait_for_function(LIVE, polling="raf")).json_value()
    painted: float = await (await page.wait_for_function(PAINTED)).json_value()  # told a moment after it was seen
    return {"first content s": painted / 1000, "live s": live / 1000}


async def seen(browser: Browser, server: Server, person: Person, trip: str) -> tuple[Figures, Figures, float]:
    """Cold, then warm; and the kilobytes of scripts and styles, gzipped."""
    home = f"http://127.0.0.1:{server.port}"
    context = await browser.new_context()
    await context.add_cookies([{"name": "sessionid", "value": person.session, "url": home}])
    page = await slow(context)
    cold = await visit(page, f"{home}/trips/{trip}/")
    resources: list[str] = await page.evaluate(LOADED)
    warm = await visit(await slow(context), f"{home}/trips/{trip}/")
    await context.close()
    return cold, warm, sum(gzipped(url) for url in set(resources) if url.endswith((".js", ".css"))) / 1000


def gzipped(url: str) -> int:
    """What a browser that takes gzip is sent, in bytes."""
    asked = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked) as answer:
        return len(answer.read())


def collect_static_files(storage: Storage) -> None:
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    with storage.empty() as url:
        subprocess.run(collect, cwd=ROOT, env={**os.environ, **settings_for(url)}, check=True)


async def run(bench: Bench) -> Section:
    section = Section()
    await asyncio.to_thread(collect_static_files, bench.sqlite)
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        rows: list[list[str | float]] = []
        for contender in OURS:
            with bench.serving(Side(contender, bench.sqlite), Plan(1, 1, stops=99)) as (server, world):
                ((trip, (person,)),) = world.people.items()
                visits = [await seen(browser, server, person, trip) for _ in range(bench.rounds)]
            cold, warm = medians([visit[0] for visit in visits]), medians([visit[1] for visit in visits])
            weight = visits[0][2]
            rows.append([contender.name, weight, *cold.values(), *warm.values()])
            if contender is OURS_DAPHNE:
                section.bars = [
                    Bar("scripts and styles, gzipped", weight, 150, least=False, unit="kB"),
                    Bar("cold: first content", cold["first content s"], 2, least=False, unit="s"),
                    Bar("cold: live", cold["live s"], 3.5, least=False, unit="s"),
                ]
        await browser.close()
    columns = ["", "kB gzipped", "cold: first content s", "cold: live s", "warm: first content s", "warm: live s"]
    section.tables.append(Table(columns, rows))
    return section
