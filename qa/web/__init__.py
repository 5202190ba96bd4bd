"""The chat page: what stands on it, what its events do, and how it is served."""
