"""The wall as a stranger meets it: every address, every header, every place where something could lie in clear."""
