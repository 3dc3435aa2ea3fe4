"""Every setting of the site. What an operator may change is read from the environment, where it stands."""

import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.management.utils import get_random_secret_key
from psycopg import IsolationLevel

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# DEBUG: error pages with details, the demo's sign-in, unhashed static files. Never on a public address.
DEBUG: bool = env.bool("DEBUG", default=False)

# DATA_DIR: where the database file and the secret key live in the embedded installation.
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
DATA_DIR.mkdir(parents=True, exist_ok=True)


def _secret_key(path: Path) -> str:
    """The key of this installation, made on the first run and readable by its owner only."""
    with suppress(FileExistsError):
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(get_random_secret_key())
    return path.read_text()


# SECRET_KEY: signs sessions and JWTs. Processes that share a database must share it.
SECRET_KEY: str = env.str("SECRET_KEY", default="") or _secret_key(DATA_DIR / "secret_key")

# ALLOWED_HOSTS: the names this site is reached by, comma separated.
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

# ALLOWED_ORIGINS: other pages (scheme://host:port) that may open sockets with this site's cookie.
ALLOWED_ORIGINS: list[str] = env.list("ALLOWED_ORIGINS", default=[])
CSRF_TRUSTED_ORIGINS: list[str] = ALLOWED_ORIGINS

# HTTPS: the site is reached by https only (cookies are secure, browsers are told so). Off for a plain home network.
HTTPS: bool = env.bool("HTTPS", default=not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
# BEHIND_PROXY: a proxy in front sets X-Forwarded-Proto, and strips it from what comes in.
BEHIND_PROXY: bool = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a trip's page in the admin is one form, with up to 200 rows a kind

INSTALLED_APPS = [
    "daphne",
    # Ours first: their templates take the place of the libraries'.
    "realtime",
    "trips",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "channels",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

ROOT_URLCONF = "globetrotter.urls"
ASGI_APPLICATION = "globetrotter.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "trips.theme.context",
                "realtime.presence_context.people_here",
            ],
        },
    },
]

