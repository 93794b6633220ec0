# SPDX-License-Identifier: GPL-2.0-or-later
"""Settings: the household, what is kept and for how long; and the ways to what has pages of its own."""

from typing import Any
from zoneinfo import available_timezones

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appliance.household import Evidence, HouseholdError, Privacy, evidence_settings, ledger_settings
from appliance.language import later, translate
from appliance.limits import PASSPHRASE_LEAST
from appliance.settings import Https
from web.access import Access, access
from web.gate import is_owner
from web.house import the_house

settings = Blueprint("settings", __name__)

#: What is kept of the frames around an upload, in words.
EVIDENCE = {
    Evidence.NONE: later("Nothing: what is judged rests on the ledger alone"),
    Evidence.HEADERS: later("Headers: when, how much, from whom to whom; what a complaint needs"),
    Evidence.WHOLE: later("Whole frames, encrypted as they were sent"),
}
_DAYS = ("keep_days", "traffic_days", "sounds_days", "evidence_days")


@settings.get("/settings")
@access(Access.VIEWER)
def show() -> str:
    """Show what the household chose."""
    return _page({})


@settings.post("/settings/home")
@access(Access.OWNER)
def change_home() -> ResponseReturnValue:
    """Take language and time zone."""
    home = the_house().household.choices.home
    said = {"language": request.form.get("language", ""), "zone": request.form.get("zone", "").strip()}
    return _keep("home", {**home.model_dump(), **said})


@settings.post("/settings/privacy")
@access(Access.OWNER)
def change_privacy() -> ResponseReturnValue:
    """Take what is kept, and for how long."""
    said: dict[str, object] = {name: request.form.get(name, "").strip() or None for name in _DAYS}
    return _keep("privacy", {**said, "evidence": request.form.get("evidence") or None})


@settings.post("/settings/discovery")
@access(Access.OWNER)
def change_discovery() -> ResponseReturnValue:
    """Take whether devices may be asked what they are."""
    the_house().registry.allow_probing(request.form.get("allowed") == "yes")
    flash(translate("What you chose holds from now on."), "success")
    return redirect(url_for(".show", _anchor="discovery"), 303)


@settings.post("/settings/access")
@access(Access.OWNER)
def change_access() -> ResponseReturnValue:
    """Take whether plain HTTP leads to HTTPS: from who came by HTTPS, so that nobody shuts themselves out."""
    wanted = request.form.get("https_only") == "yes"
    if wanted and not request.is_secure:
        why = translate("Open this page by HTTPS first, and choose it there: so you know that you get in.")
        return _page({"https_only": why}), 422
    return _keep("access", {"https_only": wanted})


def _keep(section: str, said: dict[str, Any]) -> ResponseReturnValue:
    try:
        the_house().household.change(**{section: said})
    except HouseholdError as error:
        place, _, why = str(error).partition(": ")
        return _page({place.rpartition(".")[2]: translate("This cannot be: {why}.", why=why.rstrip("."))}), 400
    flash(translate("What you chose holds from now on."), "success")
    return redirect(url_for(".show", _anchor=section), 303)


def _page(problems: dict[str, str]) -> str:
    chosen = the_house().household.choices
    return render_template(
        "settings.html",
        owner=is_owner(),
        problems=problems,
        said=request.form,
        home=chosen.home,
        asks=chosen.updates.ask and bool(the_house().rules.newest),
        https=the_house().settings.web.https is Https.OFFERED,
        https_only=chosen.access.https_only,
        encrypted=request.is_secure,
        privacy=chosen.privacy,
        probing=the_house().registry.inventory.probing,
        without=_without_choice(),
        evidence={kind: translate(text) for kind, text in EVIDENCE.items()},
        zones=sorted(available_timezones()),
        forgetting=chosen.forgetting,
        least=PASSPHRASE_LEAST,
    )


def _without_choice() -> dict[str, object]:
    """Return what holds where nothing is chosen: what the settings file says."""
    file, nothing = the_house().settings, Privacy()
    ledger, shelf = ledger_settings(file.ledger, nothing), evidence_settings(file.evidence, nothing)
    kept = Evidence.WHOLE if shelf.whole else Evidence.HEADERS
    return {
        "keep_days": ledger.keep_days,
        "traffic_days": ledger.keep_traffic_days,
        "sounds_days": ledger.keep_sounds_days,
        "evidence_days": shelf.keep_days,
        "evidence": kept if shelf.keep else Evidence.NONE,
    }
