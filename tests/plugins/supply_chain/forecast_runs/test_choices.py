from __future__ import annotations

import pytest

from supply_chain.forecast_runs import choices
from supply_chain.forecast_runs.choices import Choices

pytestmark = pytest.mark.integration

NAMES = Choices(
    {1: "Smart watch", 2: "Tent", 3: "tent"}, {10: "Caguas, PR, Puerto Rico", 11: "Ponce, PR, Puerto Rico"}, ["Outdoor"]
)


def test_names_are_written_down_for_a_form_that_asks_no_database(counted, tmp_path):
    settings = counted.model_copy(update={"state_dir": tmp_path})
    assert choices.remembered(settings) == Choices({}, {}, [])
    choices.remember(settings)
    assert choices.remembered(settings) == choices.reference(settings) == NAMES
    assert len(list((tmp_path / "airflow").iterdir())) == 1
