"""The ordinary way to the same rows: Django's models through REST framework's serializers, three queries, nothing else.

No sign-in, no policy, no words and no log; connections are kept and statements prepared, as ours are.
"""

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ModelSerializer
from rest_framework.views import APIView

from indexes.models import Case, Grant, Payment


class CaseSerializer(ModelSerializer[Case]):
    class Meta:
        model = Case
        fields = ("uuid", "kle", "sensitivity", "opened", "registered", "facts")


class GrantSerializer(ModelSerializer[Grant]):
    class Meta:
        model = Grant
        fields = ("uuid", "starts", "ends", "registered", "facts")


class PaymentSerializer(ModelSerializer[Payment]):
    class Meta:
        model = Payment
        fields = ("uuid", "available", "registered", "facts")


class Summary(APIView):
    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()

    def get(self, request: Request, citizen: UUID) -> Response:  # noqa: ARG002 - as the framework calls it
        told: dict[str, Any] = {
            "cases": CaseSerializer(Case.objects.filter(citizen_id=citizen), many=True).data,
            "grants": GrantSerializer(Grant.objects.filter(citizen_id=citizen), many=True).data,
            "payments": PaymentSerializer(
                Payment.objects.filter(citizen_id=citizen).order_by("-available"), many=True
            ).data,
        }
        return Response(told)


urlpatterns = [path("<uuid:citizen>", Summary.as_view())]
