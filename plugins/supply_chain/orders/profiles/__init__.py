"""The profiles of generated orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supply_chain.orders.profiles.business import Business
from supply_chain.orders.profiles.dataco import DataCo
from supply_chain.orders.recipe import ProfileName

if TYPE_CHECKING:
    from supply_chain.orders.drawing import Profile
    from supply_chain.orders.recipe import Recipe

PROFILES: dict[ProfileName, type[Profile]] = {ProfileName.BUSINESS: Business, ProfileName.DATACO: DataCo}


def profile_of(recipe: Recipe) -> Profile:
    """Return the profile that a recipe names, for its orders."""
    return PROFILES[recipe.profile](recipe)
