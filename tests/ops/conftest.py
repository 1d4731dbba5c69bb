"""A data folder of one's own for each test of the servers and the demo."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.embedded.clean import clean


@pytest.fixture
def private_root() -> Iterator[Path]:
    """A folder like a checkout that nobody else can look into: root's lies under root's own home (mode 0700)."""
    base = Path.home() if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="borgerblik-test-", dir=base))
    yield folder
    clean(folder / ".data")
    shutil.rmtree(folder)


@pytest.fixture
def data(private_root: Path) -> Path:
    folder = private_root / ".data"
    folder.mkdir()
    return folder
