"""The command `wenju`: options, help, and what is shown in a terminal."""
