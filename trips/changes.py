"""The only door through which anything in a trip changes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.dispatch import Signal

from . import bulk, ids
from .faults import fault
from .kinds import KINDS
from .memory import Memory
from .models import Change, User
from .mutations import Mutation, Outcome, Step
from .plan import Plan
from .refusals import Refused
from .rows import Rows
from .turn import write_turn

committed = Signal()  # sent after commit, once a batch: changes=[Change, …] in the order of their seq
MODELS = tuple(kind.model for kind in KINDS.values())
RETRY_AFTER = 2.0
NOT_STORED = "A change could not be stored"


def apply(batch: Sequence[Mutation], *, wait: bool = True, memory: Memory | None = None) -> list[Outcome]:
    """Store what `batch` asks for in one transaction, and tell once it is stored. One outcome a mutation, in order.

    A refusal is an outcome; it spoils nothing of its batch. If the database refuses the whole, it is redone
    one by one, so that a bad mutation harms only itself. Without `wait`, a trip that somebody else has locked is
    unavailable at once. `memory` is what the caller knows from its batches before.
    """
    try:
        outcomes = _store(batch, wait, memory)
    except (OperationalError, InterfaceError) as error:
        if wait and is_locked(error) and len({mutation.trip_id for mutation in batch}) > 1:
            return _trip_by_trip(batch)
        return [Outcome(refused=away()) for _ in batch]
    except Exception as error:
        if len(batch) > 1:
            return [outcome for mutation in batch for outcome in apply([mutation], wait=wait)]
        outcomes = _once_more(batch, error, wait)
    if stored := [change for outcome in outcomes if not outcome.repeated for change in outcome.changes]:
        committed.send_robust(sender=apply, changes=stored)
    return outcomes


def is_locked(error: Exception) -> bool:
    """Whether storage is there, but somebody else kept a row locked for too long (PostgreSQL: lock_not_available)."""
    return getattr(error.__cause__, "sqlstate", None) == "55P03"


def _trip_by_trip(batch: Sequence[Mutation]) -> list[Outcome]:
    """One of these trips is locked: that harms the others no longer."""
    outcomes = {
        trip_id: iter(apply([mutation for mutation in batch if mutation.trip_id == trip_id], wait=False))
        for trip_id in dict.fromkeys(mutation.trip_id for mutation in batch)
    }
    return [next(outcomes[mutation.trip_id]) for mutation in batch]


def _once_more(batch: Sequence[Mutation], error: Exception, wait: bool) -> list[Outcome]:
    """A second try, for what somebody else stored at the same moment; then it is a fault of ours."""
    if isinstance(error, IntegrityError):
        try:
            return _store(batch, wait)
        except (OperationalError, InterfaceError):
            return [Outcome(refused=away())]
        except Exception as again:
            error = again
    return [Outcome(refused=fault(error, NOT_STORED))]


def away() -> Refused:
    """Storage does not answer; the same again, a little later, may be stored."""
    return Refused("unavailable", "Storage is away for a moment. Nothing was stored.", retry_after=RETRY_AFTER)


def _store(batch: Sequence[Mutation], wait: bool, memory: Memory | None = None) -> list[Outcome]:
    # Nobody holds a transaction while waiting for a turn, and BEGIN and COMMIT are in the pipeline.
    with write_turn(), bulk.pipeline(), transaction.atomic(durable=True):
        rows = memory.recall() if memory else Rows()
        rows.read(batch, wait=wait)
        plan = Plan(rows)
        outcomes = [plan.decide(mutation) for mutation in batch]
        plan.ledger.write(*MODELS)
    if memory:
        memory.keep(rows)
    return outcomes


def apply_one(mutation: Mutation) -> tuple[Change, ...]:
    """One mutation, its changes. Raises Refused."""
    return apply([mutation])[0].unwrap()


def create_trip(
    actor: User, data: Mapping[str, Any], *steps: Step, trip_id: str | None = None, mutation_id: str | None = None
) -> str:
    """A new trip that `actor` owns, with what `steps` put in it; its public id. Raises Refused.

    The same `mutation_id` again makes no second trip: without a `trip_id`, the id follows from it.
    """
    if trip_id is None:
        trip_id = ids.derived_id(actor.username, mutation_id) if mutation_id else ids.new_id()
    whole = (Step("trip", data), *steps)
    apply_one(Mutation(trip_id, actor, whole, mutation_id, creates=True))
    return trip_id
