# SPDX-License-Identifier: GPL-2.0-or-later
"""When a message that could not be sent is tried again."""

from appliance.limits import RETRIES_S, RETRY_LATEST_S


def retry_at(now: float, tries: int, chance: float, asked: float | None = None) -> float:
    """Return when to try again after ``tries`` failures; ``asked``: the seconds that the channel itself wants.

    ``chance``, from 0 to 1, spreads those who failed together by a quarter of the time, either way. What the channel
    asks is honoured, up to RETRY_LATEST_S.
    """
    wait = RETRIES_S[min(tries, len(RETRIES_S)) - 1] * (0.75 + chance / 2)
    return now + min(max(wait, asked or 0.0), RETRY_LATEST_S)
