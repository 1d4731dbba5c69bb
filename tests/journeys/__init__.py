"""The whole chain, from the mock indexes to what a person reads."""
