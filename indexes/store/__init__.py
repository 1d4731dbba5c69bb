"""Records into rows: ``save`` writes a batch, ``Seen`` finds and removes what a complete reading did not bring.

Nothing here asks an index anything, and nothing decides what may be shown.
"""

from indexes.store.batch import NotStoredError, save
from indexes.store.counts import Counts
from indexes.store.sort import Taken
from indexes.store.sweep import Seen
from indexes.store.wanted import Wanted

__all__ = ["Counts", "NotStoredError", "Seen", "Taken", "Wanted", "save"]
