"""Question sets in, reports out: how good the answers are, measured through the answerer itself.

`evaluate()` is in `qa.evaluation.evaluating`; `from qa import evaluate` is the short way to it.
"""
