"""What is asked for, and what came of it."""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
from django.utils.functional import cached_property

from . import exact_json
from .models import Change, User
from .refusals import Refused


class Step(msgspec.Struct, frozen=True):
    """One thing to do to one object: `op` is "set", "remove" or "restore". An id of None creates with an id of ours.

    `base_seq`: only if nobody else has changed these fields since then.
    """

    kind: str
    data: Mapping[str, Any]
    op: str = "set"
    id: str | None = None
    base_seq: int | None = None


class Mutation(msgspec.Struct, frozen=True, dict=True):
    """Steps that are done together or not at all, asked for by `actor` in one trip.

    `mutation_id` is the asker's own: the same one again is answered with the first outcome.
    `creates` makes the trip first; its first step then holds the trip's own fields.
    """

    trip_id: str
    actor: User
    steps: tuple[Step, ...]
    mutation_id: str | None = None
    creates: bool = False

    @cached_property  # Django's takes no lock, as that of functools does before Python 3.12
    def digest(self) -> str:
        """SHA-256 of what is asked for, by which a second use of a mutation_id is told from a repeat."""
        asked = [[step.kind, step.op, step.id, step.data, step.base_seq] for step in self.steps]
        return hashlib.sha256(exact_json.encode(asked)).hexdigest()


class Outcome(msgspec.Struct, frozen=True):
    """Either the changes that were stored, or why nothing was. `repeated`: they were stored by an earlier try."""

    changes: tuple[Change, ...] = ()
    refused: Refused | None = None
    repeated: bool = False

    @property
    def seq(self) -> int:
        """The trip's counter at the last of the changes."""
        return self.changes[-1].seq

    def unwrap(self) -> tuple[Change, ...]:
        """The changes; raises the refusal, where there is one."""
        if self.refused:
            raise self.refused
        return self.changes
