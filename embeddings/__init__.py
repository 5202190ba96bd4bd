"""Passages in, hits out. Knows nothing of answers, prompts or language models."""