# DATABASE_URL: postgres://user:password@host:port/name; without it, an SQLite file in DATA_DIR.
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'globetrotter.sqlite3'}")
}
# Snapshots and replays are read on a connection of their own: one consistent view, and never a write.
DATABASES["reader"] = {**DATABASES["default"], "TEST": {"MIRROR": "default"}}
# DATABASE_PATIENCE: seconds after which storage that does not answer counts as away; 0: never, and so for commands.
DATABASE_PATIENCE: float = env.float("DATABASE_PATIENCE", default=5)
# DATABASE_LOCK_PATIENCE: seconds that a change waits for a row that somebody else keeps locked (PostgreSQL).
DATABASE_LOCK_PATIENCE: float = env.float("DATABASE_LOCK_PATIENCE", default=2)
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A writer takes the lock when it begins; what is acknowledged is on the disk. The log is copied into the file at
    # some 16 MB: the larger it is, the more of its pages were written often, and are copied once.
    kept = ("journal_mode=WAL", "wal_autocheckpoint=4000", "synchronous=FULL", "foreign_keys=ON")
    pragmas = " ".join(f"PRAGMA {pragma};" for pragma in kept)
    options: dict[str, Any] = {"timeout": DATABASE_PATIENCE or 86_400, "init_command": pragmas}
    DATABASES["default"]["OPTIONS"] = {**options, "transaction_mode": "IMMEDIATE"}
    DATABASES["reader"]["OPTIONS"] = {**options, "transaction_mode": "DEFERRED"}
    # Tests use several threads, so they need a file too.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    # DATABASE_POOL_SIZE: connections that each process may keep open to write, and as many to read.
    pool = {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", default=8), "timeout": 5, "reconnect_timeout": 5}
    # DATABASE_PREPARE: how often a statement comes before PostgreSQL keeps its plan; 0: never, for poolers that cannot.
    prepare = env.int("DATABASE_PREPARE", default=3)
    # In milliseconds. What a process that froze in the middle of a change has locked is not kept for ever either.
    limits = {
        "statement_timeout": DATABASE_PATIENCE * 1000,
        "lock_timeout": DATABASE_LOCK_PATIENCE * 1000 if DATABASE_PATIENCE else 0,
        "idle_in_transaction_session_timeout": DATABASE_PATIENCE * 2000,
    }
    # One plan is kept for every statement. Otherwise those that are given a list are planned anew each time. So a plan
    # outlives what it was made for: what is read whole while it is small would be when it is large. All has an index.
    plans = {"plan_cache_mode": "force_generic_plan", "enable_seqscan": "off", "jit": "off"}
    session = {**{name: f"{value:.0f}" for name, value in limits.items()}, **plans}
    given = DATABASES["default"].get("OPTIONS", {})
    options = {
        **given,
        "pool": pool,
        "server_side_binding": prepare > 0,
        "prepare_threshold": prepare or None,
        "options": " ".join([*(f"-c {name}={value}" for name, value in session.items()), given.get("options", "")]),
        "connect_timeout": 5,
        # A line that is cut without a word is noticed in some ten seconds.
        "tcp_user_timeout": 10_000,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
    }
    # What stores has transactions in one pipeline; what reads needs no more than Django's own backend.
    DATABASES["default"] |= {"ENGINE": "globetrotter.postgresql", "OPTIONS": options}
    DATABASES["reader"]["OPTIONS"] = {**options, "isolation_level": IsolationLevel.REPEATABLE_READ}
    # One that PostgreSQL closed meanwhile is not handed out.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = DATABASES["reader"]["CONN_HEALTH_CHECKS"] = True

# REDIS_URL: redis://host:port/0 joins several processes; without it, everything is in this one process' memory.
REDIS_URL: str = env.str("REDIS_URL", default="")
# REDIS_PREFIX: parts installations that share one Redis; its channels are not parted by the number in REDIS_URL.
REDIS_PREFIX: str = env.str("REDIS_PREFIX", default="globetrotter")
# A line that is cut without a word is noticed in some ten seconds; a socket in the file system has none.
noticing = {"TCP_USER_TIMEOUT": 10_000, "TCP_KEEPIDLE": 5, "TCP_KEEPINTVL": 2, "TCP_KEEPCNT": 3}
kept_alive = {getattr(socket, name): value for name, value in noticing.items() if hasattr(socket, name)}
REDIS_SOCKET: dict[str, Any] = (
    {} if REDIS_URL.startswith("unix:") else {"socket_keepalive": True, "socket_keepalive_options": kept_alive}
)
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": (
        {
            "BACKEND": "realtime.redis_layer.RedisLayer",
            "CONFIG": {"hosts": [{"address": REDIS_URL, **REDIS_SOCKET}], "prefix": REDIS_PREFIX},
        }
        if REDIS_URL
        else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    )
}
CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": REDIS_PREFIX,
            # Only limits are counted there: nobody waits long for a Redis that hangs.
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

AUTH_USER_MODEL = "trips.User"
AUTHENTICATION_BACKENDS = [
    "trips.known_password.RefusedAtSignIn",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "trips.known_password.NotChosen"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/trips/"

# Accounts: allauth's pages and limits on guessing (5 wrong passwords in 5 minutes), in our words.
ACCOUNT_ADAPTER = "trips.adapter.AccountAdapter"
ACCOUNT_USERNAME_VALIDATORS = "trips.adapter.username_validators"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "trips.forms.SignUpName"
ACCOUNT_FORMS = {
    "login": "trips.account_forms.SignInForm",
    "signup": "trips.account_forms.SignUpForm",
    "reset_password": "trips.account_forms.ForgottenPasswordForm",
    "reset_password_from_key": "trips.account_forms.NewPasswordForm",
    "change_password": "trips.account_forms.ChangePasswordForm",
    "set_password": "trips.account_forms.SetPasswordForm",
    "add_email": "trips.account_forms.EmailForm",
    "reauthenticate": "trips.account_forms.ConfirmPasswordForm",
}
# EMAIL_VERIFICATION: “mandatory” before the first sign-in, “optional” (a link is sent, nothing waits for it), “none”.
ACCOUNT_EMAIL_VERIFICATION: str = env.str("EMAIL_VERIFICATION", default="optional")
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_USER_DISPLAY = "trips.adapter.display"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"

# JWTs are tied to a session: signing out, or a new password, ends them at once.
HEADLESS_TOKEN_STRATEGY = "allauth.headless.tokens.strategies.jwt.JWTTokenStrategy"
HEADLESS_JWT_ALGORITHM = "HS256"
HEADLESS_JWT_STATEFUL_VALIDATION_ENABLED = True
HEADLESS_JWT_ACCESS_TOKEN_EXPIRES_IN = 900
HEADLESS_CLIENTS = ("app",)

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "trips.api.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["trips.api.throttles.Pace", "trips.api.throttles.WritingPace"],
    "DEFAULT_RENDERER_CLASSES": ["trips.api.json.ExactJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["trips.api.json.ExactJSONParser"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "trips.api.schema.Schema",
    "EXCEPTION_HANDLER": "trips.api.errors.answer",
    "NUM_PROXIES": 1 if BEHIND_PROXY else 0,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "GlobeTrotter",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": ["trips.api.schema_finish.finish"],
}

# LANGUAGE and time: what is stored is UTC; an itinerary's times are local to the place.
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static-collected"
# Without DEBUG, names carry a hash of what they hold, and are kept for ever; `manage.py collectstatic` makes them,
# and bundles what a page loads.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "trips.bundles.BundlingStorage"
    },
}
# What the browser loads comes from this site: fonts and modules of node_modules, under the prefix npm/.
STATICFILES_DIRS = [
    (f"npm/{prefix}", BASE_DIR / "node_modules" / folder)
    for prefix, folder in {
        "figtree": "@fontsource-variable/figtree/files",
        "newsreader": "@fontsource/newsreader/files",
        "preact": "preact/dist",
        "preact-hooks": "preact/hooks/dist",
        "signals": "@preact/signals/dist",
        "signals-core": "@preact/signals-core/dist",
        "htm": "htm/dist",
        "idb-keyval": "idb-keyval/dist",
        "fractional-indexing": "fractional-indexing/src",
    }.items()
]

