"""The dashboard and the alarms ask for nothing that is not there, and the document tells what to do at each alarm."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import yaml
from django.urls import URLPattern, URLResolver, get_resolver
from prometheus_client import CollectorRegistry

from indexes.errors import SourceError
from indexes.sync import doubt
from portal.metrics.pages import REQUESTS, STATIC, UNKNOWN
from portal.metrics.questions import QUESTIONS
from portal.metrics.room import PREFIX, Room
from tests.ops.environment import ROOT

FOLDER = ROOT / "docs" / "operations"
DOCUMENT = ROOT / "docs" / "operations.md"
NAME = re.compile(rf"\b{PREFIX}[a-z_]+")
HEADING = re.compile(r"^### ([A-Z][A-Za-z]+)$", re.MULTILINE)
WATCHDOG = "Watchdog"
COMMAND = re.compile(r"manage\.py ([a-z_]+)")


def alarms() -> list[dict[str, Any]]:
    groups = yaml.safe_load((FOLDER / "alerts.yml").read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def by_name() -> dict[str, dict[str, Any]]:
    return {alarm["alert"]: alarm for alarm in alarms()}


def asked_by_the_dashboard() -> Iterator[str]:
    for panel in json.loads((FOLDER / "grafana" / "borgerblik.json").read_text("utf-8"))["panels"]:
        yield from (target["expr"] for target in panel.get("targets", []))


@pytest.fixture
def known(redis_url: str, settings: Any) -> set[str]:
    """Every name that Prometheus reads, of the pages and of the machine room."""
    settings.CELERY_BROKER_URL = redis_url
    registry = CollectorRegistry()
    registry.register(Room())
    of_pages = {f"{PREFIX}request_seconds_{part}" for part in ("bucket", "count", "sum")}
    assert {family.name for family in REQUESTS.collect()} == {f"{PREFIX}request_seconds"}
    return of_pages | {family.name for family in registry.collect()}


@pytest.mark.django_db
def test_each_metric_that_is_asked_for_is_there_and_each_that_is_there_is_asked_for(known: set[str]) -> None:
    asked = {name for expression in asked_by_the_dashboard() for name in NAME.findall(expression)}
    rung = {name for alarm in alarms() for name in NAME.findall(alarm["expr"])}
    assert asked | rung == known
    assert {PREFIX + name for question in QUESTIONS for name in question.gauges} <= asked | rung


def test_no_panel_and_no_alarm_is_there_twice() -> None:
    panels = json.loads((FOLDER / "grafana" / "borgerblik.json").read_text("utf-8"))["panels"]
    for names in ([panel["title"] for panel in panels], [alarm["alert"] for alarm in alarms()]):
        assert len(names) == len(set(names))


def test_each_alarm_has_a_paragraph_of_its_own_and_no_other_has() -> None:
    told = DOCUMENT.read_text("utf-8").partition("## When an alarm rings")[2]
    assert HEADING.findall(told) == [alarm["alert"] for alarm in alarms()]


def test_each_alarm_says_how_urgent_it_is_and_what_is_wrong() -> None:
    for alarm in alarms():
        urgent = {"none"} if alarm["alert"] == WATCHDOG else {"page", "ticket"}
        assert alarm["labels"]["severity"] in urgent, alarm["alert"]
        assert alarm["annotations"]["summary"].endswith("."), alarm["alert"]


def test_each_alarm_is_tried_where_it_rings() -> None:
    """By ``promtool test rules``, which the suite does not have: see the file."""
    cases = yaml.safe_load((ROOT / "tests" / "metrics" / "alerts.yml").read_text("utf-8"))["tests"]
    rung = [sample["labels"] for case in cases for asked in case["promql_expr_test"] for sample in asked["exp_samples"]]
    assert {name for labels in rung for name in re.findall(r'alertname="(\w+)"', labels)} == set(by_name())


def test_one_alarm_always_rings_and_whoever_is_to_be_told_is_told_by_what_alarms_say() -> None:
    """The routes that the document gives to an Alertmanager."""
    assert by_name()[WATCHDOG]["expr"] == "vector(1)"
    assert "for" not in by_name()[WATCHDOG]
    told = DOCUMENT.read_text("utf-8").partition("**Who is told")[2].split("```")[1]
    matched = {match for route in yaml.safe_load(told)["route"]["routes"] for match in route["matchers"]}
    assert matched == {f'alertname="{WATCHDOG}"', 'severity="page"'}


def test_an_alarm_of_the_pages_names_routes_that_are_there_and_each_failing_request_rings_one() -> None:
    there = {pattern.name for pattern in pages_and_rest(get_resolver().url_patterns)} | {STATIC, UNKNOWN}
    named = {name: routes_in(alarm["expr"]) for name, alarm in by_name().items()}
    assert set().union(*named.values()) <= there
    of_people = named["PagesFail"] - {STATIC, "metrics", "healthz", "readyz"}  # the rest is asked by machines
    assert of_people == named["SignInsFail"] == {"sign_in_begin", "sign_in_answer"}


def routes_in(expression: str) -> set[str]:
    return {route for routes in re.findall(r'route[!=]~?"([^"]+)"', expression) for route in routes.split("|")}


def pages_and_rest(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from pages_and_rest(pattern.url_patterns)
        else:
            yield pattern


def test_what_believes_a_purge_is_named_where_its_alarm_is() -> None:
    told = DOCUMENT.read_text("utf-8").partition("### PurgeStands")[2].partition("###")[0]
    assert "manage.py purge_expired --confirm" in " ".join(told.split())


def test_each_error_of_a_source_is_named_with_what_to_do() -> None:
    told = DOCUMENT.read_text("utf-8").partition("### SourceFails")[2].partition("### ReadingHangs")[0]
    of_readings = {doubt.EMPTY_ANSWER, doubt.UNREADABLE, doubt.SUSPICIOUS_REMOVAL, doubt.OUR_FAULT}
    assert set(re.findall(r"`([a-z_]+)`", told)) == codes_of(SourceError) - {SourceError.code} | of_readings


def codes_of(error: type[SourceError]) -> set[str]:
    return {error.code}.union(*(codes_of(one) for one in error.__subclasses__()))


def test_the_document_names_each_command_that_is_there_and_no_other() -> None:
    there = {file.stem for file in ROOT.glob("*/management/commands/[a-z]*.py")}
    of_django = {"migrate", "collectstatic", "shell", "check", "clearsessions"}
    named = set(COMMAND.findall(DOCUMENT.read_text("utf-8")))
    assert there - named == set()
    assert named <= there | of_django
