"""How fast the parts are, against a limit measured in the same run: ``make bench``. Nothing here is a test."""
