"""Tests of the road from the indexes to our tables."""
