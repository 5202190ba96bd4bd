"""Models fetched from a hub: the only place from which a model comes over the network."""
