"""Places for questions: nobody takes all of them, nobody is forgotten."""

from __future__ import annotations

import threading

import pytest

from corpus.errors import QuestionError
from qa.web.places import Place, Places


def mine(places: list[Place]) -> list[bool]:
    return [place.is_mine(0) for place in places]


def test_one_person_cannot_take_all_places() -> None:
    places = Places(total=4, each=2, waiting=3)
    greedy = [places.enter("a") for _ in range(5)]
    assert mine(greedy) == [True, True, False, False, False]
    with pytest.raises(QuestionError, match="3"):
        places.enter("a")
    others = [places.enter(name) for name in "bcd"]
    assert mine(others) == [True, True, False]
    assert [place.ahead for place in (*greedy[2:], others[2])] == [0, 1, 2, 3]


def test_places_are_handed_on_in_order_and_never_to_more_than_there_are() -> None:
    places = Places(total=2, each=1, waiting=9)
    line = [places.enter(name) for name in "aabbc"]
    served = []
    while line:
        now = [place for place in line if place.is_mine(0)]
        assert 0 < len(now) <= 2
        served.append("".join(place.person for place in now))
        for place in now:
            with place:
                pass
            line.remove(place)
    assert served == ["ab", "ab", "c"]
    assert places.counts() == (0, 0)


def test_who_waits_is_woken_and_who_gives_up_is_not_waited_for() -> None:
    places = Places(total=1, each=1, waiting=5)
    first, gone, last = places.enter("a"), places.enter("b"), places.enter("c")
    places.leave(gone)
    woken = threading.Event()
    thread = threading.Thread(target=lambda: last.is_mine(20) and woken.set())
    thread.start()
    assert not woken.wait(0.1)
    places.leave(first)
    assert woken.wait(10)
    thread.join()


def test_a_place_that_was_never_given_back_is_free_again_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    places = Places(total=1, each=1)
    places.enter("dead")
    living = places.enter("living")
    assert not living.is_mine(0)
    monkeypatch.setattr("qa.web.places.LONGEST_SECONDS", 0.0)
    assert living.is_mine(0)
