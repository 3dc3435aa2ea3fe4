"""Why something was not done: values of the domain, the same for sockets, REST, forms and the admin."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .models import Change


class Refused(Exception):
    """A request that cannot be granted. `code` is one of PROTOCOL.md's error codes, `message` is for people.

    `fields` maps a field to sentences about it; `current` holds, for a conflict, what is stored now; `step` is the
    step of the mutation that was refused, where it was one of them.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        fields: Mapping[str, Sequence[str]] | None = None,
        current: Mapping[str, Any] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fields = fields
        self.current = current
        self.retry_after = retry_after
        self.step: object = None


def invalid(fields: Mapping[str, Sequence[str]]) -> Refused:
    """Something given cannot be taken; the message is the first sentence, told with its field's name."""
    name, sentences = next(iter(fields.items()))
    return Refused("invalid", f"{name}: {sentences[0]}", fields=fields)


def no_such_trip() -> Refused:
    """Also for a trip that the caller may not see: the answer does not tell which."""
    return Refused("not_found", "There is no such trip, or it is not shared with you.")


def conflict(last: "Change | None", values: Mapping[str, Any]) -> Refused:
    """Somebody else set these fields meanwhile: the `last` one, and what is stored now.

    Without a last one the journal does not reach back far enough to tell.
    """
    if last is None:
        return Refused("conflict", "This may have changed since: it is too long ago to tell.", current={"data": values})
    name = last.actor.get_short_name() if last.actor else "Somebody"
    current = {
        "seq": last.seq,
        "updated_by": last.actor.username if last.actor else None,
        "timestamp": last.time,
        "data": values,
    }
    return Refused("conflict", f"{name} changed this meanwhile.", current=current)
