"""Tests of the ground the project stands on, and the test run's own environment and servers."""
