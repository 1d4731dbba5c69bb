"""Rules on the repository itself: what house style asks of every file, checked on every file."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("indexes", "borgerblik", "portal", "scripts", "tests")
LONGEST_FUNCTION = 60
LONGEST_FILE = 400  # lines
# Two groups of dates are possible: a CPR number in the repository must fall outside both (day 61-91 and month 13+).
POSSIBLE_CPR = re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d{2}-?\d{4}(?!\d)")
KOMBIT_SAMPLE = "0123456789"  # the number KOMBIT's public samples use for nobody
TEXT = {
    ".py",
    ".toml",
    ".md",
    ".html",
    ".css",
    ".js",
    ".json",
    ".xml",
    ".xsd",
    ".csv",
    ".txt",
    ".yml",
    ".yaml",
    ".sh",
    "",
}


def tracked() -> list[Path]:
    """Every file git would take along: tracked ones, and new ones it does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git as the machine has it
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for line in listed.stdout.splitlines() if (path := ROOT / line).is_file()]


def python_files() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PACKAGES]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_imports_stand_at_the_top() -> None:
    inside = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files()
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_files_are_short() -> None:
    """Migrations are written by Django, and are not changed once they have run."""
    written = [path for path in python_files() if path.parent.name != "migrations"]
    lines = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in written}
    assert {name: number for name, number in lines.items() if number > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}"
        for path in python_files()
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def _empties(handler: ast.ExceptHandler) -> bool:
    """Whether a failure becomes an empty answer, or no answer at all."""
    last = handler.body[-1]
    if isinstance(last, ast.Return):
        empty = isinstance(last.value, ast.List | ast.Dict | ast.Tuple) and not ast.unparse(last.value).strip("[](){}")
        return empty or (isinstance(last.value, ast.Constant) and last.value.value == "")
    return isinstance(last, ast.Pass)


def test_a_failure_never_looks_like_an_empty_answer() -> None:
    found = []
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type else ""
                blind = caught in {"", "Exception", "BaseException"}
                tidies_up = ast.unparse(node.body[-1]) == "raise"  # whatever it was, it goes on its way
                if (blind and not tidies_up) or _empties(node):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []


def test_nothing_is_patched_and_nothing_is_left_open() -> None:
    words = re.compile("|".join(["mock" + r"\.patch", "monkeypatch" + r"\.setattr", r"\bTO" + "DO", r"\bFIX" + "ME"]))
    found = [str(path.relative_to(ROOT)) for path in python_files() if words.search(path.read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a machine's path", r"(?<![\w.])/(?:work|root|home)/\w"),
        ("a registry's host", r"https?://[\w.]*(?:pypi|registry|mirror|debian)[\w.]*\.(?:org|com)\b"),
    ],
)
def test_the_project_speaks_of_itself_alone(what: str, pattern: str) -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix in TEXT and path != Path(__file__) and re.search(pattern, path.read_text("utf-8"))
    ]
    assert found == [], what


def test_no_cpr_number_could_be_somebodys() -> None:
    found = []
    for path in tracked():
        if path.suffix in TEXT - {""} and path.suffix != ".lock":
            numbers = {match[0].replace("-", "") for match in POSSIBLE_CPR.finditer(path.read_text("utf-8"))}
            if numbers - {KOMBIT_SAMPLE}:
                found.append(str(path.relative_to(ROOT)))
    assert found == []


def test_the_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - a fixed command
    assert done.returncode == 0, done.stdout + done.stderr


def contracts() -> dict[str, dict[str, list[str]]]:
    """The import contracts by their name up to its colon."""
    read = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    return {contract["name"].partition(":")[0]: contract for contract in read}


@pytest.mark.parametrize(
    ("contract", "side"),
    [
        ("The mock indexes are a separate program", "source_modules"),
        ("The mock indexes import nothing of ours", "forbidden_modules"),
    ],
)
def test_the_contracts_of_the_mock_name_every_other_module(contract: str, side: str) -> None:
    inside = (ROOT / "indexes").iterdir()
    modules = {f"indexes.{path.stem}" for path in inside if path.suffix == ".py" or (path / "__init__.py").is_file()}
    ours = {"portal", "borgerblik", *modules} - {"indexes.mock", "indexes.__init__"}
    assert ours - set(contracts()[contract][side]) == set()


@pytest.mark.parametrize(
    ("contract", "side"),
    [
        ("The demo's identity provider is a separate program", "source_modules"),
        ("The demo's identity provider imports nothing of ours", "forbidden_modules"),
    ],
)
def test_the_contracts_of_the_provider_name_every_other_module(contract: str, side: str) -> None:
    inside = [*(ROOT / "portal").iterdir(), *(ROOT / "portal" / "demo").iterdir()]
    found = [path for path in inside if path.suffix == ".py" or (path / "__init__.py").is_file()]
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in found}
    parents = {"portal.demo", "portal.demo.provider", "portal.__init__", "portal.demo.__init__"}
    ours = {"borgerblik", "indexes", *modules} - parents
    assert ours - set(contracts()[contract][side]) == set()


def test_no_contract_lets_an_import_through_a_helper_pass() -> None:
    assert [name for name, contract in contracts().items() if "allow_indirect_imports" in contract] == []
