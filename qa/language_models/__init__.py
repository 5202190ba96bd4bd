"""Open Chinese language models in the reader's place: found by name, fetched when asked for, prompted, and run."""
