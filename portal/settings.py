"""Django's settings. What the environment decides is read in ``config.py``; here it is only put in its place."""

from pathlib import Path
from typing import Final

from celery.schedules import crontab
from csp.constants import NONE, SELF
from kombu import Exchange, Queue
from pydantic import PostgresDsn

from borgerblik import languages
from portal import config
from portal.config import origin_of

BASE_DIR = Path(__file__).resolve().parent.parent
CONFIG = config.load()

DEBUG = CONFIG.debug
SECRET_KEY = CONFIG.secret_key.get_secret_value()
ALLOWED_HOSTS = CONFIG.allowed_hosts
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
AUTH_USER_MODEL = "portal.StaffUser"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "oauth2_provider",
    "csp",
    "indexes",
    "borgerblik",
    "portal",
]

MIDDLEWARE = [
    "portal.metrics.pages.counted",  # around all others: every answer counts, with all that is done for it
    "portal.request_id.identified",
    # Next what gives headers to every answer, those of files included.
    "portal.headers.every_answer",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.metrics.views.scraped",
    "portal.health.probed",
    "django.middleware.common.CommonMiddleware",
    # Past what follows go the calls of systems: it is for browsers.
    "portal.api.direct.systems_calls",
    "portal.middleware.compressed_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.login.limits.session_limits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.middleware.language",
    "portal.middleware.methods_in_words",
    "portal.middleware.private_pages",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                ("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"]),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "portal.context.site",
            ],
        },
    },
]


def _database(url: PostgresDsn) -> dict[str, object]:
    """Django's entry for a database: persistent connections, prepared on the server (docs/adr/0002)."""
    host = url.hosts()[0]
    query = dict(url.query_params())
    return {
        "ENGINE": "portal.postgres",
        "NAME": (url.path or "/borgerblik").lstrip("/"),
        "USER": host["username"] or "",
        "PASSWORD": host["password"] or "",
        "HOST": query.get("host") or host["host"] or "",
        "PORT": str(host["port"] or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,  # without a round trip (portal/postgres)
        "OPTIONS": {
            "server_side_binding": True,
            "prepare_threshold": 1,
            "options": f"-c lock_timeout={round(CONFIG.lock_timeout * 1000)}",  # in milliseconds
        },
    }


def _databases() -> dict[str, dict[str, object]]:
    """The one this process logs in to, and the same as the console's role for a process that serves it."""
    if CONFIG.database_url is None:
        return {"default": {"ENGINE": "portal.postgres", "NAME": "borgerblik"}}
    console = {} if CONFIG.console_database_url is None else {"console": _database(CONFIG.console_database_url)}
    return {"default": _database(CONFIG.database_url), **console}


DATABASES = _databases()
DATABASE_ROUTERS = ["portal.databases.Router"]

CPR_KEYS = CONFIG.cpr_keys.get_secret_value()
SDI_URL = CONFIG.sdi_url
YI_URL = CONFIG.yi_url
PLAN_URL = CONFIG.plan_url
SDI_ROLES = CONFIG.roles_of_sdi()
YI_ROLES = CONFIG.roles_of_yi()
AMQP_URL = CONFIG.amqp_url
AMQP_TOKEN_FILE = CONFIG.amqp_token_file
AMQP_CERTIFICATE_FILE = CONFIG.amqp_certificate_file
AMQP_CA_FILE = CONFIG.amqp_ca_file
EVENTS_QUEUE = CONFIG.events_queue
EVENTS_RECIPIENTS = CONFIG.events_recipients
EVENT_ROLES = CONFIG.roles_of_events()
EVENTS_MAX_BYTES = CONFIG.events_max_bytes
SOURCE_TIMEOUT = CONFIG.source_timeout
SOURCE_MAX_BYTES = CONFIG.source_max_bytes
SOURCE_PAGE_SIZE = CONFIG.source_page_size
SOURCE_PORTION_SIZE = CONFIG.source_portion_size
SOURCE_CALLS_AT_ONCE = CONFIG.source_calls_at_once
SOURCE_CALLS_PER_SECOND = CONFIG.source_calls_per_second
FRESH_MINUTES = CONFIG.fresh_minutes
MAX_REMOVAL_SHARE = CONFIG.max_removal_share
KEEP_ENDED_DAYS = CONFIG.keep_ended_days
KEEP_LOG_DAYS = CONFIG.keep_log_days
KEEP_QUARANTINE_DAYS = CONFIG.keep_quarantine_days
KEEP_RUNS_DAYS = CONFIG.keep_runs_days
KEEP_CHANGES_DAYS = CONFIG.keep_changes_days
KEEP_EMPLOYEES_DAYS = CONFIG.keep_employees_days
KEEP_LEFT_DAYS = CONFIG.keep_left_days
METRICS_TOKEN = CONFIG.metrics_token.get_secret_value()
METRICS_DIR = CONFIG.metrics_dir

LANGUAGE_CODE = "da"
LANGUAGES = [(one.tag, one.name) for code, one in languages.load().items() if code == one.tag]
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / ".data" / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]  # what packages bring is served to nobody
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.static_files.StaticFiles"},
}

