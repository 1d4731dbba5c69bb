"""Who may call the API. Silence means no: a view that names no permission is closed.

How a consumer registers and gets its token is OAuth 2's business (django-oauth-toolkit); how a citizen signs in is
``portal.login``'s.
"""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission

if TYPE_CHECKING:  # REST framework reads this module from its settings while its views are being imported
    from rest_framework.request import Request
    from rest_framework.views import APIView


class Nobody(BasePermission):
    """The default: closed, also to whoever is signed in."""

    def has_permission(self, request: "Request", view: "APIView") -> bool:  # noqa: ARG002 - the answer is always the same
        return False
