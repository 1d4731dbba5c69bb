"""The tests; a package so that what they share (``tests.ops``, ``tests.bench``) has one name for every tool."""
