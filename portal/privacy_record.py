"""The record of processing (GDPR art. 30), written from the declarations and the addresses. Pure: text in, text out.

``manage.py privacy_record`` writes it to docs/privacy/record.md; a test compares that file with the code.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from indexes.personal import About, Datum, Declared, Kind, Origin, Rule

KINDS: Final[Mapping[Kind, str]] = {
    Kind.NOT_PERSONAL: "not personal",
    Kind.PSEUDONYM: "pseudonym (GDPR art. 4(5))",
    Kind.ORDINARY: "ordinary (art. 6)",
    Kind.CONFIDENTIAL: "confidential (art. 6)",
    Kind.SPECIAL: "may be a special category (art. 9)",
    Kind.CPR: "CPR number (art. 87, databeskyttelsesloven § 11)",
}
ORIGINS: Final[Mapping[Origin, str]] = {
    Origin.SDI: "Sags- og Dokumentindeks",
    Origin.YI: "Ydelsesindeks",
    Origin.PLAN: "plan index",
    Origin.PROVIDER: "identity provider",
    Origin.CITIZEN: "the citizen",
    Origin.AUTHORITY: "the authority",
    Origin.CONSUMER: "the calling system",
    Origin.KL: "KL (KLE)",
    Origin.HERE: "made here",
}
HEAD: Final = """# Record of processing

Written by `manage.py privacy_record` from the code; change the declarations (`*/declared.py`) or
`borgerblik/data/privacy.toml`, not this file. A test fails when the two differ.

**Controllers:** each municipality for its own records, and Udbetaling Danmark for its. **Processor:** whoever runs
Borgerblik for them. The legal bases below are how we read the law; each controller confirms them.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """An address, and who may open it."""

    address: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Enforced:
    """A rule, its days where it has some, and what enforces it."""

    rule: Rule
    days: int | None
    by: str


def record(
    *,
    tables: Mapping[str, Declared],
    places: Mapping[str, Declared],
    ways: Iterable[Way],
    rules: Iterable[Enforced],
    told: Mapping[str, Any],
) -> str:
    """The whole document. ``told`` is borgerblik/data/privacy.toml."""
    lines = [
        HEAD,
        *_purposes({**tables, **places}, told["purpose"]),
        *_recipients(told["recipient"]),
        *_flows(tables, ways),
        *_retention(rules, told["rule"]),
        *_tables("Tables", tables),
        *_tables("Other places", places),
        *_measures(told["measure"]),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _table(*rows: Iterable[str]) -> Iterator[str]:
    """Rows of Markdown, the first one its head."""
    for number, row in enumerate(map(list, rows)):
        yield "| " + " | ".join(row) + " |"
        if number == 0:
            yield "|" + "---|" * len(row)
    yield ""


def _purposes(everything: Mapping[str, Declared], told: Mapping[str, Any]) -> Iterator[str]:
    yield "## Purposes\n"
    rows = [
        (
            purpose["title"],
            purpose["basis"],
            ", ".join(label for label, one in everything.items() if one.purpose == key),
        )
        for key, purpose in told.items()
    ]
    yield from _table(("purpose", "legal basis", "where"), *rows)


def _recipients(told: Mapping[str, Any]) -> Iterator[str]:
    yield "## Recipients\n"
    yield from _table(("who", "what"), *((one["title"], one["what"]) for one in told.values()))
    yield "No data leave the EU/EEA by Borgerblik itself.\n"


def _flows(tables: Mapping[str, Declared], ways: Iterable[Way]) -> Iterator[str]:
    yield "## Flows\n\nInto the tables about people:\n"
    about_people = {label: one for label, one in tables.items() if one.about in {About.CITIZENS, About.STAFF}}
    rows = [(ORIGINS[origin], ", ".join(_fed_by(origin, about_people))) for origin in Origin]
    yield from _table(("from", "into"), *(row for row in rows if row[1]))
    yield "Out of them, each read of a citizen's data with an entry in `borgerblik.AccessEntry`:\n"
    yield from _table(("address", "open to"), *((f"`/{way.address}`", way.who) for way in ways))


def _fed_by(origin: Origin, tables: Mapping[str, Declared]) -> Iterator[str]:
    for label, declared in tables.items():
        if any(datum.origin is origin and datum.personal for datum in declared.fields.values()):
            yield f"`{label}`"


def _retention(rules: Iterable[Enforced], told: Mapping[str, Any]) -> Iterator[str]:
    yield "## Retention\n"
    rows = [(one.rule.value, str(one.days or "–"), told[one.rule]["ground"], one.by) for one in rules]
    yield from _table(("rule", "days", "ground", "deleted by"), *rows)


def _tables(title: str, places: Mapping[str, Declared]) -> Iterator[str]:
    yield f"## {title}\n"
    for label, declared in places.items():
        yield f"### {label}\n"
        yield f"About {declared.about.value}; retention: {declared.kept.value}; at most: {KINDS[declared.strictest]}.\n"
        yield from _table(("field", "what", "kind", "from"), *_fields(declared.fields))


def _fields(fields: Mapping[str, Datum], at: str = "") -> Iterator[tuple[str, ...]]:
    for name, datum in fields.items():
        yield f"`{at}{name}`", datum.says, KINDS[datum.kind], ORIGINS[datum.origin]
        yield from _fields(datum.inside, f"{name} → ")


def _measures(told: Iterable[Mapping[str, str]]) -> Iterator[str]:
    yield "## Security measures, and the test that shows each\n"
    yield from _table(("measure", "test"), *((one["what"], f"`{one['test']}`") for one in told))
