# SPDX-License-Identifier: GPL-2.0-or-later
"""A browser asks to be told by itself (Web Push), and gets the worker that shows it what it is told."""

from pathlib import Path

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from appliance.household import Channel, HouseholdError, Level, Secrets
from appliance.language import translate
from appliance.notify.channels.webpush import WEB_PUSH, channel_id, own_key, web_push
from web.access import Access, access
from web.browsers import browser_of
from web.house import the_house

push = Blueprint("push", __name__)

_WORKER = Path(__file__).parents[1] / "static" / "js" / "worker.js"


@push.get("/sw.js")
@access(Access.OPEN)
def worker() -> Response:
    """Give the worker. It lies at the top since it may work for no page above itself; browsers look for a newer one."""
    answer = Response(_WORKER.read_bytes(), mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@push.post("/alerts/push")
@access(Access.OWNER)
def ask() -> ResponseReturnValue:
    """Take where and how a browser wants to be told; one that asked before keeps its channel."""
    said = {name: request.form.get(name, "") for name in ("endpoint", "p256dh", "auth")}
    id_ = channel_id(said["endpoint"])
    if the_house().rules.relays.of(said["endpoint"]) is None:
        return _refused(translate("no rule names the relay of this browser"))
    try:
        _keep(id_, said)
    except (HouseholdError, OSError, ValueError) as error:
        return _refused(str(error))
    flash(translate("This browser is told from now on. Try it."), "success")
    return redirect(url_for("channels.show", id_=id_), 303)


def _keep(id_: str, said: dict[str, str]) -> None:
    """Keep what a browser said, with the key under which it asked and where it has its pages."""
    household, secrets = the_house().household, Secrets(the_house().settings.paths.secrets)
    said = {**said, "key": own_key(secrets), "page": request.host_url}
    web_push(said)
    secrets.put(id_, said)
    if any(each.id == id_ for each in household.choices.channels):
        return
    name = browser_of(request.user_agent.string)
    try:
        household.add("channels", Channel(id=id_, kind=WEB_PUSH, name=name, level=Level.NORMAL))
    except HouseholdError:
        secrets.forget(id_)
        raise


def _refused(why: str) -> ResponseReturnValue:
    flash(translate("This cannot be kept: {why}.", why=why.rstrip(".")), "error")
    return redirect(url_for("alerts.show"), 303)
