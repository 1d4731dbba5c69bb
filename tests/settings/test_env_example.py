"""``.env.example`` is the documentation of the settings: it names each of them, and no others."""

import re
from pathlib import Path

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from portal.config import INDEXES, Config

EXAMPLE = Path(__file__).parents[2] / ".env.example"


def entries() -> dict[str, tuple[str, str]]:
    """Name -> (the comment right above it as one line, the value)."""
    found, comment = {}, []
    for line in EXAMPLE.read_text("utf-8").splitlines():
        if line.startswith("#"):
            comment.append(line.lstrip("# "))
            continue
        if setting := re.fullmatch(r"([A-Z_]+)=(.*)", line):
            found[setting[1]] = (" ".join(comment), setting[2])
        comment = []
    return found


def written(default: object) -> str:
    """A default as it is written in an environment file. A secret has none: production must choose its own."""
    match default:
        case SecretStr() | None:
            return ""
        case bool():
            return str(default).lower()
        case list():
            return ",".join(default)
        case dict():
            return ",".join(f"{name}={value}" for name, value in default.items())
        case _:
            return str(default)


def test_every_setting_stands_there_with_its_description_and_default() -> None:
    documented = {
        name.upper(): (field.description, "" if name in INDEXES else written(field.default))
        for name, field in Config.model_fields.items()
    }  # the mock has another address among containers, which read the same file
    assert entries() == documented


def test_every_setting_has_a_default_that_production_may_refuse() -> None:
    assert all(field.default is not PydanticUndefined for field in Config.model_fields.values())


def test_the_example_itself_can_be_read() -> None:
    values = {name.lower(): value for name, (_, value) in entries().items()}
    assert Config.model_validate(values).allowed_hosts == ["127.0.0.1", "localhost"]
