# SPDX-License-Identifier: GPL-2.0-or-later
"""The Flask application: pages and API of one house."""

from socket import gethostname

from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI

from appliance import __version__
from web.api import register_api
from web.frame import frame
from web.gate import keep_gate
from web.headers import keep_headers
from web.hosts import HostCheck, own_names
from web.house import House, keep_house
from web.language import answer_in_the_readers_language
from web.pages import PAGES
from web.pages.demo import open_the_demo
from web.received import Receiving
from web.satellites import satellites


def create_app(house: House) -> OpenAPI:
    """Return the application for ``house``; whoever serves it decides where."""
    app = OpenAPI(__name__, info=Info(title="Earwitness", version=__version__), doc_ui=False)
    app.request_class = Receiving
    keep_house(app.extensions, house)
    answer_in_the_readers_language(app)
    frame(app)
    for page in PAGES:
        app.register_blueprint(page)
    open_the_demo(app, house.settings)
    register_api(app)
    app.register_blueprint(satellites)
    keep_gate(app, house.accounts.secret)
    keep_headers(app)
    names = own_names(gethostname(), house.settings.web.names)
    app.wsgi_app = HostCheck(app.wsgi_app, names)  # type: ignore[method-assign]  # as Flask's documentation does
    return app
