"""How the results are shown."""

from collections.abc import Iterable

from .scene import Result

COLUMNS = ("fault", "acknowledged", "lost", "doubled", "out of order", "longest delay", "wrongly shown after 15 s")


def table(results: Iterable[Result]) -> str:
    """A line a fault, a heading above."""
    lines = [COLUMNS, *(line(result) for result in results)]
    widths = [max(len(cells[column]) for cells in lines) for column in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) if not column else cell.rjust(width) for column, (cell, width) in enumerate(pairs))
        for pairs in (list(zip(cells, widths, strict=True)) for cells in lines)
    )


def line(result: Result) -> tuple[str, ...]:
    verdict = result.verdict
    late = "!" if verdict.longest_delay > result.fault.longest else ""
    return (
        result.fault.name,
        str(verdict.acknowledged),
        *(str(len(entries)) for entries in (verdict.lost, verdict.doubled, verdict.disordered)),
        f"{verdict.longest_delay:.2f} s of {result.fault.longest:.1f} s{late}",
        str(len(verdict.wrongly_shown)),
    )
