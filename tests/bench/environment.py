"""The environment of a measuring run, set before Django reads its settings: a PostgreSQL of its own, with fsync on."""

import os
from pathlib import Path

import django

from portal.embedded.postgres import EmbeddedPostgres

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / ".data" / "bench"
PLACE.mkdir(parents=True, exist_ok=True)
POSTGRES = EmbeddedPostgres(PLACE / "postgres")

os.environ.setdefault("DATABASE_URL", POSTGRES.url)
os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:1")  # nothing is asked of it
os.environ.setdefault("DEMO", "1")
os.environ.setdefault("SECRET_KEY", "of-the-measuring-run-only")
os.environ.setdefault("CPR_KEYS", "1:of-the-measuring-run-only")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()
