# SPDX-License-Identifier: GPL-2.0-or-later
"""The Flask application: pages and API of one house."""

from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI

from appliance import __version__
from web.frame import frame
from web.house import House, keep_house
from web.language import answer_in_the_readers_language
from web.pages import PAGES


def create_app(house: House) -> OpenAPI:
    """Return the application for ``house``; whoever serves it decides where."""
    app = OpenAPI(__name__, info=Info(title="Earwitness", version=__version__), doc_ui=False)
    keep_house(app.extensions, house)
    answer_in_the_readers_language(app)
    frame(app)
    for page in PAGES:
        app.register_blueprint(page)
    return app
