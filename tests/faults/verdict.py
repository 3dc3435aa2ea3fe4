"""What a recording shows: what was lost, doubled, out of order, and how late the latest was."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from .recording import Ack, Kind, Recording, Row, Standstill


@dataclass
class Verdict:
    """Each entry says who missed what, in words."""

    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    wrongly_shown: list[str] = field(default_factory=list)
    longest_delay: float = 0.0
    latest: str = ""

    def misses(self, longest: float) -> list[str]:
        """Everything that is not as promised. `longest`: the delay that this fault may cause, in seconds."""
        late = [f"late by {self.longest_delay:.2f} s: {self.latest}"] if self.longest_delay > longest else []
        return [*self.lost, *self.doubled, *self.disordered, *self.wrongly_shown, *late]


def judge(recordings: Sequence[Recording], journal: Sequence[Row], standstills: Sequence[Standstill] = ()) -> Verdict:
    """Holds what everybody was told against what is stored."""
    verdict = Verdict()
    by_trip: dict[str, list[Row]] = defaultdict(list)
    for row in journal:
        by_trip[row.trip].append(row)
    for trip, rows in by_trip.items():
        judge_journal(trip, rows, verdict)
    for recording in recordings:
        rows = by_trip[recording.trip]
        judge_acks(recording, rows, verdict)
        judge_order(recording, rows[-1].seq if rows else 0, verdict)
        judge_delays(recording, rows, standstills, verdict)
    return verdict


def judge_journal(trip: str, rows: Sequence[Row], verdict: Verdict) -> None:
    """The trip's counter has no hole, and nothing was done twice, under whatever id."""
    expected = range(1, len(rows) + 1)
    for row, seq in zip(rows, expected, strict=True):
        if row.seq != seq:
            verdict.lost.append(f"{trip}: the journal has {row.seq} where {seq} should be")
            break
    for mark, count in Counter(mark for row in rows for mark in row.marks).items():
        if count > 1:
            verdict.doubled.append(f"{trip}: {mark} was done {count} times")


def judge_acks(recording: Recording, rows: Iterable[Row], verdict: Verdict) -> None:
    """What was acknowledged is stored, once, where the answer said."""
    stored: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.person == recording.person:
            stored[row.mutation_id].append(row.seq)
    acks: dict[str, list[Ack]] = defaultdict(list)
    for ack in recording.acks:
        acks[ack.mutation_id].append(ack)
    verdict.acknowledged += len(acks)
    verdict.lost += [f"{recording.person}: refused: {refusal}" for refusal in recording.refused]
    for mutation_id, answers in acks.items():
        seqs, steps = stored[mutation_id], answers[0].steps
        twin = recording.twice.get(mutation_id)
        told = {ack.seq for ack in answers} | ({twin[0]} if twin else set())
        first = sum(not ack.duplicate for ack in answers) + (twin is not None and not twin[1])
        if len(seqs) > steps or first > 1:
            verdict.doubled.append(f"{mutation_id} was stored as {seqs}, and {first} times acknowledged as new")
        if len(seqs) < steps or told != {max(seqs)}:
            verdict.lost.append(f"{mutation_id} was acknowledged as {sorted(told)}, and stored as {seqs}")


def judge_order(recording: Recording, last: int, verdict: Verdict) -> None:
    """Each change after the first that somebody knew comes once, in order; or a snapshot has it."""
    person, known = recording.person, -1
    told: set[int] = set()
    missed: set[int] = set()
    for each in recording.told:
        if each.kind is Kind.SNAPSHOT:
            if each.seq < known:
                verdict.disordered.append(f"{person} knew {known}, and was given a snapshot of {each.seq}")
            missed -= set(range(each.seq + 1))
            known = max(known, each.seq)
        elif each.kind is Kind.CHANGE:
            if each.seq in told or (each.seq <= known and each.seq not in missed):
                verdict.doubled.append(f"{person} was told {each.seq} again, after {known}")
            elif each.seq != known + 1:
                verdict.disordered.append(f"{person} was told {each.seq} after {known}")
            missed |= set(range(known + 1, each.seq))
            missed.discard(each.seq)
            told.add(each.seq)
            known = max(known, each.seq)
    if recording.stays:
        missed |= set(range(known + 1, last + 1))
    verdict.lost += [f"{person} was never told {seq}" for seq in sorted(missed)]


def judge_delays(
    recording: Recording, rows: Sequence[Row], standstills: Sequence[Standstill], verdict: Verdict
) -> None:
    """From the commit of a change until this person saw it, if they were in the room at the commit.

    Whoever's line broke before is told by a replay; they waited until then at least.
    """
    committed = {row.seq: row.committed_at for row in rows}
    for since, until, seen in stays(recording):
        for seq, at in committed.items():
            if not since <= at < until or (seq not in seen and until == float("inf")):
                continue
            seen_at = seen.get(seq, until)
            server = recording.server_at(at)
            still = sum(each.overlap(at, seen_at) for each in standstills if each.concerns(recording.person, server))
            delay = seen_at - at - still
            if delay > verdict.longest_delay:
                verdict.longest_delay = delay
                verdict.latest = f"{seq} of {recording.trip}, for {recording.person}"


def stays(recording: Recording) -> Iterator[tuple[float, float, dict[int, float]]]:
    """Each time that somebody was in the room: since when, until when, and when they saw which change."""
    since: float | None = None
    seen: dict[int, float] = {}
    known = 0
    for each in recording.told:
        if each.kind is Kind.CUT:
            if since is not None:
                yield since, each.at, seen
            since, seen = None, {}
        elif each.kind is Kind.JOINED:
            since = each.at if since is None else since
        else:
            for seq in range(known + 1, each.seq) if each.kind is Kind.SNAPSHOT else ():
                seen.setdefault(seq, each.at)
            seen.setdefault(each.seq, each.at)
            known = max(known, each.seq)
    if since is not None:
        yield since, float("inf"), seen
