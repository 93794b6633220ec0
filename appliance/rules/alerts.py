# SPDX-License-Identifier: GPL-2.0-or-later
"""When alerts are told, joined, repeated and forgotten, and how loudly each health finding is told."""

from datetime import time
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from appliance.events import Tell
from appliance.rules.types import Count, Examples, Id, Rule, Seconds, Strict


def _clock(text: str) -> str:
    time.fromisoformat(text)
    return text


class Told(Strict):
    """An example: a finding, and how loudly it is told."""

    finding: Id
    tell: Tell


class AlertRules(Rule):
    """How messages are made of verdicts and findings; the household chooses caps and quiet hours itself."""

    id: Literal["alerts"]
    longest_s: Seconds = Field(description="an episode that has gone on for so long is told anew")
    reminder_s: Seconds = Field(description="an urgent message that nobody acknowledged is repeated once after this")
    expires_s: Seconds = Field(description="a message that could not be sent for so long is told as a number")
    digest: Annotated[str, AfterValidator(_clock)] = Field(description="when the digest comes if no hours are quiet")
    digest_lines: Count = Field(description="what happened most often is told one by one in a digest; so many lines")
    findings: dict[Id, Tell] = Field(description="how loudly each health finding is told")
    otherwise: Tell = Field(description="and one that is not in the list")
    examples: Examples[Told]

    @property
    def digest_at(self) -> time:
        """When the digest comes if no hours are quiet."""
        return time.fromisoformat(self.digest)

    def of_finding(self, kind: str) -> Tell:
        """Return how loudly a finding of that kind is told."""
        return self.findings.get(kind, self.otherwise)