SESSION_ENGINE = "portal.login.sessions"
SECURE = not (CONFIG.demo or CONFIG.debug)  # the demo is plain HTTP on loopback
# A cookie so named is believed by browsers only from this host, on every path and encrypted (RFC 6265bis, 4.1.3.2).
_COOKIE = "__Host-" if SECURE else ""
SESSION_COOKIE_NAME = f"{_COOKIE}borgerblik"
CSRF_COOKIE_NAME = f"{_COOKIE}csrftoken"
LANGUAGE_COOKIE_NAME = f"{_COOKIE}sprog"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # they name authorities: in no cookie
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 60 * 60  # the longest that login/clock.py lets a session last
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = False  # the proxy in front decides
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True  # "preload" is for whoever owns the whole domain to ask for (docs/security.md)
SECURE_REFERRER_POLICY = "same-origin"  # not "no-referrer": a form would then come without its Origin, and be refused
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, origin_of(CONFIG.oidc_issuer)],  # signing out leads there
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        # No script of ours makes markup from text, and none may begin to.
        "require-trusted-types-for": ["'script'"],
        "trusted-types": [NONE],
        "upgrade-insecure-requests": SECURE,
    },
}

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["portal.api.rendering.JsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.access.Nobody"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "portal.api.rendering.OneFormat",
    "URL_FORMAT_OVERRIDE": None,  # the format is asked for by Accept alone
    "EXCEPTION_HANDLER": "portal.api.problems.handle",
    "UNAUTHENTICATED_USER": None,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Borgerblik",
    "DESCRIPTION": "One citizen's overview, for a stated purpose.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}

OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"  # a registration stands beside it; for migrations
OAUTH2_PROVIDER = {
    "SCOPES_BACKEND_CLASS": "portal.api.oauth.RegisteredScopes",
    "OAUTH2_VALIDATOR_CLASS": "portal.api.oauth.Validator",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 600,
    # What RFC 9700 (best current practice for OAuth 2) says of the parts we use and of those we do not.
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
}

CELERY_BROKER_URL = CONFIG.redis_url or "redis+socket:///nowhere"
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TIMEZONE = TIME_ZONE
# Three queues, so that nobody who signs in waits behind a bulk load; a worker takes all, or those named with -Q.
CITIZENS, LOADS, UPKEEP = QUEUES = ("citizens", "loads", "upkeep")
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in QUEUES]
CELERY_TASK_DEFAULT_QUEUE = UPKEEP
CELERY_TASK_ROUTES = {
    "borgerblik.tasks.refresh_citizen": {"queue": CITIZENS},
    "borgerblik.tasks.sync_one": {"queue": LOADS},
    "borgerblik.tasks.read_portion": {"queue": LOADS},
    "borgerblik.tasks.clean": {"queue": LOADS},
}
SYNC_MINUTES = CONFIG.sync_minutes
# A message is over when the next comes (expires): after an hour without workers all is done once, not sixty times.
_MINUTE: Final = {"schedule": 60, "options": {"expires": 60}}
CELERY_BEAT_SCHEDULE = {
    "bulk-sync": {
        "task": "borgerblik.tasks.sync_all",
        "schedule": SYNC_MINUTES * 60,
        "options": {"expires": SYNC_MINUTES * 60},
    },
    "try-failing-again": {"task": "borgerblik.tasks.sync_failing", **_MINUTE},
    "clean-what-waits": {"task": "borgerblik.tasks.clean_what_waits", **_MINUTE},
    "seal-access-log": {"task": "borgerblik.tasks.seal_access_log", **_MINUTE},
    "seal-settings-history": {"task": "borgerblik.tasks.seal_settings_history", **_MINUTE},
    # At night, and by the clock: an interval would begin anew with each restart.
    "purge-expired": {
        "task": "portal.tasks.purge_expired",
        "schedule": crontab(hour=3, minute=20),
        "options": {"expires": 24 * 60 * 60},
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {
            "()": "portal.logs.MaskingFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
        "json": {"()": "portal.logs.JsonFormatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": CONFIG.log_format}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "httpx": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},  # what a visitor asked for wrongly is not the operator's to read
        # nor is a foreign host name: it is answered with 400, and probes bring one every minute
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
