"""Faults of our own: told in one sentence, and logged without what people wrote."""

import logging
import traceback

from .refusals import Refused

logger = logging.getLogger(__name__)


def fault(error: Exception, what: str) -> Refused:
    """How a fault is told; it is logged, too. `what` went wrong, for the log."""
    log_safely(error, what)
    return Refused("internal", "This went wrong here. The site's log says more.")


def log_safely(error: Exception, what: str) -> None:
    """Where it went wrong, without the message: a database's words quote what people wrote."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    logger.error("%s: %s\n%s", what, type(error).__name__, frames)
