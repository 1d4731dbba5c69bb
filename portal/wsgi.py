"""The WSGI application that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()

from indexes.collector import collect_seldom  # noqa: E402 - Django's settings first
from portal.databases import refuse_connections, refuse_who_sees_everyone  # noqa: E402 - Django's settings first

refuse_connections()
refuse_who_sees_everyone()

# A citizen's read makes thousands of objects, none of them in a cycle; and what is loaded once is never looked through.
collect_seldom()
gc.freeze()
