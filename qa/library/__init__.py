"""Which collection belongs to which files, kept up to date; the encoder trained for one."""
