# SPDX-License-Identifier: GPL-2.0-or-later
"""What every resource of the API has: where it lies, how it answers, and how it says what is wrong."""

from datetime import UTC, datetime
from typing import Annotated, Any, Self

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from flask_openapi3.types import ResponseDict
from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, TypeAdapter
from werkzeug.exceptions import BadRequest, UnprocessableEntity

from appliance.report.contract import Part
from appliance.speakers.inventory import MAC
from web.api.problem import PROBLEM

PREFIX = "/api/v1"
#: 9999-12-31T23:59:59Z: the last second of which RFC 3339 can tell.
LAST = 253_402_300_799.0
#: The largest id that a row of the ledger can have.
ROW_MOST = 2**63 - 1
_DATETIME: TypeAdapter[datetime] = TypeAdapter(AwareDatetime)

At = Annotated[AwareDatetime, Field(description="When that was which this is about, by the clock on the wall, in UTC.")]


def _seconds(value: object) -> object:
    """Take a date and time with its zone for seconds since the epoch; what was before that is 0."""
    if isinstance(value, str) and "T" in value.upper():
        return max(_DATETIME.validate_python(value).timestamp(), 0.0)
    return value


def _either(schema: dict[str, Any]) -> None:
    told = {"description": "Seconds since the epoch, or a date and time with its zone (RFC 3339)."}
    number = {"type": "number", "minimum": 0, "maximum": LAST}
    schema |= {"anyOf": [number, {"type": "string", "format": "date-time"}], **told}
    for key in ("type", "minimum", "maximum"):
        schema.pop(key, None)


#: A time in a query: seconds since the epoch, or a date and time with its zone (RFC 3339).
Moment = Annotated[
    float, BeforeValidator(_seconds), Field(ge=0, le=LAST, allow_inf_nan=False, json_schema_extra=_either)
]
#: A device in an address.
Mac = Annotated[str, Field(pattern=f"^{MAC.pattern}$", description="MAC address, in lower case with colons.")]


#: What opens an operation: a program's token.
TOKEN: list[dict[str, list[str]]] = [{"token": []}]


class Body(Part):
    """What is sent: strictly as the description says; no text is taken for a number, and no number for a yes."""

    @classmethod
    def model_validate(cls, obj: Any, **_: Any) -> Self:  # noqa: ANN401, ARG003 - pydantic's
        """Take the body of this request, not what was made of it on the way."""
        return cls.model_validate_json(request.get_data(), strict=True)


def resource(name: str, about: str) -> APIBlueprint:
    """Return the blueprint of one resource; ``about`` says what it is."""
    return APIBlueprint(
        name,
        __name__,
        abp_tags=[Tag(name=name, description=about)],
        abp_security=TOKEN,
        abp_responses=problems(400, 401, 403, 404, 422, 429, 503),
        operation_id_callback=operation,
    )


def problems(*statuses: int) -> ResponseDict:
    """Return the documentation of answers that say what is wrong."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {str(status): {"content": {PROBLEM: schema}} for status in statuses}


#: What else may be wrong where there is a body.
BODY_PROBLEMS = problems(413, 415)
UNCHANGED: ResponseDict = {"304": {"description": "It is as it was when it had the ETag of If-None-Match."}}


def answers(model: type[BaseModel]) -> ResponseDict:
    """Return the documentation of a GET that answers with ``model``."""
    return {"200": model, **UNCHANGED}


def changes(model: type[BaseModel]) -> ResponseDict:
    """Return the documentation of a change that answers with ``model``."""
    return {"200": model, **BODY_PROBLEMS}


#: The documentation of a DELETE.
REMOVES: ResponseDict = {"204": {"description": "It is not there any more."}}


def answer(model: BaseModel) -> Response:
    """Return ``model`` as JSON."""
    return Response(model.model_dump_json(), mimetype="application/json")


def nothing() -> Response:
    """Answer that it is done, with nothing more to say."""
    return Response(status=204)


def at(time: float) -> datetime:
    """Return seconds since the epoch as date and time in UTC; what no calendar has is its first or last day."""
    return datetime.fromtimestamp(min(max(time, 0.0), LAST), UTC)


def check_body() -> None:
    """Refuse a body that is no JSON object, before anybody looks into it: 415, 400 or 422."""
    if request.method not in {"POST", "PUT", "PATCH"}:
        return
    try:
        body = request.get_json()
    except RecursionError:
        raise BadRequest("The body is nested too deeply.") from None
    if not isinstance(body, dict):
        raise UnprocessableEntity("The body must be a JSON object.")


def tag_answer(response: Response) -> Response:
    """Give what was got its ETag, and only that if whoever asks has it already."""
    if request.method in {"GET", "HEAD"} and response.status_code == 200 and not response.is_streamed:
        response.add_etag()
        response.make_conditional(request)
    return response


def operation(*, name: str, path: str, method: str) -> str:  # noqa: ARG001 - flask-openapi3 names them
    """Return what an operation is called in the description: as its view is."""
    return name
