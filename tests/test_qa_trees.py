import numpy as np

from qa.reading.trees import Trees

# value = 10 where column 0 <= 1, else (20 where column 1 <= 5, else 30); plus a second tree that is a lone leaf.
TREES = Trees(
    feature=np.array([[0, -1, 1, -1, -1], [-1, -1, -1, -1, -1]], np.int16),
    threshold=np.array([[1, 0, 5, 0, 0], [0, 0, 0, 0, 0]], np.float32),
    left=np.array([[1, 1, 3, 3, 4], [0, 1, 2, 3, 4]], np.int16),
    right=np.array([[2, 1, 4, 3, 4], [0, 1, 2, 3, 4]], np.int16),
    value=np.array([[0, 10, 0, 20, 30], [0.5, 0, 0, 0, 0]], np.float32),
)


def test_rows_reach_their_leaves() -> None:
    rows = np.array([[1, 9], [2, 5], [2, 6]], np.float32)
    assert TREES.score(rows).tolist() == [10.5, 20.5, 30.5]


def test_arrays_come_back() -> None:
    again = Trees.from_arrays(TREES.arrays("a"), "a")
    rows = np.random.default_rng(0).normal(2, 4, (50, 2)).astype(np.float32)
    assert (again.score(rows) == TREES.score(rows)).all()
