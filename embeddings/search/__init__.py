"""Where a question is looked up: words (BM25), vectors (FAISS), and the two rankings made one."""
