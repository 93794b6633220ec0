# SPDX-License-Identifier: GPL-2.0-or-later
"""The gate: before every request it asks who comes, and lets them in only where the view says so.

Views say so by ``@access(...)`` (see ``web.access``). Whoever logged in by a browser must moreover come from a page of
ours to change anything; programs bring a token in a header, which no foreign page can.
"""

from contextlib import suppress
from ipaddress import IPv4Address, ip_address, ip_network
from typing import cast
from urllib.parse import quote, urlsplit

from flask import Flask, Request, Response, abort, current_app, redirect, render_template, request
from flask.typing import RouteCallable
from flask_limiter import Limiter
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect

from appliance.language import later, translate
from appliance.limits import ATTEMPT_S, ATTEMPTS, ATTEMPTS_IN_ALL, FORM_BYTES, FORM_FIELDS, REQUEST_BYTES
from appliance.settings import Https
from web.access import Access, Rule, access, rule_of
from web.accounts import AccountsError, Person, Role
from web.cookies import FormsCookie, session_token
from web.hosts import host_of
from web.house import the_house

_SAFE = {"GET", "HEAD", "OPTIONS"}
#: Where there is nothing, programs and people alike are told so; others shall not find out.
_NOWHERE = Rule(Access.VIEWER)
_SILENT = later("This page does not say who it is for.")


def keep_gate(app: Flask, secret: str) -> None:
    """Put the gate before every view of ``app``, all of which are registered by now; ``secret`` signs its forms."""
    app.config.update(
        SECRET_KEY=secret,
        SESSION_COOKIE_SAMESITE="Strict",
        MAX_CONTENT_LENGTH=REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        MAX_FORM_PARTS=FORM_FIELDS,
        WTF_CSRF_CHECK_DEFAULT=False,  # the gate does, once it knows who comes
        WTF_CSRF_TIME_LIMIT=None,  # a page may lie open as long as its session lasts
        WTF_CSRF_SSL_STRICT=False,  # the gate looks at Origin, on plain HTTP too
    )
    app.session_interface = FormsCookie()
    app.extensions["forgery"] = CSRFProtect(app)
    people = LoginManager(app)
    people.session_protection = None  # its own sessions are not used
    people.request_loader(whose)
    if static := app.view_functions.get("static"):
        access(Access.OPEN, plain=True)(static)
    app.before_request(_admit)
    _limit_attempts(app)


def the_person() -> Person | None:
    """Return who makes this request; None if they did not say."""
    return cast("Person", current_user._get_current_object()) if current_user.is_authenticated else None  # noqa: SLF001


def is_owner() -> bool:
    """Say whether an owner makes this request: only they are shown what only they may do."""
    person = the_person()
    return person is not None and person.role is Role.OWNER


def confirmed(password: str) -> bool:
    """Say whether the person who makes this request knows their password: asked again before root's side is."""
    person = the_person()
    return person is not None and the_house().accounts.users.check(person.name, password) is not None


def whose(asked: Request) -> Person | None:
    """Return who makes a request, by what is known at this moment; nobody, where the accounts cannot be read."""
    with suppress(AccountsError):
        return _known(asked)
    return None


def _known(asked: Request) -> Person | None:
    house = the_house()
    if "Authorization" in asked.headers:  # whatever cookies there are: pages of others cannot send this header
        kind, _, secret = asked.headers["Authorization"].partition(" ")
        return house.accounts.tokens.who(secret.strip(), house.now()) if kind.lower() == "bearer" else None
    token = session_token()
    return house.accounts.sessions.who(token, house.now()) if token else None


def _admit() -> Response | None:
    """Let this request pass, or answer it."""
    rule = _NOWHERE
    if request.endpoint:
        rule = rule_of(current_app.view_functions[request.endpoint]) or abort(403, translate(_SILENT))
    request.max_content_length = rule.body
    if _encrypted_alone() and not (request.is_secure or rule.plain):
        return _led_to_https()
    person = the_person()
    if not the_house().accounts.users.owned():
        if rule.who > Access.NEWCOMER:
            return _sent_to("/setup")
    elif rule.who is Access.NEWCOMER:
        abort(404)
    elif rule.who > Access.OPEN and person is None:
        return _asked_who()
    elif person is not None and request.endpoint and not rule.admits(person):
        abort(403)
    if request.method not in _SAFE and not rule.machine and not (person and person.scope):
        _refuse_forgery()
    return None


def _encrypted_alone() -> bool:
    """Say whether the settings, or the household, want the encrypted way alone."""
    house = the_house()
    https = house.settings.web.https
    return https is Https.REQUIRED or (https is Https.OFFERED and house.household.choices.access.https_only)


def _led_to_https() -> Response:
    """Lead a browser to the encrypted way; what else came in the open is refused."""
    if request.method not in _SAFE or _is_program():
        abort(403, translate("This house is reached by HTTPS alone."))
    return cast("Response", redirect(encrypted_address().rstrip("/") + request.full_path.rstrip("?"), 302))


def encrypted_address() -> str:
    """Return where the same house is served encrypted, by the name with which it was called."""
    port, host = the_house().settings.web.https_port, host_of(request.host)
    name = f"[{host}]" if ":" in host else host
    return f"https://{name}/" if port == 443 else f"https://{name}:{port}/"


def _is_program() -> bool:
    return request.path.startswith(("/api/", "/metrics")) or "Authorization" in request.headers


def _asked_who() -> Response:
    """Send whoever is not known to the door; who follows a link of another site is asked to come again first.

    Browsers send no cookie of ours with such a link, but they do when a page of ours leads on.
    """
    if request.method == "GET" and not _is_program():
        if _from_elsewhere():
            return current_app.make_response(render_template("again.html"))
        return _sent_to(f"/login?next={quote(request.full_path.rstrip('?'))}")
    return _sent_to("/login")


def _from_elsewhere() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "cross-site"
    return bool(request.referrer) and urlsplit(request.referrer or "").netloc != request.host


def _sent_to(page: str) -> Response:
    """Send a browser to a page; tell a program that it must say who it is."""
    if _is_program():
        abort(401)
    return cast("Response", redirect(page, 303))


def _refuse_forgery() -> None:
    """Refuse a change that a page of somebody else's asks for, with the browser of a person of ours."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site not in {None, "same-origin", "none"} or origin not in {None, request.host_url.rstrip("/")}:
        abort(403, translate("This was asked for by a page that is not of Earwitness."))
    if site is None and origin is None:
        abort(403, translate("The browser does not say which page this comes from."))
    current_app.extensions["forgery"].protect()


def _limit_attempts(app: Flask) -> None:
    """Count the secrets that are tried, of each address and of all together."""
    limiter = Limiter(_address, app=app, storage_uri="memory://", strategy="moving-window", headers_enabled=True)
    each = limiter.shared_limit(f"{ATTEMPTS} per {ATTEMPT_S} seconds", "each", methods=["POST"])
    every = limiter.shared_limit(
        f"{ATTEMPTS_IN_ALL} per {ATTEMPT_S} seconds", "all", key_func=lambda: "all", methods=["POST"]
    )
    for endpoint, view in app.view_functions.items():
        if (rule := rule_of(view)) and rule.attempts:
            app.view_functions[endpoint] = cast("RouteCallable", every(each(view)))


def _address() -> str:
    """Return who tries, by address; of IPv6 by network, where a machine can take as many as it likes."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
