"""One demo for all tests of the wall: the real programs, each under its own role, as ``make demo`` starts them."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from portal.embedded.clean import clean
from portal.embedded.ports import free_port
from tests.wall.site import OF_THE_SUITE, Site, consumer_of, make_root, running


@pytest.fixture(scope="session")
def site(collected_static: None) -> Iterator[Site]:  # noqa: ARG001 - the pages need their style sheets
    base = Path.home() if os.geteuid() == 0 else None
    root, port = Path(tempfile.mkdtemp(prefix="borgerblik-wall-", dir=base)), free_port()
    make_root(root)
    outer = {name: value for name, value in os.environ.items() if name not in OF_THE_SUITE}
    try:
        with running(root, port, outer) as said:
            indexes_url = _address_of_the_indexes(root)
            people = httpx.get(f"{indexes_url}/_people", timeout=20, trust_env=False).json()["citizens"]
            yield Site(
                root=root,
                url=f"http://127.0.0.1:{port}",
                indexes_url=indexes_url,
                people={person["key"]: person for person in people},
                consumer=consumer_of(said),
            )
    finally:
        clean(root / ".data")
        shutil.rmtree(root)


def _address_of_the_indexes(root: Path) -> str:
    """Where the mock indexes of this demo are, from the command line that it started them with."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").resolve() == root:
                for part in (process / "cmdline").read_bytes().split(b"\0"):
                    if part.startswith(b"--people="):
                        return part.removeprefix(b"--people=").decode().removesuffix("/_people")
        except OSError:
            continue  # it has ended, or is somebody else's
    raise AssertionError("the demo's provider was not told where the people are")
