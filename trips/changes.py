"""The only door through which anything in a trip changes."""

import logging
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, transaction
from django.dispatch import Signal

from . import ids
from .kinds import KINDS
from .models import Change, User
from .mutations import Mutation, Outcome, Step
from .plan import Plan
from .refusals import Refused
from .rows import lock_trips
from .turn import write_turn

logger = logging.getLogger(__name__)

committed = Signal()  # sent after commit, once a batch: changes=[Change, …] in the order of their seq
MODELS = tuple(kind.model for kind in KINDS.values())
RETRY_AFTER = 2.0


def apply(batch: Sequence[Mutation]) -> list[Outcome]:
    """Store what `batch` asks for in one transaction, and tell once it is stored. One outcome a mutation, in order.

    A refusal is an outcome; it spoils nothing of its batch. If the database refuses the whole, it is redone
    one by one, so that a bad mutation harms only itself.
    """
    try:
        outcomes = _store(batch)
    except (OperationalError, InterfaceError):
        away = Refused("unavailable", "Storage is away for a moment. Nothing was stored.", retry_after=RETRY_AFTER)
        return [Outcome(refused=away) for _ in batch]
    except Exception as error:
        if len(batch) > 1:
            return [outcome for mutation in batch for outcome in apply([mutation])]
        outcomes = _once_more(batch, error)
    if stored := [change for outcome in outcomes if not outcome.repeated for change in outcome.changes]:
        committed.send_robust(sender=apply, changes=stored)
    return outcomes


def _once_more(batch: Sequence[Mutation], error: Exception) -> list[Outcome]:
    """A second try, for what somebody else stored at the same moment; then it is a fault of ours."""
    if isinstance(error, IntegrityError):
        with suppress(DatabaseError):
            return _store(batch)
    log_safely(error)
    return [Outcome(refused=Refused("internal", "This could not be stored. The site's log says more."))]


def _store(batch: Sequence[Mutation]) -> list[Outcome]:
    with write_turn(), transaction.atomic(durable=True):
        plan = Plan(lock_trips(mutation.trip_id for mutation in batch), batch)
        outcomes = [plan.decide(mutation) for mutation in batch]
        plan.ledger.write(*MODELS)
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


def log_safely(error: Exception, what: str = "A change could not be stored") -> None:
    """Where it went wrong, without the message: a database's words quote what people wrote."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    logger.error("%s: %s\n%s", what, type(error).__name__, frames)
