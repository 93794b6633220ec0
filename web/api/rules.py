# SPDX-License-Identifier: GPL-2.0-or-later
"""By which rules this house is judged."""

from typing import Annotated

from flask import Response
from pydantic import Field

from appliance import __version__
from appliance.report.contract import Part
from web.access import Access, Scope, access
from web.api.resource import answer, answers, resource
from web.house import the_house

rules = resource("rules", "Versions of the program and of its rules.")


class RulesVersion(Part):
    """Versions."""

    rules: Annotated[str, Field(description="Changes with any rule; every verdict says by which it was judged.")]
    program: str


@rules.get("/rules", responses=answers(RulesVersion))
@access(Access.VIEWER, scope=Scope.READ)
def get_rules() -> Response:
    """Return by which version of the rules uploads are judged now."""
    return answer(RulesVersion(rules=the_house().rules.version, program=__version__))
