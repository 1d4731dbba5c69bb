"""The portal's addresses, and some calls that go wrong on purpose."""

from django.db import OperationalError
from django.urls import path
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.urls import handler400, handler500
from portal.urls import urlpatterns as portal

__all__ = ["handler400", "handler500", "urlpatterns"]

SECRET_IN_ERROR = "6113991234"


class Broken(APIView):
    permission_classes = (AllowAny,)

    def get(self, _request: Request) -> Response:
        raise RuntimeError(SECRET_IN_ERROR)


class WithoutDatabase(APIView):
    permission_classes = (AllowAny,)

    def get(self, _request: Request) -> Response:
        raise OperationalError(SECRET_IN_ERROR)


class SaysNothingOfAccess(APIView):
    def get(self, _request: Request) -> Response:
        return Response({"secret": SECRET_IN_ERROR})


urlpatterns = [
    path("api/broken", Broken.as_view()),
    path("api/without-database", WithoutDatabase.as_view()),
    path("api/says-nothing", SaysNothingOfAccess.as_view()),
    *portal,
]
