# SPDX-License-Identifier: GPL-2.0-or-later
"""Alerts: when it is quiet, how many there may be, how loudly what is told, and who is not to hear of what for now."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appliance.events import Tell
from appliance.household import Channel, HouseholdError, Secrets, Snooze
from appliance.language import later, translate
from appliance.notify.channels import KINDS, kind_of
from appliance.notify.channels.webpush import WEB_PUSH, own_key, public
from appliance.report.names import Names
from appliance.report.words import happened_in_words
from web.access import Access, access
from web.gate import is_owner
from web.house import the_house
from web.language import clock, day
from web.speaker import names

alerts = Blueprint("alerts", __name__)

#: How loudly a verdict may be told, in words.
LOUDNESS = {
    Tell.NOBODY: later("not at all"),
    Tell.NOTICE: later("in the digest"),
    Tell.ALERT: later("as an alert"),
    Tell.URGENT: later("as urgent, in quiet hours too"),
}


@alerts.get("/alerts")
@access(Access.VIEWER)
def show() -> str:
    """Show whom this household tells what, and when."""
    return _page({})


@alerts.post("/alerts/quiet")
@access(Access.OWNER)
def change_quiet() -> ResponseReturnValue:
    """Take the quiet hours."""
    form = request.form
    said = {
        "on": "on" in form,
        "begin": form.get("begin", ""),
        "end": form.get("end", ""),
        "urgent_passes": "urgent_passes" in form,
    }
    return _keep("quiet", said)


@alerts.post("/alerts/caps")
@access(Access.OWNER)
def change_caps() -> ResponseReturnValue:
    """Take how many there may be."""
    return _keep("caps", {name: request.form.get(name, "") for name in ("an_hour", "a_day", "cooldown_minutes")})


@alerts.post("/alerts/loudness")
@access(Access.OWNER)
def change_all() -> ResponseReturnValue:
    """Take how loudly each verdict is told, whichever speaker it is about."""
    house = the_house()
    of_one: list[object] = [each for each in house.household.choices.loudness if each.device is not None]
    said = ((verdict, request.form.get(verdict)) for verdict in house.rules.verdicts.tell)
    return _keep("loudness", [*of_one, *({"verdict": verdict, "tell": tell} for verdict, tell in said if tell)])


@alerts.post("/alerts/loudness/one")
@access(Access.OWNER)
def change_one() -> ResponseReturnValue:
    """Take how loudly a verdict on one speaker is told; without a word, take back what was said."""
    about = {name: request.form.get(name, "") for name in ("verdict", "device")}
    before = the_house().household.choices.loudness
    others = [each for each in before if (each.verdict, each.device) != (about["verdict"], about["device"])]
    tell = request.form.get("tell")
    return _keep("loudness", [*others, {**about, "tell": tell}] if tell else others)


@alerts.post("/alerts/contact")
@access(Access.OWNER)
def change_contact() -> ResponseReturnValue:
    """Take whom the relays of browsers may write to."""
    home = the_house().household.choices.home
    return _keep("home", {**home.model_dump(), "contact": request.form.get("contact", "").strip()})


@alerts.post("/alerts/snoozes")
@access(Access.OWNER)
def wake_up() -> ResponseReturnValue:
    """End what was muted from a message."""
    return _keep("snoozes", ())


def _label(channel: Channel) -> str:
    kind = kind_of(channel.kind)
    label = translate(kind.label) if kind else channel.kind
    return translate("{kind}, of {person}", kind=label, person=channel.person) if channel.person else label


def _push_key() -> str:
    """Return under what key a browser asks to be told; nothing if none can be kept."""
    try:
        return public(own_key(Secrets(the_house().settings.paths.secrets)))
    except OSError:
        return ""


def _snoozed(snooze: Snooze, called: Names) -> str:
    until = translate("{day}, {clock}", day=day(snooze.until), clock=clock(snooze.until))
    if snooze.device is None:
        return translate("Everything, until {until}.", until=until)
    return translate("{name}, until {until}.", name=called.of(snooze.device), until=until)


def _keep(section: str, said: object) -> ResponseReturnValue:
    try:
        the_house().household.change(**{section: said})
    except HouseholdError as error:
        place, _, why = str(error).partition(": ")
        return _page({place.rpartition(".")[2]: translate("This cannot be: {why}.", why=why.rstrip("."))}), 400
    flash(translate("What you chose holds from now on."), "success")
    return redirect(url_for(".show", _anchor=section), 303)


def _page(problems: dict[str, str]) -> str:
    house = the_house()
    chosen, inventory = house.household.choices, house.registry.inventory
    called = names(inventory)
    meanings = happened_in_words()
    verdicts = {verdict: (meanings.get(verdict, verdict), tell) for verdict, tell in house.rules.verdicts.tell.items()}
    return render_template(
        "alerts.html",
        owner=is_owner(),
        problems=problems,
        said=request.form,
        chosen=chosen,
        kinds=[(kind.id, translate(kind.label)) for kind in KINDS if kind.fields],
        push_key=_push_key(),
        browsers=[each.id for each in chosen.channels if each.kind == WEB_PUSH],
        channels=[(each, _label(each)) for each in chosen.channels],
        verdicts=verdicts,
        for_all={each.verdict: each.tell for each in chosen.loudness if each.device is None},
        for_one=[each for each in chosen.loudness if each.device is not None],
        speakers=[(each.mac, called.of(each.mac)) for each in inventory.devices if each.watched],
        called=called,
        loudness={tell: translate(text) for tell, text in LOUDNESS.items()},
        whens=[(verdict, meaning) for verdict, (meaning, _) in verdicts.items()],
        snoozed=[_snoozed(each, called) for each in chosen.snoozes if each.until > house.now()],
    )
