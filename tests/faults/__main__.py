"""`python -m tests.faults [words of their names]`: do the faults, print the table, fail where a promise is broken."""

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from .scene import Result

MOST_MISSES = 12  # that are printed of one fault


def show(result: "Result") -> None:
    """What went wrong, in words, and how it went."""
    for miss in result.misses[:MOST_MISSES]:
        print(f"    {miss}")
    if more := len(result.misses[MOST_MISSES:]):
        print(f"    … and {more} more")
    for remark in result.remarks:
        print(f"    ({remark})")


def main(words: list[str]) -> int:
    from tests.own_services import missing_programs

    from .faults import FAULTS
    from .scene import play
    from .site import running
    from .table import table

    if missing := missing_programs():
        print(f"The faults are done to servers of their own, and this machine has no {' and no '.join(missing)}.")
        return 1
    wanted = [fault for fault in FAULTS if all(word.lower() in fault.name.lower() for word in words)]
    results: list[Result] = []
    for kind in dict.fromkeys(fault.site for fault in wanted):
        faults = [fault for fault in wanted if fault.site is kind]
        if not faults:
            continue
        with running(kind) as site:
            for fault in faults:
                print(f"{fault.name} …", flush=True)
                results.append(asyncio.run(play(fault, site)))
                show(results[-1])
    print(f"\n{table(results)}")
    return int(any(result.misses for result in results) or not results)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended too
    sys.exit(main(sys.argv[1:]))
