from __future__ import annotations

import pytest

from supply_chain.producer.pacing import Pace


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def lines_sent(pace: Pace, clock: Clock, seconds: float, step: float = 0.01) -> int:
    sent = 0
    for _ in range(round(seconds / step)):
        while pace.seconds_to_wait() == 0:
            pace.sent()
            sent += 1
        clock.now += step
    return sent


@pytest.mark.parametrize("rate", [0.5, 5, 50, 5000])
def test_the_rate_is_kept(rate):
    clock = Clock()
    assert lines_sent(Pace(rate, clock), clock, 20) == pytest.approx(20 * rate, rel=0.01, abs=1)


def test_no_rate_never_waits():
    clock = Clock()
    pace = Pace(None, clock)
    for _ in range(1000):
        assert pace.seconds_to_wait() == 0
        pace.sent()


def test_what_was_missed_comes_in_no_burst():
    clock = Clock()
    pace = Pace(10, clock)
    pace.sent()
    clock.now += 3600
    assert lines_sent(pace, clock, 0.01) <= 11


def test_a_new_rate_holds_from_the_next_line_on():
    clock = Clock()
    pace = Pace(0.001, clock)
    pace.sent()
    assert pace.seconds_to_wait() == 1000
    pace.lines_per_second = 100
    assert lines_sent(pace, clock, 1) == pytest.approx(100, abs=1)
