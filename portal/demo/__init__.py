"""``make demo``: everything a visitor needs, started from nothing on one machine and ended with Ctrl-C."""
