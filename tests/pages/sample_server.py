"""A server of the samples' pages: the real middleware and files; sessions in cookies, no database."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Whoever asks says what went wrong."""


@contextmanager
def sample_server() -> Iterator[str]:
    """The address of a server of ``sample_urls``, as long as the block lasts."""
    with override_settings(
        ROOT_URLCONF="tests.pages.sample_urls",
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        STATIC_ROOT=settings.STATIC_ROOT,
    ):
        server = make_server("127.0.0.1", 0, WSGIHandler(), handler_class=_Silent)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
