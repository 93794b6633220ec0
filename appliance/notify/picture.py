# SPDX-License-Identifier: GPL-2.0-or-later
"""The picture in a message about a week: its days, in figures that the message has anyway."""

from datetime import timedelta, tzinfo

from appliance.language import spoken
from appliance.notify.message import Form, Message
from appliance.notify.week import DAYS
from appliance.report.week import Day, picture
from appliance.report.words import local


def drawn(message: Message, zone: tzinfo | None) -> bytes | None:
    """Return a message's picture, a PNG, in the language that is spoken now; None if it has none."""
    figures = dict(message.latest.figures)
    if message.form is not Form.WEEKLY or "uploads-0" not in figures:
        return None
    from appliance.report.bitmap import rendered  # noqa: PLC0415 - what draws is loaded once a week

    today = local(message.latest.time, zone)
    days = (
        Day(
            label=spoken().weekday(today + timedelta(days=place - DAYS))[:2],
            uploads=figures.get(f"uploads-{place}", 0),
            unexplained=figures.get(f"unexplained-{place}", 0),
        )
        for place in range(DAYS)
    )
    return rendered(picture(list(days)))
