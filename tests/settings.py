"""The site's settings as the tests use them; also for the servers that they start."""

import os

os.environ.setdefault("HTTPS", "false")

from globetrotter.settings import *  # noqa: F403
from globetrotter.settings import CHANNEL_LAYERS, REDIS_URL, REST_FRAMEWORK, STORAGES

# Static files as they lie in the working copy, served without collecting them.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True

# Cheap to compute: hundreds of people sign in.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Only limits are counted in the cache. Redis' is emptied as a whole, also for the tests that run beside.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

REST_FRAMEWORK |= {
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": ["trips.api.json.ExactJSONRenderer"],
}

if REDIS_URL:
    # Redis' channels are not parted by database number: each test process has its own names.
    CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
