# SPDX-License-Identifier: GPL-2.0-or-later
"""The API of the house, one file for each resource, and what all of them have in common."""

from secrets import token_hex

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.security_scheme import SecurityScheme
from flask_openapi3.openapi import OpenAPI
from werkzeug.exceptions import HTTPException, ServiceUnavailable
from werkzeug.wrappers import Response

from appliance.ledger import LedgerError
from appliance.limits import API_RETRY_S
from web.accounts import AccountsError
from web.api.curve import curves
from web.api.days import days
from web.api.description import description
from web.api.devices import devices
from web.api.ears import ears
from web.api.events import events, keep_stream
from web.api.findings import findings
from web.api.history import speakers
from web.api.household import household
from web.api.metrics import keep_metrics, metrics
from web.api.problem import Problem, problem, refused, wants_problems
from web.api.resource import PREFIX, check_body, tag_answer
from web.api.rooms import rooms
from web.api.rules import rules
from web.api.sounds import sounds
from web.api.status import status
from web.api.traffic import traffic
from web.api.uploads import uploads
from web.api.verdicts import verdicts
from web.errors import error_page
from web.stream import Stream

#: The resources, in the order in which the description tells of them.
RESOURCES: tuple[APIBlueprint, ...] = (
    *(status, days, uploads, curves, verdicts, events, devices, speakers, rooms, ears, sounds),
    *(findings, traffic, household, rules, description),
)

api = APIBlueprint("api", __name__, url_prefix=PREFIX)
for each in RESOURCES:
    api.register_api(each)
for bare in (api, metrics):
    bare.before_request(check_body)
api.after_request(tag_answer)


def register_api(app: OpenAPI) -> None:
    """Give an application its API, its metrics and its stream of events."""
    app.validation_error_model = Problem
    app.validation_error_callback = refused
    app.security_schemes = {"token": SecurityScheme(type="http", scheme="bearer")}
    app.register_api(api)
    app.register_api(metrics)
    app.register_error_handler(HTTPException, _wrong)
    for kind in (LedgerError, AccountsError):
        app.register_error_handler(kind, _unreadable)
    keep_stream(app.extensions, Stream(token_hex(4)))
    keep_metrics(app.extensions)


def _wrong(error: HTTPException) -> Response:
    """Tell programs what is wrong in a way that they can read, and people in another."""
    return problem(error) if wants_problems() else error_page(error)


def _unreadable(error: LedgerError | AccountsError) -> Response:
    return _wrong(ServiceUnavailable(str(error), retry_after=API_RETRY_S))
