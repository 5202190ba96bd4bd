"""Queue for questions: nobody takes all of them, nobody is forgotten."""

from __future__ import annotations

import threading

import pytest

from corpus.errors import QuestionError
from qa.web.queueing import Queue, Ticket


def mine(queue: list[Ticket]) -> list[bool]:
    return [ticket.is_mine(0) for ticket in queue]


def test_one_person_cannot_take_all_places() -> None:
    queue = Queue(total=4, each=2, waiting=3)
    greedy = [queue.enter("a") for _ in range(5)]
    assert mine(greedy) == [True, True, False, False, False]
    with pytest.raises(QuestionError, match="3"):
        queue.enter("a")
    others = [queue.enter(name) for name in "bcd"]
    assert mine(others) == [True, True, False]
    assert [ticket.ahead for ticket in (*greedy[2:], others[2])] == [0, 1, 2, 3]


def test_places_are_handed_on_in_order_and_never_to_more_than_there_are() -> None:
    queue = Queue(total=2, each=1, waiting=9)
    line = [queue.enter(name) for name in "aabbc"]
    served = []
    while line:
        now = [ticket for ticket in line if ticket.is_mine(0)]
        assert 0 < len(now) <= 2
        served.append("".join(ticket.person for ticket in now))
        for ticket in now:
            with ticket:
                pass
            line.remove(ticket)
    assert served == ["ab", "ab", "c"]
    assert queue.counts() == (0, 0)


def test_who_waits_is_woken_and_who_gives_up_is_not_waited_for() -> None:
    queue = Queue(total=1, each=1, waiting=5)
    first, gone, last = queue.enter("a"), queue.enter("b"), queue.enter("c")
    queue.leave(gone)
    woken = threading.Event()
    thread = threading.Thread(target=lambda: last.is_mine(20) and woken.set())
    thread.start()
    assert not woken.wait(0.1)
    queue.leave(first)
    assert woken.wait(10)
    thread.join()


def test_a_place_that_was_never_given_back_is_free_again_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = Queue(total=1, each=1)
    queue.enter("dead")
    living = queue.enter("living")
    assert not living.is_mine(0)
    monkeypatch.setattr("qa.web.queueing.LONGEST_SECONDS", 0.0)
    assert living.is_mine(0)
