# SPDX-License-Identifier: GPL-2.0-or-later
"""What the household chose on the pages: its language and clock, what is kept, when it is quiet, how many alerts."""

from typing import Annotated

from flask import Response, abort
from pydantic import Field

from appliance.household import HouseholdError
from appliance.household.choices import Caps, Choices, Home, Loudness, Privacy, Quiet
from appliance.limits import LOUDNESSES
from appliance.report.contract import Part
from web.access import Access, Scope, access
from web.api.resource import Body, answer, answers, changes, resource
from web.house import the_house

household = resource("household", "What the household chose.")


class HouseholdItem(Part):
    """What was chosen; where nothing was, what holds all the same. Channels are on the pages alone."""

    home: Home
    privacy: Annotated[Privacy, Field(description="What is kept, for how many days; null: as the settings file says.")]
    quiet: Annotated[Quiet, Field(description="When only the urgent is told at once, by the clock in the house.")]
    caps: Annotated[Caps, Field(description="How many alerts there may be.")]
    loudness: Annotated[list[Loudness], Field(description="How loudly verdicts are told, where not as the rules say.")]

    @classmethod
    def of(cls, choices: Choices) -> "HouseholdItem":
        """Return how the API tells of choices."""
        return cls(
            home=choices.home,
            privacy=choices.privacy,
            quiet=choices.quiet,
            caps=choices.caps,
            loudness=list(choices.loudness),
        )


class HouseholdBody(Body):
    """Sections to put in place of those that are; what is not in it stays."""

    home: Home = Home()
    privacy: Privacy = Privacy()
    quiet: Quiet = Quiet()
    caps: Caps = Caps()
    loudness: Annotated[tuple[Loudness, ...], Field(max_length=LOUDNESSES)] = ()


@household.get("/household", responses=answers(HouseholdItem))
@access(Access.OWNER, scope=Scope.CONTROL)
def get_household() -> Response:
    """Return what the household chose."""
    return answer(HouseholdItem.of(the_house().household.choices))


@household.patch("/household", responses=changes(HouseholdItem))
@access(Access.OWNER, scope=Scope.CONTROL)
def change_household(body: HouseholdBody) -> Response:
    """Choose anew; a section is put as a whole."""
    sections = {name: value for name, value in body if name in body.model_fields_set}
    try:
        choices = the_house().household.change(**sections)
    except HouseholdError as error:
        abort(503, str(error))
    return answer(HouseholdItem.of(choices))
