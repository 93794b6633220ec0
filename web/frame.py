# SPDX-License-Identifier: GPL-2.0-or-later
"""What the frame of every page needs: addresses of its parts, the chosen colours, the pulse of the house."""

from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import cast

from flask import Flask, Response, g, request

from appliance import __version__
from web.change import Change, waiting_change
from web.compression import compress
from web.gate import is_owner
from web.house import the_house
from web.pulse import Pulse, pulse

#: How long browsers may keep what never changes, in seconds.
_YEAR_S = 31_536_000
_STATIC = Path(__file__).parent / "static"


def frame(app: Flask) -> None:
    """Give the templates of ``app`` what base.html and _components.html use."""
    compress(app)
    app.after_request(_kept)
    app.add_template_global(asset, "asset")
    app.add_template_global(theme, "theme")
    app.add_template_global(_pulse, "pulse")
    app.add_template_global(_change, "network_change")
    app.add_template_global(is_owner, "is_owner")
    app.jinja_env.globals["version"] = __version__


@cache
def asset(name: str, *, versioned: bool = True) -> str:
    """Return the address of a file in static/; it changes with what is in the file, unless other files name it too."""
    if versioned:
        return f"/static/{name}?v={_digest(name)}"
    return f"/static/{name}"


def theme() -> str:
    """Return the colours that the reader chose: ``light`` or ``dark``; nothing: as the device has it."""
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in {"light", "dark"} else ""


def _digest(name: str) -> str:
    return blake2b((_STATIC / name).read_bytes(), digest_size=5).hexdigest()


def _kept(answer: Response) -> Response:
    """Let browsers keep what has its version in its address."""
    if request.endpoint == "static" and "v" in request.args and answer.status_code == 200:
        answer.headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable"
    return answer


def _change() -> Change | None:
    return waiting_change(the_house().settings.paths)


def _pulse() -> Pulse:
    """Feel the pulse, once for each answer: the frame shows it, and some pages do too."""
    if "pulse" not in g:
        g.pulse = pulse(the_house())
    return cast("Pulse", g.pulse)
