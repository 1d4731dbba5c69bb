"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()

from portal.databases import refuse_connections, refuse_who_sees_everyone  # noqa: E402 - Django's settings first

refuse_connections()
refuse_who_sees_everyone()
