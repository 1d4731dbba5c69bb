"""Django's PostgreSQL backend with one change: ``base.py``. Named as ENGINE in the settings."""
