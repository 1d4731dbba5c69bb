"""The environment of a measuring run, set before Django reads its settings.

A PostgreSQL of its own, with fsync on, and a Valkey in which a consumer's calls are counted, as in production.
"""

import os
from pathlib import Path

import django

from portal.embedded.postgres import EmbeddedPostgres
from portal.embedded.valkey import EmbeddedValkey

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / ".data" / "bench"
PLACE.mkdir(parents=True, exist_ok=True)
POSTGRES = EmbeddedPostgres(PLACE / "postgres")
VALKEY = EmbeddedValkey(PLACE / "valkey")

os.environ.setdefault("DATABASE_URL", POSTGRES.url)
os.environ.setdefault("REDIS_URL", VALKEY.url)
os.environ.setdefault("API_CALLS_PER_MINUTE", "1000000")  # counted, and never too many
os.environ.setdefault("DEMO", "1")
os.environ.setdefault("SECRET_KEY", "of-the-measuring-run-only")
os.environ.setdefault("CPR_KEYS", "1:of-the-measuring-run-only")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()
