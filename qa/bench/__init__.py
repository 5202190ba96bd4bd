"""Speed and memory, beside the obvious ways of doing the same."""
