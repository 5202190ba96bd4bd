"""The shortest answer inside a shown one: candidates among its words, and the trees that choose. See `finder.py`.

Knows questions, claims and the reader's shares of belief; nothing of passages, pages or how an answer is drawn.
"""
