"""The mock indexes: a separate program that speaks the indexes' wire formats and holds a synthetic Denmark.

Run it with ``python -m indexes.mock``. It shares no code with the parsers, so that a misreading of the wire formats
cannot hide by being made twice, and it imports nothing else of the project.
"""
