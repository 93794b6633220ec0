# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a vendor lets its customers hear and delete what their speakers recorded."""

from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import Field, model_validator

from appliance.rules.types import Examples, Rule, Words


class RecordingsRule(Rule):
    """One vendor's page, and what to do there. Nobody is sent there but by a link that says where it leads."""

    vendor: str
    name: Words = Field(description="what the vendor calls the page")
    page: Annotated[str, Field(pattern=r"^https://[a-z0-9.-]+(/[!-~]*)?$", max_length=300)]
    steps: dict[str, Words] = Field(description="what to do there, by language (en, fr, de); en there must be")
    examples: Examples[str] = Field(description="vendors of speakers, as speaker rules name them")

    @model_validator(mode="after")
    def _in_english(self) -> Self:
        if "en" not in self.steps:
            raise ValueError("steps has no sentence in English (en)")
        return self


class Recordings:
    """All vendors' pages."""

    def __init__(self, rules: Iterable[RecordingsRule]) -> None:
        self.rules = tuple(rules)

    def of(self, vendor: str | None) -> RecordingsRule | None:
        """Return the page of a vendor; None if none is known."""
        return next((rule for rule in self.rules if rule.vendor == vendor), None)
