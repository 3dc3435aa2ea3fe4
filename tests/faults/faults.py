"""The faults: a table of what is done, and how late a change may be meanwhile."""

import asyncio
import random
import signal
from dataclasses import replace
from functools import partial

from .client import Habits, usual
from .layer import FATES
from .scene import Fault
from .site import Embedded, EmbeddedOnSmallDisk, Scaled
from .stage import Stage
from .twin import Twin

DEAF = range(5)


def scaled(stage: Stage) -> Scaled:
    assert isinstance(stage.site, Scaled)
    return stage.site


async def redis_stops(stage: Stage) -> None:
    await scaled(stage).redis.restart(signal.SIGTERM, away=2 if stage.short else 10)
    await stage.wait(3, short=1)


async def redis_hangs(stage: Stage) -> None:
    """It takes connections, and answers nothing."""
    scaled(stage).redis.send_signal(signal.SIGSTOP)
    await stage.wait(10, short=3)
    scaled(stage).redis.send_signal(signal.SIGCONT)
    await stage.wait(3, short=1)


async def redis_is_emptied(stage: Stage) -> None:
    scaled(stage).redis.empty()
    await stage.wait(3, short=1)


async def process_is_killed(stage: Stage) -> None:
    """With changes stored that it could not tell. Some of its people come back, to the other process; some do not."""
    stage.send_signal(0, signal.SIGUSR1)
    await asyncio.sleep(0.5)
    stage.go_away(stage.at(0), len(stage.at(0)) // 2)
    await asyncio.to_thread(stage.site.servers[0].kill)
    await stage.wait(3, short=2)
    if not await stage.answers_lost():
        stage.did_not_happen.append("everything that was stored was told")
    if not stage.short:
        await asyncio.to_thread(stage.site.servers[0].start)


async def process_is_ended(stage: Stage) -> None:
    await asyncio.to_thread(stage.site.servers[0].stop)
    await stage.wait(1)
    if not stage.short:
        await asyncio.to_thread(stage.site.servers[0].start)


async def postgres_restarts(stage: Stage, how: signal.Signals) -> None:
    """While it is away, nobody can be told what it stored at the last moment."""
    async with stage.standstill():
        await scaled(stage).postgres.restart(how, away=1)
    await stage.wait(5, short=1)


async def postgres_hangs(stage: Stage) -> None:
    """It takes connections, and answers nothing."""
    async with stage.standstill():
        scaled(stage).postgres.send_to_all(signal.SIGSTOP)
        await stage.wait(8, short=2)
        scaled(stage).postgres.send_to_all(signal.SIGCONT)
    await stage.wait(5, short=1)


async def loop_is_blocked(stage: Stage) -> None:
    """Its threads go on: what they store meanwhile, this process tells nobody."""
    stage.send_signal(0, signal.SIGUSR2)
    async with stage.standstill(server=0):
        await asyncio.sleep(stage.blocked)
    if not stage.site.servers[0].runs:
        stage.did_not_happen.append("the process did not live through it")
    await stage.wait(2, short=0.5)


async def process_stands_still(stage: Stage) -> None:
    stage.send_signal(0, signal.SIGSTOP)
    async with stage.standstill(server=0):
        await asyncio.sleep(stage.blocked)
        stage.send_signal(0, signal.SIGCONT)
    await stage.wait(2, short=0.5)


async def layer_loses(stage: Stage) -> None:
    await stage.wait(15, short=3)
    logs = [server.log for server in stage.site.servers]
    stage.did_not_happen += [f"nothing was {fate}" for fate in FATES if not all(f"was {fate}" in log for log in logs)]


async def readers_go_deaf(stage: Stage) -> None:
    """They are cut, and come back with what they knew last."""
    deaf = stage.clients[DEAF.start : DEAF.stop]
    async with stage.standstill(people=[client.person for client in deaf]):
        for client in deaf:
            client.reading.clear()
        await stage.wait(12, short=6)
        for client in deaf:
            client.reading.set()
        await stage.wait(3)
    codes = [client.close_codes for client in deaf]
    stage.remarks.append(f"closed with {codes}; 1006: the line was ended before they read why")
    stage.did_not_happen += [f"{client.person} was not cut" for client in deaf if not client.close_codes]


async def lines_break(stage: Stage) -> None:
    for _ in range(20 if stage.short else 80):
        random.choice(stage.here).cut()
        await asyncio.sleep(0.1)


async def mutations_come_twice(stage: Stage) -> None:
    async with asyncio.TaskGroup() as lines:
        twins = [Twin(client, stage.addresses()[1 - (client.server or 0)]) for client in stage.here]
        tasks = [lines.create_task(twin.run()) for twin in twins]
        await stage.wait(15, short=4)
        for client in stage.here:
            client.others = ()
        await asyncio.sleep(1)
        for task in tasks:
            task.cancel()
    answered = sum(len(client.recording.twice) for client in stage.here)
    stage.remarks.append(f"{answered} were answered to both")
    if not answered:
        stage.did_not_happen.append("no mutation was sent twice")


async def clocks_differ(stage: Stage) -> None:
    await stage.wait(15, short=3)
    ahead = [round(client.server_ahead) for client in stage.here]
    if {0, 5} - set(ahead):
        stage.did_not_happen.append(f"the clocks are ahead by {ahead}")


async def site_is_killed(stage: Stage) -> None:
    stage.send_signal(0, signal.SIGUSR1)
    await asyncio.sleep(0.2)
    await asyncio.to_thread(stage.site.servers[0].kill)
    await asyncio.to_thread(stage.site.servers[0].start)
    await stage.wait(2)


async def disk_is_full(stage: Stage) -> None:
    site = stage.site
    assert isinstance(site, EmbeddedOnSmallDisk)
    stage.remarks.append(site.fill())
    await stage.wait(8, short=3)
    waited = sum(client.told_to_wait for client in stage.here)
    if not waited:
        stage.did_not_happen.append("nobody was told that storage is away")
    stage.remarks.append(f"{waited} times somebody was told to wait")
    site.make_room()
    await stage.wait(4, short=2)


def deaf_among_fifty(number: int) -> Habits:
    """The first five stop reading; the next fifteen write much; the others read."""
    pause = usual(number).pause if number in range(DEAF.stop, 20) else None
    return Habits(pause, padding=4000, small_buffer=number in DEAF, ping_each=1.0, server=number % 2)


def pinned(number: int) -> Habits:
    return replace(usual(number), faithful=True)


FAULTS = (
    Fault("Redis stops for 10 s", redis_stops, longest=2.0),
    Fault("Redis hangs for 10 s", redis_hangs, longest=2.0),
    Fault("Redis is emptied", redis_is_emptied),
    Fault("a process is killed", process_is_killed, longest=2.5),
    Fault("a process is told to end", process_is_ended),
    Fault("PostgreSQL restarts", partial(postgres_restarts, how=signal.SIGINT)),
    Fault("PostgreSQL crashes", partial(postgres_restarts, how=signal.SIGQUIT)),
    Fault("PostgreSQL hangs for 8 s", postgres_hangs),
    Fault("an event loop is blocked for 3 s", loop_is_blocked),
    Fault("a process stands still for 3 s", process_stands_still),
    Fault("the layer loses, doubles, swaps", layer_loses, servers=({"LAYER_LOSES": "0.2"},) * 2),
    Fault(
        "five readers of fifty do not read",
        readers_go_deaf,
        servers=({"OUTBOX_MAX_BYTES": "200000"},) * 2,
        people=50,
        habits=deaf_among_fifty,
    ),
    Fault("lines break at random", lines_break),
    Fault("the same mutation to two processes", mutations_come_twice, habits=pinned),
    Fault("clocks 5 s apart", clocks_differ, servers=({}, {"CLOCK_AHEAD": "5"})),
    Fault("the one process is killed", site_is_killed, servers=({},), site=Embedded, longest=2.5),
    Fault("the disk is full", disk_is_full, servers=({},), site=EmbeddedOnSmallDisk),
)
