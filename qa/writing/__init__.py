"""A reading becomes a text with marks: quotations, or what a language model writes."""
