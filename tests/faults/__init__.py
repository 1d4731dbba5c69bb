"""A load in the middle of everything that can go wrong, with real servers: nothing is lost, nothing counted twice.

``servers`` and ``programs`` are what runs, ``post`` what is told meanwhile, ``course`` what goes wrong, ``held`` what
is compared in the end.
"""
