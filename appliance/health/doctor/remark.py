# SPDX-License-Identifier: GPL-2.0-or-later
"""What the doctor says."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from appliance.health.trouble import Trouble


class Level(IntEnum):
    """How bad it is; the worst is the command's exit status."""

    OK = 0
    WARNING = 1  #: it works, but not as well as it could
    PROBLEM = 2  #: it cannot be a witness like this


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that was looked at."""

    level: Level
    topic: str  #: a word for people and programs: "placement", "clock"
    seen: str  #: what was seen, in sentences
    means: str = ""  #: what that means for the household
    remedy: str = ""  #: what to do


def remark_on(topic: str, level: Level, trouble: Trouble) -> Remark:
    """Say what a check of the running appliance says."""
    return Remark(level, topic, trouble.text, remedy=trouble.remedy)


def worst(remarks: Iterable[Remark]) -> Level:
    """Return the worst level among remarks."""
    return max((remark.level for remark in remarks), default=Level.OK)
