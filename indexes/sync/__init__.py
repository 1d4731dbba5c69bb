"""Reading an index into our tables: the whole of an authority, or one citizen. Here client, parser and store meet."""

from indexes.sync.authority import Worker, result_of, sync_authority
from indexes.sync.citizen import Refresh, claim_refresh, sync_citizen
from indexes.sync.connect import open_source
from indexes.sync.doubt import Trouble
from indexes.sync.plan import begin
from indexes.sync.terms import RunResult, Terms

__all__ = [
    "Refresh",
    "RunResult",
    "Terms",
    "Trouble",
    "Worker",
    "begin",
    "claim_refresh",
    "open_source",
    "result_of",
    "sync_authority",
    "sync_citizen",
]
