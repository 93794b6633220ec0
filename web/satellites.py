# SPDX-License-Identifier: GPL-2.0-or-later
"""Where satellites tell what they hear. It is no part of the API: only our own program speaks it."""

from typing import TypeVar

from flask import Blueprint, Response, abort, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, ServiceUnavailable

from appliance.limits import API_RETRY_S
from appliance.satellites.messages import PATH, Report, Request
from appliance.satellites.receiver import Receiver, ReceiverError
from appliance.satellites.roster import RosterError
from web.access import Access, access
from web.house import the_house

satellites = Blueprint("satellites", __name__, url_prefix=PATH)
M = TypeVar("M", bound=BaseModel)


@satellites.get("/authority")
@access(Access.OPEN)
def authority() -> Response:
    """Return the certificate of the home's authority; who has a code knows whether it is the right one."""
    try:
        certificate = (the_house().settings.paths.certificates / "home-ca.crt").read_bytes()
    except OSError:
        abort(404, "This hub has no certificates: it is not served over HTTPS.")
    return Response(certificate, mimetype="application/x-x509-ca-cert")


@satellites.post("/pair")
@access(Access.OPEN, attempts=True, machine=True)
def pair() -> Response:
    """Let a satellite in that knows the secret of an invitation."""
    receiver, body = _receiver(), _body(Request)
    try:
        return _answer(receiver.admit(body))
    except RosterError as error:
        abort(403, str(error))


@satellites.post("/facts")
@access(Access.OPEN, machine=True)
def facts() -> Response:
    """Take what a satellite of ours heard."""
    receiver = _receiver()
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    satellite = receiver.roster.known(token.strip()) if kind.lower() == "bearer" else None
    if satellite is None:
        abort(401, "The hub does not know this satellite, or no more: pair it anew (earwitness ears pair).")
    try:
        return _answer(receiver.report(satellite, _body(Report)))
    except ReceiverError as error:
        raise ServiceUnavailable(str(error), retry_after=API_RETRY_S) from None


def _receiver() -> Receiver:
    """Return who takes reports; secrets are taken over HTTPS alone."""
    if not request.is_secure:
        abort(403, "Satellites come over HTTPS.")
    return the_house().satellites or abort(404, "This hub has no satellites.")


def _body(kind: type[M]) -> M:
    try:
        return kind.model_validate_json(request.get_data())
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]
        raise BadRequest(f"{'.'.join(map(str, wrong['loc']))}: {wrong['msg']}") from None


def _answer(said: BaseModel) -> Response:
    return Response(said.model_dump_json(), mimetype="application/json")
