"""Rules on the repository itself."""
