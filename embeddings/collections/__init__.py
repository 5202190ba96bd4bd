"""Articles that can be searched, kept in a folder of generations."""
