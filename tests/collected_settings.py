"""The site's own settings, with static files that a test has collected; for the servers that serve them."""

import os
from pathlib import Path

from globetrotter.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["STATIC_ROOT"])
