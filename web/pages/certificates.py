# SPDX-License-Identifier: GPL-2.0-or-later
"""How a phone or a computer learns to trust this house's certificates. Everybody may see it, without them."""

from flask import Blueprint, Response, abort, render_template, request

from appliance.certificates import Certificates
from appliance.language import translate
from appliance.settings import Https
from web.access import Access, access
from web.gate import encrypted_address
from web.house import the_house
from web.pages.first_steps import qr
from web.server import the_certificates

certificates = Blueprint("certificates", __name__, url_prefix="/certificates")

#: By what name the file is kept on the phone.
_FILE = "earwitness-home-ca.crt"


@certificates.get("")
@access(Access.OPEN, plain=True)
def show() -> str:
    """Show the file, its fingerprint, and what to do with it."""
    found = _found()
    return render_template(
        "certificates.html",
        fingerprint=_pairs(found.fingerprint) if found else "",
        code=qr(f"{request.host_url}certificates"),
        encrypted=encrypted_address(),
        secure=request.is_secure,
    )


@certificates.get("/home-ca.crt")
@access(Access.OPEN, plain=True)
def download() -> Response:
    """Give the file: it is no secret, and good for nothing outside of this home."""
    found = _found() or abort(404, translate("This house is not served over HTTPS."))
    answer = Response(found.ca_path.read_bytes(), mimetype="application/x-x509-ca-cert")
    answer.headers["Content-Disposition"] = f"attachment; filename={_FILE}"
    return answer


def _found() -> Certificates | None:
    house = the_house()
    if house.settings.web.https is Https.OFF:
        return None
    try:
        return the_certificates(house)
    except OSError:
        return None


def _pairs(digits: str) -> str:
    """Return a fingerprint as systems show it."""
    return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2)).upper()
