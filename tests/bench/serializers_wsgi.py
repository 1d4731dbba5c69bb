"""Serves ``serializers``; whoever starts it says which settings, ``serializers_settings``."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
