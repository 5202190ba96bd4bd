"""Whether a source says it: marks in a text, the citations they become, every claim against its passage."""
