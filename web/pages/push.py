# SPDX-License-Identifier: GPL-2.0-or-later
"""A browser asks to be told by itself (Web Push), and gets the worker that shows it what it is told."""

from hmac import compare_digest
from pathlib import Path

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from appliance.household import Channel, HouseholdError, Level, Secrets
from appliance.language import translate
from appliance.limits import WEB_PUSH_BROWSERS
from appliance.notify.channels.webpush import WEB_PUSH, channel_id, own_key, web_push
from web.access import Access, access
from web.browsers import browser_of
from web.gate import is_owner, the_person
from web.house import the_house

push = Blueprint("push", __name__)

#: What a browser says of itself.
_SAID = ("endpoint", "p256dh", "auth")
_WORKER = Path(__file__).parents[1] / "static" / "js" / "worker.js"


@push.get("/sw.js")
@access(Access.OPEN)
def worker() -> Response:
    """Give the worker. It lies at the top since it may work for no page above itself; browsers look for a newer one."""
    answer = Response(_WORKER.read_bytes(), mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@push.post("/alerts/push")
@access(Access.VIEWER)
def ask() -> ResponseReturnValue:
    """Take where and how a person's browser wants to be told; one that asked before keeps its channel."""
    said = {name: request.form.get(name, "") for name in _SAID}
    id_ = channel_id(said["endpoint"])
    if the_house().rules.relays.of(said["endpoint"]) is None:
        return _refused(translate("no rule names the relay of this browser"))
    try:
        _keep(id_, said)
    except (HouseholdError, OSError, ValueError) as error:
        return _refused(str(error))
    flash(translate("This browser is told from now on."), "success")
    return redirect(url_for("channels.show", id_=id_) if is_owner() else url_for("alerts.show"), 303)


@push.post("/alerts/push/stop")
@access(Access.VIEWER)
def stop() -> ResponseReturnValue:
    """Tell a browser no more: whoever knows its address at the relay, which is a secret, may say so."""
    if found := _channel(channel_id(request.form.get("endpoint", ""))):
        the_house().household.remove("channels", found)
        _secrets().forget(found.id)
        flash(translate("The channel “{name}” is gone.", name=found.name), "success")
    return redirect(url_for("alerts.show"), 303)


@push.post("/alerts/push/renew")
@access(Access.OPEN, attempts=True, machine=True)
def renew() -> ResponseReturnValue:
    """Take a browser's new address in place of the old one, which the browser's worker does by itself.

    It shows by what it shares with us that it is the same one; nobody is logged in there.
    """
    form = request.form
    old, said = channel_id(form.get("old_endpoint", "")), {name: form.get(name, "") for name in _SAID}
    known, channel = _secrets().of(old), _channel(old)
    if channel is None or not compare_digest(known.get("auth", "").encode(), form.get("old_auth", "").encode()):
        abort(403, "No browser of this house is known by that.")
    if the_house().rules.relays.of(said["endpoint"]) is None:
        abort(400, "No rule names that relay.")
    try:
        _replace(channel, {**known, **said})
    except (HouseholdError, OSError, ValueError):
        abort(400, "This cannot be kept.")
    return "", 204


def forget_browsers(person: str) -> None:
    """Tell the browsers of a person no more who may not come in any more. Raises HouseholdError, OSError."""
    household = the_house().household
    theirs = [each for each in household.choices.channels if each.person and each.person == person]
    for each in theirs:
        household.remove("channels", each)
        _secrets().forget(each.id)


def _replace(channel: Channel, said: dict[str, str]) -> None:
    """Put what is known of a browser in place of what was, under its new id; what was chosen of the channel stays."""
    web_push(said)
    household, secrets, id_ = the_house().household, _secrets(), channel_id(said["endpoint"])
    secrets.put(id_, said)
    others = [each for each in household.choices.channels if each.id not in {channel.id, id_}]
    household.change(channels=(*others, channel.model_copy(update={"id": id_})))
    if id_ != channel.id:
        secrets.forget(channel.id)


def _keep(id_: str, said: dict[str, str]) -> None:
    """Keep what a browser said, with the key under which it asked and where it has its pages."""
    household, secrets, person = the_house().household, _secrets(), the_person()
    name = person.name if person else ""
    theirs = sum(each.person == name and each.id != id_ for each in household.choices.channels)
    if theirs >= WEB_PUSH_BROWSERS:
        raise ValueError(translate("so many of your browsers are told already: {count}", count=theirs))
    said = {**said, "key": own_key(secrets), "page": request.host_url}
    web_push(said)
    secrets.put(id_, said)
    if _channel(id_):
        return
    browser = browser_of(request.user_agent.string)
    try:
        household.add("channels", Channel(id=id_, kind=WEB_PUSH, name=browser, level=Level.NORMAL, person=name))
    except HouseholdError:
        secrets.forget(id_)
        raise


def _channel(id_: str) -> Channel | None:
    """Return a browser's channel."""
    channels = the_house().household.choices.channels
    return next((each for each in channels if each.id == id_ and each.kind == WEB_PUSH), None)


def _secrets() -> Secrets:
    return Secrets(the_house().settings.paths.secrets)


def _refused(why: str) -> ResponseReturnValue:
    flash(translate("This cannot be kept: {why}.", why=why.rstrip(".")), "error")
    return redirect(url_for("alerts.show"), 303)
