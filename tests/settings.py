"""The site's settings as the tests use them; also for the servers that they start."""

import os

os.environ.setdefault("HTTPS", "false")
# To empty all tables takes its time when somebody reads them. Servers are given the site's own limits.
os.environ.setdefault("DATABASE_PATIENCE", "20")
os.environ.setdefault("DATABASE_LOCK_PATIENCE", "20")
# In Redis each run has names of its own, and so has each of its workers; the servers that they start inherit both.
os.environ.setdefault("REDIS_PREFIX", f"test-{os.getpid()}")

from globetrotter.settings import *  # noqa: F403
from globetrotter.settings import CHANNEL_LAYERS, INSTALLED_APPS, REDIS_PREFIX, REDIS_URL, REST_FRAMEWORK, STORAGES

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

# LOOK_EACH: seconds from one look to the next, where a server is to hear of everything by itself.
if os.environ.get("LOOK_EACH"):
    INSTALLED_APPS = [*INSTALLED_APPS, "tests.realtime"]

REDIS_PREFIX = f"{REDIS_PREFIX}-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
if REDIS_URL:
    CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = REDIS_PREFIX
