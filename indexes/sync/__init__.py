"""Reading an index into our tables: the whole of an authority, or one citizen. Here client, parser and store meet."""

from indexes.sync.authority import RunResult, Terms, sync_authority
from indexes.sync.citizen import Refresh, claim_refresh, sync_citizen
from indexes.sync.connect import open_source
from indexes.sync.doubt import Trouble

__all__ = ["Refresh", "RunResult", "Terms", "Trouble", "claim_refresh", "open_source", "sync_authority", "sync_citizen"]
