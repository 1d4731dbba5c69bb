"""The environment in which pictures are taken: as the suite's, with Django ready before anything asks for it."""

import os

import django

from tests.ops.environment import ROOT

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

PLACE = ROOT / "docs" / "screens"
