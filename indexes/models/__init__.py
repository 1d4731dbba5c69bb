"""The tables of what the indexes hold, and of how reading them went, a file for each subject.

No behaviour: rows are written by ``store`` and read by ``reading``, in SQL. ``declared`` says of each field whether it
is personal, and ``rights`` who may do what with a table; tests fail on what is missing there.
"""

from indexes.models.citizens import Citizen, KeyMark
from indexes.models.events import EventCount, EventTaken, Fate
from indexes.models.loads import Load, Portion
from indexes.models.promises import CVR_SHAPE
from indexes.models.quarantine import Quarantined
from indexes.models.records import CASE_SECRETS, PLAN_SECRETS, Case, Grant, Held, Payment, Plan
from indexes.models.removals import Cause, Removal
from indexes.models.runs import DefectCount, Outcome, SourcePace, SourceState, SyncRun
from indexes.models.tombstones import Tombstone

__all__ = [
    "CASE_SECRETS",
    "CVR_SHAPE",
    "PLAN_SECRETS",
    "Case",
    "Cause",
    "Citizen",
    "DefectCount",
    "EventCount",
    "EventTaken",
    "Fate",
    "Grant",
    "Held",
    "KeyMark",
    "Load",
    "Outcome",
    "Payment",
    "Plan",
    "Portion",
    "Quarantined",
    "Removal",
    "SourcePace",
    "SourceState",
    "SyncRun",
    "Tombstone",
]
