"""Signing in and out, and every way of it failing."""
