"""Articles in, passages out. Knows nothing of vectors, models or questions."""
