"""What may be shown, and in which words: KLE, areas, policies, the judge and the overview."""
