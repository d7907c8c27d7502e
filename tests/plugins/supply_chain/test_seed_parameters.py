"""What a seeding can be asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from supply_chain.parameters import ParametersError, parse
from supply_chain.seed_parameters import SeedParameters, StockPolicy
from supply_chain.settings import REPOSITORY


def test_the_policy_is_bound_without_what_is_none_of_its_own():
    bound = parse(SeedParameters, {"replace": True, "lead_time_days": "9"}).parameters()
    assert set(bound) == {*StockPolicy.model_fields, "safety_factor"}
    assert bound["lead_time_days"] == 9
    assert bound["safety_factor"] == pytest.approx(1.6449, abs=1e-4)


def test_every_problem_is_told_at_once():
    with pytest.raises(ParametersError) as refused:
        parse(SeedParameters, {"service_level": 98, "lead_time_days": -1, "replace": "perhaps"})
    told = str(refused.value)
    assert "Service level, as a share of 1 (service_level): 98 should be less than 1" in told
    assert "(lead_time_days): -1 should be greater than or equal to 0" in told
    assert "(replace): 'perhaps' should be a valid boolean" in told
    with pytest.raises(ParametersError, match=r"lowest_cover: 2\.0 is more than highest_cover, 1\.1; lower it"):
        parse(SeedParameters, {"lowest_cover": 2})


def test_the_form_needs_none_of_what_seeding_does():
    program = "import sys, supply_chain.seed_parameters; sys.exit('pyarrow' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY / "plugins", check=True)
