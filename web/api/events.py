# SPDX-License-Identifier: GPL-2.0-or-later
"""What happens, as it happens: a stream of Server-Sent Events."""

from collections.abc import Iterator

from flask import Response, current_app, request, stream_with_context
from flask_openapi3.types import ResponseDict
from werkzeug.exceptions import ServiceUnavailable

from appliance.limits import API_RETRY_S
from web.access import Access, Scope, access
from web.api.resource import resource
from web.gate import whose
from web.language import chosen_language
from web.stream import Listener, Stream, StreamsFullError

events = resource("events", "What happens, as it happens.")

_KEY = "earwitness-stream"
_STREAM: ResponseDict = {
    "200": {
        "description": "Events until the stream ends, after some minutes; come back with Last-Event-ID then.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


@events.get("/events", responses=_STREAM)
@access(Access.VIEWER, scope=Scope.READ)
def listen() -> Response:
    """Stream what happens: verdict, upload, wake, speech, finding, device, and status each second.

    The data of each is JSON. A client that comes back with the header Last-Event-ID hears what it missed; where that is
    not remembered any more, or a slow client missed some, an event of the kind missed says so.
    """
    stream = stream_of(current_app.extensions)
    try:
        listener = stream.listen(request.headers.get("Last-Event-ID"), chosen_language())
    except StreamsFullError:
        full = "As many listen already as may: ask /api/v1/status instead."
        raise ServiceUnavailable(full, retry_after=API_RETRY_S) from None
    response = Response(stream_with_context(_told(listener)), mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.call_on_close(lambda: stream.leave(listener))
    return response


def _told(listener: Listener) -> Iterator[bytes]:
    """Yield what there is to tell as long as who asked may hear it: they may be shown the door meanwhile."""
    for words in listener:
        if whose(request) is None:
            return
        yield words


def keep_stream(extensions: dict[str, object], stream: Stream) -> None:
    """Remember in a Flask application's ``extensions`` the stream that it tells events by."""
    extensions[_KEY] = stream


def stream_of(extensions: dict[str, object]) -> Stream:
    """Return the stream of an application, for whoever tells events, or ends it before the server stops."""
    stream = extensions[_KEY]
    assert isinstance(stream, Stream)  # noqa: S101 - for the type checker: register_api put it there
    return stream
