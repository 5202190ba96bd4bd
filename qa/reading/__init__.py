"""Which units of the passages answer a question, which part of them, and how surely."""
