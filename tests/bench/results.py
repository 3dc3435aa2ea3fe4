"""What was measured: figures, their medians, tables of them, and the bars that they are held against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Self

Figures = Mapping[str, float]


@dataclass(frozen=True)
class Bar:
    """What is asked of a figure. `least`: it should be at least this; else at most."""

    what: str
    measured: float
    asked: float
    least: bool = True
    unit: str = "×"

    @property
    def met(self) -> bool:
        return self.measured >= self.asked if self.least else self.measured <= self.asked

    @property
    def row(self) -> list[str]:
        sign = "≥" if self.least else "≤"
        asked, measured = (f"{shown(value)} {self.unit}".strip() for value in (self.asked, self.measured))
        return [self.what, f"{sign} {asked}", measured, self.verdict]

    @property
    def verdict(self) -> str:
        return "met" if self.met else "**not met**"


@dataclass(frozen=True)
class Table:
    columns: Sequence[str]
    rows: Sequence[Sequence[str | float]]
    caption: str = ""

    @classmethod
    def of(cls, found: Mapping[str, Figures], caption: str = "", *, ratio: str = "", to: str = "") -> Self:
        """A line a name, a column a figure; and how its `ratio` compares with that of the line `to`."""
        columns = list(next(iter(found.values())))
        rows: list[list[str | float]] = [[name, *figures.values()] for name, figures in found.items()]
        if to:
            columns.append(f"to {to}")
            for row, figures in zip(rows, found.values(), strict=True):
                row.append(f"{shown(figures[ratio] / found[to][ratio])} ×")
        return cls(["", *columns], rows, caption)

    def __str__(self) -> str:
        lines = [self.columns, ["---"] + ["---:"] * (len(self.columns) - 1), *self.rows]
        text = "\n".join(f"| {' | '.join(shown(cell) for cell in line)} |" for line in lines)
        return f"{self.caption}\n\n{text}" if self.caption else text


@dataclass
class Section:
    """What one scenario found. What it does, and what each figure means, is said in page.md."""

    tables: list[Table] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)

    def __str__(self) -> str:
        bars = [Table(["bar", "asked", "measured", ""], [bar.row for bar in self.bars])] if self.bars else []
        return "\n\n".join(str(table) for table in [*self.tables, *bars])


FAULTS = ("lost", "doubled")  # that one run did well hides no other


def medians(runs: Sequence[Figures]) -> dict[str, float]:
    """Of each figure, over the runs; of faults, the sum."""
    return {name: (sum if name in FAULTS else median)([run[name] for run in runs]) for name in runs[0]}


def faults(*found: Figures) -> float:
    """What was lost and what was doubled."""
    return sum(figures[name] for figures in found for name in FAULTS)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that so many percent are not above."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def shown(value: str | float) -> str:
    """Three digits that count."""
    if isinstance(value, str):
        return value
    if abs(value) >= 100 or value == round(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
