"""The neural reader: reads the best passages word by word, and tells where the answer stands, or that it does not."""
