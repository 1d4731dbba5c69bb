"""The overview: records, verdicts and words become one frozen ``Overview``. Pure; what goes in is ``Material``."""
