"""The journal: every change that was ever made to a trip, with what was there before."""

from django.db import models

from .. import ids
from ..exact_json import ExactDecoder, ExactEncoder
from .row import Row
from .trip import Trip
from .user import User


class Change(Row):
    """One row a change. At once the outbox, the replay log, the history, and the record of who sent what already.

    `after` and `before` hold the fields that changed, in the shape that everyone is sent; `before` is null
    for a creation. A mutation that made several changes numbers them by `part`.
    """

    class Op(models.TextChoices):
        SET = "set"
        REMOVE = "remove"
        RESTORE = "restore"

    class Audience(models.TextChoices):
        EVERYONE = "everyone"
        MEMBERS = "members"

    trip = models.ForeignKey(Trip, models.CASCADE, related_name="changes", db_index=False)
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=32)
    op = models.CharField(max_length=8, choices=Op.choices)
    object_id = models.CharField(max_length=ids.MAX_LENGTH)
    after = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder)
    before = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder, null=True)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", db_index=False)
    mutation_id = models.CharField(max_length=ids.MAX_LENGTH, null=True)  # noqa: DJ001 (null is "none given")
    part = models.PositiveSmallIntegerField(default=0)
    digest = models.CharField(max_length=64, help_text="SHA-256 of what was asked for.")
    audience = models.CharField(
        max_length=70, choices=Audience.choices, help_text="Everyone, the members, or “user:<username>”."
    )
    time = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("trip", "seq", name="change_seq_in_trip"),
            # The person first: so this index finds all that somebody did, too.
            models.UniqueConstraint("actor", "trip", "mutation_id", "part", name="change_once_a_mutation"),
            # Not `op__in`: for that, SQLite would make a table of the three for each change that is stored. Where other
            # models have it, it is only when an object is made, or the very field is changed.
            models.CheckConstraint(
                condition=models.Q(op="set") | models.Q(op="remove") | models.Q(op="restore"),
                name="change_op_is_known",
            ),
        ]
        indexes = [models.Index("trip", "kind", "object_id", "seq", name="change_of_object")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}: {self.op} (#{self.seq})"
