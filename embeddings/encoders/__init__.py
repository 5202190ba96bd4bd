"""Texts to vectors: what an encoder is, and each kind of one."""
