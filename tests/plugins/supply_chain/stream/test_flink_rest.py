"""What the client of Flink's REST API says of errors."""

from __future__ import annotations

import pytest

from supply_chain.stream.flink_rest import FlinkCluster, FlinkError, _root_cause


def test_the_last_cause_of_a_stack_trace_is_told():
    trace = "org.A: outer\n\tat x\nCaused by: org.B: middle\n\tat y\nCaused by: org.C: the reason\n\tat z\n"
    assert _root_cause(trace) == "org.C: the reason"
    assert _root_cause("org.A: alone\n\tat x") == "org.A: alone"
    assert _root_cause("") == "no reason given"


def test_a_cluster_that_does_not_answer_is_named(settings):
    with pytest.raises(FlinkError, match=settings.flink_rest_url):
        FlinkCluster(settings).taskmanagers()
