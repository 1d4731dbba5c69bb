"""The citizen's addresses. They are Danish, as the citizens are; the code's names for them are English."""

from django.urls import path
from django.views.generic import RedirectView

from portal.access import public
from portal.citizen import accessibility, copies, helpers, reports, usefulness, views, who_has_seen

urlpatterns = [
    path("", views.overview, name="overview"),
    path("sager/", views.cases, name="cases"),
    path("sager/<uuid:uuid>/", views.case, name="case"),
    path("penge/", views.money, name="money"),
    path("penge/udbetalinger.csv", views.payments, name="payments"),
    path("penge/aar/<int:year>/", views.year, name="year"),
    path("plan/", views.plan, name="plan"),
    path("plan/koeleskabsplan/", views.fridge, name="fridge"),
    path("omraader/", views.areas, name="areas"),
    path("hvem-har-set/", who_has_seen.access_log, name="access_log"),
    path("hvem-har-set/<int:number>/", who_has_seen.objection, name="objection"),
    path("noget-galt/", reports.index, name="reports"),
    path("noget-galt/<slug:kind>/<uuid:uuid>/", reports.report, name="report"),
    path("hjaelpere/", helpers.index, name="helpers"),
    path("hjaelpere/giv/", helpers.give, name="power_give"),
    path("hjaelpere/kode/", helpers.code, name="power_code"),
    path("hjaelpere/egen-side/", helpers.own_pages, name="own_pages"),
    path("hjaelpere/<uuid:uuid>/stop/", helpers.stop, name="power_stop"),
    path("hjaelpere/<uuid:uuid>/se/", helpers.see, name="power_use"),
    path("kunne-du-bruge-siden/", usefulness.useful, name="useful"),
    path("kunne-du-bruge-siden/tak/<slug:answer>/", usefulness.thanks, name="useful_thanks"),
    path("tilgaengelighed/", accessibility.accessibility, name="accessibility"),
    path("was/", public(RedirectView.as_view(pattern_name="accessibility")), name="was"),  # where DIGST has people look
    path("om-dine-data/", views.your_data, name="your_data"),
    path("om-dine-data/kopi/", copies.copy, name="copy"),
]
