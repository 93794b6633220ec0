# SPDX-License-Identifier: GPL-2.0-or-later
"""The channels through which alerts reach people: each with its form, and a button that tries it.

What opens a channel is written and never shown: an empty field leaves what was there.
"""

from secrets import token_hex

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appliance.household import Channel, HouseholdError, Level, Secrets
from appliance.language import later, translate
from appliance.notify.channels import Kind, kind_of, sender
from appliance.notify.channels.ntfy import new_topic
from web.access import Access, access
from web.house import the_house

channels = Blueprint("channels", __name__)

#: How much an alert tells, in words.
LEVELS = {
    Level.SHORT: later("Nothing private: “A speaker sent data unasked.”"),
    Level.NORMAL: later("Speaker, time and size"),
    Level.FULL: later("All of it, with the evidence"),
}


@channels.get("/alerts/new/<kind>")
@access(Access.OWNER)
def new(kind: str) -> str:
    """Ask what a new channel has to know."""
    made = kind_of(kind)
    if made is None or not made.fields:
        abort(404, "There is no such kind of channel.")
    fields = {"topic": new_topic()} if kind == "ntfy" else {}
    return _page(made, Channel(id=f"{kind}-{token_hex(4)}", kind=kind, name=translate(made.label)), fields, new=True)


@channels.get("/alerts/channels/<id_>")
@access(Access.OWNER)
def show(id_: str) -> str:
    """Show a channel, but for what opens it."""
    channel = _known(id_)
    return _page(_kind(channel), channel, _secrets().of(id_), new=False)


@channels.post("/alerts/channels/<id_>")
@access(Access.OWNER)
def keep(id_: str) -> ResponseReturnValue:
    """Take what an owner says of a channel: a new one, or one that is there."""
    before = _find(id_)
    kind = _kind(before) if before else kind_of(request.form.get("kind", "")) or abort(404, "There is no such kind.")
    known = _secrets().of(id_)
    written = {field.name: request.form.get(field.name, "").strip() for field in kind.fields}
    fields = known | {name: value or known.get(name, "") for name, value in written.items()}
    try:
        sender(kind.id, fields)
        household = the_house().household
        others = [each for each in household.choices.channels if each.id != id_]
        household.change(channels=[*others, {**_said(id_, kind.id), "person": before.person if before else ""}])
        _secrets().put(id_, {name: value for name, value in fields.items() if value})
    except (HouseholdError, OSError, ValueError) as error:
        flash(translate("This cannot be kept: {why}.", why=str(error).rstrip(".")), "error")
        channel = before or Channel(id=id_, kind=kind.id, name=translate(kind.label))
        return _page(kind, channel, fields, new=before is None), 400
    return redirect(url_for(".show", id_=id_), 303)


@channels.post("/alerts/channels/<id_>/test")
@access(Access.OWNER)
def test(id_: str) -> ResponseReturnValue:
    """Send a message that says it is a test; tell what became of it, in words."""
    _known(id_)
    if office := the_house().office:
        outcome = office.test(id_)
        flash(outcome.words, "success" if outcome.arrived else "error")
    else:
        flash(translate("Nothing is sent from here: this dashboard only shows what happened."), "error")
    return redirect(url_for(".show", id_=id_), 303)


@channels.post("/alerts/channels/<id_>/remove")
@access(Access.OWNER)
def remove(id_: str) -> ResponseReturnValue:
    """Drop a channel, with what opens it."""
    channel = _known(id_)
    the_house().household.remove("channels", channel)
    _secrets().forget(id_)
    flash(translate("The channel “{name}” is gone.", name=channel.name), "success")
    return redirect(url_for("alerts.show"), 303)


def _said(id_: str, kind: str) -> dict[str, object]:
    """Return the channel as the form has it."""
    form = request.form
    hours = {
        "on": True,
        "begin": form.get("begin", ""),
        "end": form.get("end", ""),
        "urgent_passes": "urgent_passes" in form,
    }
    return {
        "id": id_,
        "kind": kind,
        "name": form.get("name", "").strip(),
        "level": form.get("level", Level.SHORT),
        "on": "on" in form,
        "quiet": {"house": None, "never": {"on": False}}.get(form.get("hours", "house"), hours),
    }


def _page(kind: Kind, channel: Channel, fields: dict[str, str], *, new: bool) -> str:
    return render_template(
        "channel.html",
        kind=kind,
        channel=channel,
        fields=fields,
        new=new,
        said=request.form,
        label=translate(kind.label),
        labels={field.name: translate(field.label) for field in kind.fields},
        levels={level: translate(text) for level, text in LEVELS.items()},
        hours="house" if channel.quiet is None else "own" if channel.quiet.on else "never",
        quiet=channel.quiet or the_house().household.choices.quiet,
    )


def _find(id_: str) -> Channel | None:
    return next((each for each in the_house().household.choices.channels if each.id == id_), None)


def _known(id_: str) -> Channel:
    return _find(id_) or abort(404, "There is no such channel.")


def _kind(channel: Channel) -> Kind:
    return kind_of(channel.kind) or abort(404, "This version has no such kind of channel.")


def _secrets() -> Secrets:
    return Secrets(the_house().settings.paths.secrets)
