"""How often Python looks for cycles in programs that read the indexes."""

import gc
from typing import Final

# Tens of thousands of new objects at a time are what a portion is made of, none of them in a cycle; looking through
# them after each 700, as Python does, took a tenth of the reading.
_YOUNG: Final = 50_000
_OLDER: Final = 20


def collect_seldom() -> None:
    """Look for cycles seldom. For a program of its own: it holds for the whole process."""
    gc.set_threshold(_YOUNG, _OLDER, _OLDER)
