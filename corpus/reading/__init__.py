"""Files in, articles out: which kind of file is read how. Knows nothing of what is repaired in their text."""
