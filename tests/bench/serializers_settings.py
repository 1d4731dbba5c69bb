"""Settings of the ordinary way: ours, without anything that stands before its view."""

from portal.settings import *  # noqa: F403 - the same database, in the same way

ROOT_URLCONF = "tests.bench.serializers"
MIDDLEWARE = []
REST_FRAMEWORK = {"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"]}
