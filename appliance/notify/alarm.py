# SPDX-License-Identifier: GPL-2.0-or-later
"""The one alert that the hub cannot send: that it does not stay up itself. It needs no ledger, and leaves no trace."""

from collections.abc import Iterator
from dataclasses import dataclass

from appliance.events import Tell
from appliance.household import Choices, Secrets
from appliance.language import Language, speak
from appliance.notify.channels import said_of, sender
from appliance.notify.channels.discreet import discreet, hidden
from appliance.notify.letter import Outcome
from appliance.notify.message import Form, Message, State
from appliance.notify.news import FINDING, News
from appliance.notify.stations import MQTT
from appliance.notify.texts import Reader, letter
from appliance.rules.alerts import AlertRules


@dataclass(frozen=True, slots=True)
class Household:
    """Whom it is told, in which words."""

    choices: Choices
    secrets: Secrets
    rules: AlertRules
    home: str | None  #: address of the dashboard
    language: Language


def alarm(household: Household, now: float) -> Iterator[tuple[str, Outcome]]:
    """Tell each channel that is on, now; yield its name and what became of it. Brokers see for themselves."""
    speak(household.language)
    choices = household.choices
    for channel in choices.channels:
        if not channel.on or channel.kind == MQTT:
            continue
        said = said_of(channel, household.secrets, choices.home.contact)
        try:
            send = discreet(sender(channel.kind, said), hidden(channel.kind, said))
        except ValueError as error:
            yield channel.name, Outcome(arrived=False, words=str(error), final=True)
            continue
        reader = Reader(channel.level, choices.home.clock, {}, household.home, household.rules)
        yield channel.name, send(letter(_message(channel.id, now), reader))


def _message(channel: str, now: float) -> Message:
    news = News(FINDING, f"hub-gone-{now:.0f}", "hub-gone", None, Tell.ALERT, now, over=False)
    return Message(0, channel, news.id, Form.ALERT, Tell.ALERT, now, now, now, now, State.SENT, (news,))
