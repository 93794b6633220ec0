# SPDX-License-Identifier: GPL-2.0-or-later
"""The API described: for programs as an OpenAPI document, for people as a page made of it."""

import json
from typing import Any, cast

from flask import Response, current_app, render_template
from flask_openapi3.openapi import OpenAPI
from flask_openapi3.types import ResponseDict

from web.access import Access, Scope, access
from web.api.resource import UNCHANGED, resource

description = resource("description", "The API described.")

_DOCUMENT: ResponseDict = {
    "200": {
        "description": "An OpenAPI 3.1 document.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    },
    **UNCHANGED,
}
_PAGE: ResponseDict = {
    "200": {"description": "A page.", "content": {"text/html": {"schema": {"type": "string"}}}},
    **UNCHANGED,
}


@description.get("/openapi.json", responses=_DOCUMENT)
@access(Access.VIEWER, scope=Scope.READ)
def get_description() -> Response:
    """Return this description, for programs."""
    return Response(json.dumps(_document()), mimetype="application/json")


@description.get("/", responses=_PAGE)
@access(Access.VIEWER, scope=Scope.READ)
def show_description() -> Response:
    """Return this description, for people."""
    return Response(render_template("api.html", document=_document()))


def _document() -> dict[str, Any]:
    return cast("OpenAPI", current_app).api_doc
