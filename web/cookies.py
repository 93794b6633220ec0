# SPDX-License-Identifier: GPL-2.0-or-later
"""The two cookies: one by which a browser is known, and one that its forms are bound to. No script can read them."""

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface

from appliance.limits import SESSION_S

#: Seconds for which a browser keeps a choice.
_YEAR_S = 365 * 86_400
_SESSION, _FORMS = "earwitness", "earwitness-forms"


class FormsCookie(SecureCookieSessionInterface):
    """Flask's session, which holds nothing but what forms are bound to, and the language."""

    def get_cookie_name(self, app: Flask) -> str:  # noqa: ARG002 - Flask's signature
        """Return the name: with ``__Host-`` no other machine of the home's domain can set it."""
        return _named(_FORMS)

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - Flask's signature
        """Say whether it shall never go over plain HTTP."""
        return request.is_secure


def session_token() -> str:
    """Return the token of the session in which this request is made; "" if it is in none."""
    return request.cookies.get(_named(_SESSION), "")


def give_session(answer: Response, token: str) -> Response:
    """Have the browser keep a session's token."""
    answer.set_cookie(
        _named(_SESSION), token, int(SESSION_S), secure=request.is_secure, httponly=True, samesite="Strict"
    )
    return answer


def take_session(answer: Response) -> Response:
    """Have the browser forget it."""
    answer.delete_cookie(_named(_SESSION), secure=request.is_secure, httponly=True, samesite="Strict")
    return answer


def keep_language(answer: Response, language: str) -> Response:
    """Have the browser keep which language its reader chose; it says nothing of anybody."""
    answer.set_cookie("language", language, _YEAR_S, samesite="Lax")
    return answer


def _named(name: str) -> str:
    return f"__Host-{name}" if request.is_secure else name
