# SPDX-License-Identifier: GPL-2.0-or-later
"""What is wrong with a request, for programs: problem details as in RFC 9457, whatever the status."""

from typing import Annotated

from flask import Response, request
from pydantic import Field, ValidationError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from appliance.report.contract import Part

PROBLEM = "application/problem+json"


class Fault(Part):
    """One thing that is wrong in what was sent."""

    pointer: Annotated[str | None, Field(description="Where in the body: a JSON pointer (RFC 6901) as a fragment.")]
    parameter: Annotated[str | None, Field(description="Or which parameter of the address.")]
    detail: str


class Problem(Part):
    """Why a request was not answered."""

    type: Annotated[str, Field(description="Always about:blank: the status says what kind of problem it is.")]
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: Annotated[str, Field(description="A sentence for people.")]
    errors: Annotated[list[Fault], Field(description="What is wrong in the request, where that can be said.")]


def problem(error: HTTPException) -> BaseResponse:
    """Return the answer that says what ``error`` says, with its headers (Allow, Retry-After and such)."""
    response = error.get_response(request.environ)
    if error.response is not None:
        return response
    told = Problem(
        type="about:blank",
        title=error.name,
        status=response.status_code,
        detail=error.description or error.name,
        errors=[],
    )
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return _written(told, response)


def refused(error: ValidationError) -> Response:
    """Return the answer to a request whose parameters or body are not as the API says."""
    wrong = [each for each in error.errors(include_url=False) if each["type"] != "none_required"]  # or leave it out
    faults = [_fault(error.title, each["loc"], each["msg"]) for each in wrong]
    detail = f"{len(faults)} thing{'s' * (len(faults) != 1)} in the request cannot be so; see errors."
    told = Problem(type="about:blank", title="Unprocessable Content", status=422, detail=detail, errors=faults)
    response = Response(status=422)
    _written(told, response)
    return response


def wants_problems() -> bool:
    """Say whether who sent this request is a program."""
    return request.path.startswith("/api/") or request.path == "/metrics"


def _written(told: Problem, response: BaseResponse) -> BaseResponse:
    response.set_data(told.model_dump_json())
    response.content_type = PROBLEM
    return response


def _fault(model: str, place: tuple[int | str, ...], message: str) -> Fault:
    if model.endswith(("Query", "Path")):
        return Fault(pointer=None, parameter=str(place[0]) if place else None, detail=message)
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in place)
    return Fault(pointer="#" + "".join(f"/{step}" for step in steps), parameter=None, detail=message)
