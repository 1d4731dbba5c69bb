"""The console's addresses, under ``/kommune/``. What changes something names the authority in its address."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from borgerblik.receipts import DIGITS
from portal.municipality import cleaning, objections, quality, useful, views


class ReceiptConverter(StringConverter):
    """The number of an objection or a report: nothing else is looked up."""

    regex = f"[0-9]{{{DIGITS}}}"


register_converter(ReceiptConverter, "receipt")

urlpatterns = [
    path("", views.matrix, name="console"),
    path("aendringer/", views.changes, name="console_changes"),
    path("indsigelser/", objections.index, name="console_objections"),
    path("<str:code>/indsigelser/<receipt:receipt>/", objections.objection, name="console_objection"),
    path("<str:code>/indsigelser/<receipt:receipt>/svar/", objections.answer, name="console_answer"),
    path("brugbarhed/", useful.index, name="console_useful"),
    path("datakvalitet/", quality.index, name="console_quality"),
    path("<str:code>/datakvalitet/<receipt:receipt>/", quality.report, name="console_report"),
    path("<str:code>/datakvalitet/<receipt:receipt>/ser-paa/", quality.take, name="console_take"),
    path("<str:code>/datakvalitet/<receipt:receipt>/svar/", quality.answer, name="console_report_answer"),
    path("oprydning/", cleaning.index, name="console_cleaning"),
    path("<str:code>/oprydning/proev-igen/", cleaning.try_again, name="console_try_again"),
    path("<str:code>/oprydning/fagsystem/", cleaning.fagsystem, name="console_fagsystem"),
    path("<str:code>/oprydning/fagsystem/igen/", cleaning.use_again, name="console_use_again"),
    path("<str:code>/oprydning/<uuid:receipt>/", cleaning.receipt, name="console_receipt"),
    path("<str:code>/siden/", views.since, name="console_since"),
    path("<str:code>/etape/<int:etape>/", views.switch_etape, name="console_etape"),
    path("<str:code>/omraade/<slug:key>/", views.area, name="console_area"),
    path("<str:code>/omraade/<slug:key>/vis/", views.switch_area, name="console_switch_area"),
]