# EMAIL_URL: smtp://user:password@host:port; without it, mail is printed on the console.
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
# EMAIL_FROM: the sender of what the site mails.
DEFAULT_FROM_EMAIL: str = env.str("EMAIL_FROM", default="GlobeTrotter <globetrotter@localhost>")

# LOG_LEVEL: what is printed, on standard error: DEBUG, INFO, WARNING, ERROR.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {"django": {"handlers": []}},  # the root prints it, once
}

# Limits of one socket, and of one person's requests (see docs/PROTOCOL.md, "Limits").
# MESSAGE_MAX_BYTES: one message. MESSAGE_MAX_DEPTH: its nesting.
MESSAGE_MAX_BYTES: int = env.int("MESSAGE_MAX_BYTES", default=65_536)
MESSAGE_MAX_DEPTH: int = env.int("MESSAGE_MAX_DEPTH", default=16)
# MESSAGES_PER_SECOND, MUTATIONS_PER_SECOND, JOINS_PER_SECOND: sustained rates; the bursts come on top.
MESSAGES_PER_SECOND: float = env.float("MESSAGES_PER_SECOND", default=20)
MESSAGES_BURST: int = env.int("MESSAGES_BURST", default=60)
MUTATIONS_PER_SECOND: float = env.float("MUTATIONS_PER_SECOND", default=10)
MUTATIONS_BURST: int = env.int("MUTATIONS_BURST", default=40)
JOINS_PER_SECOND: float = env.float("JOINS_PER_SECOND", default=5)
# CONNECTIONS_PER_PERSON: sockets one account may hold open.
CONNECTIONS_PER_PERSON: int = env.int("CONNECTIONS_PER_PERSON", default=20)
# OBJECTS_PER_TRIP: living objects (stops, activities, budget lines, members) of one trip.
OBJECTS_PER_TRIP: int = env.int("OBJECTS_PER_TRIP", default=5_000)
# REPLAY_MAX_CHANGES, REPLAY_MAX_BYTES: a returning client that missed more gets a snapshot.
REPLAY_MAX_CHANGES: int = env.int("REPLAY_MAX_CHANGES", default=1_000)
REPLAY_MAX_BYTES: int = env.int("REPLAY_MAX_BYTES", default=1_048_576)
# SNAPSHOTS_MAX_BYTES: encoded trips that each process keeps for those who enter next.
SNAPSHOTS_MAX_BYTES: int = env.int("SNAPSHOTS_MAX_BYTES", default=33_554_432)
# OUTBOX_MAX_BYTES: what may wait for one slow reader before it is cut (4408).
OUTBOX_MAX_BYTES: int = env.int("OUTBOX_MAX_BYTES", default=4_194_304)
# PRESENCE_GRACE: seconds a person stays shown after a connection that broke, or a process that died (at least 3).
PRESENCE_GRACE: float = env.float("PRESENCE_GRACE", default=10)
# CLIENT_SILENCE: seconds without a ping after which a globetrotter.v1 client is cut (4408).
CLIENT_SILENCE: float = env.float("CLIENT_SILENCE", default=60)
