"""From the indexes to our tables: clients, parsers, store, sync and reading. Knows nothing of what may be shown."""
