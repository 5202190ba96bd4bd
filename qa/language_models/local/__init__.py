"""Language models run in this process, by transformers."""
