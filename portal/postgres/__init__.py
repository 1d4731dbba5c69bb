"""Django's PostgreSQL backend with two changes: ``base.py``. Named as ENGINE in the settings."""
