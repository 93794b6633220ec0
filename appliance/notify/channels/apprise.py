# SPDX-License-Identifier: GPL-2.0-or-later
"""Apprise, which knows more than a hundred services; in a process of its own, which is ended when it hangs.

The library takes 40 MB and some seconds to begin, so it is there only while it sends. ``python -m
appliance.notify.channels.apprise`` reads one letter from its input and writes what became of it.
"""

import base64
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from appliance.events import Tell
from appliance.limits import ANSWER_BYTES, APPRISE_S, SEND_S
from appliance.notify.letter import Letter, Outcome

if TYPE_CHECKING:
    from apprise import AppriseAttachment

#: Our loudness as Apprise's kinds of notification.
_TYPES = {Tell.NOBODY: "info", Tell.NOTICE: "info", Tell.ALERT: "warning", Tell.URGENT: "failure"}
#: What of our environment it is given: where programs are. Nothing of it is secret, nor leads it elsewhere.
_ENVIRONMENT = ("PATH", "PYTHONPATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "TZ", "LANG")
_COMMAND = (sys.executable, "-m", "appliance.notify.channels.apprise")


@dataclass(frozen=True, slots=True)
class Apprise:
    """Sends to one Apprise address."""

    url: str

    def send(self, letter: Letter) -> Outcome:
        """Send a letter. Redirects are not followed, nothing is fetched for it."""
        body = f"{letter.body}\n{letter.link}" if letter.link else letter.body
        said = {"url": self.url, "title": letter.title, "body": body, "type": _TYPES[letter.tell]}
        if letter.picture:
            said["picture"] = base64.b64encode(letter.picture).decode()
        try:
            done = subprocess.run(  # noqa: S603 - our own module; what it is to send goes through a pipe
                _COMMAND,
                input=json.dumps(said).encode(),
                capture_output=True,
                timeout=APPRISE_S,
                check=False,
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            )
            answer = json.loads(done.stdout[:ANSWER_BYTES])
            return Outcome(bool(answer["arrived"]), str(answer["words"]), final=bool(answer["final"]))
        except subprocess.TimeoutExpired:
            return Outcome(arrived=False, words=f"no answer within {APPRISE_S:.0f} seconds")
        except (ValueError, KeyError, TypeError, OSError):
            return Outcome(arrived=False, words="Apprise ended without an answer")


def main(source: TextIO, target: TextIO) -> None:
    """Send the letter in ``source`` and write to ``target`` what became of it."""
    import apprise  # noqa: PLC0415 - the one place where it is loaded

    said = json.load(source)
    asset = apprise.AppriseAsset(app_id="Earwitness", app_desc="Earwitness", image_url_mask=None, image_url_logo=None)
    with_limits = _with(said["url"], rto=SEND_S, cto=SEND_S, redirect="no", image="no")
    service = apprise.Apprise.instantiate(with_limits, asset=asset, suppress_exceptions=True)
    if service is None:
        answer = {"arrived": False, "words": "Apprise does not understand this address", "final": True}
    else:
        all_ = apprise.Apprise(asset=asset)
        all_.add(service)
        result = all_.notify(body=said["body"], title=said["title"], notify_type=said["type"], attach=_attached(said))
        told = [entry.message for entry in result.logs() if entry.level in {"WARNING", "ERROR"}]
        words = " ".join(told)[:500] or f"{service.service_name} took it"
        answer = {"arrived": bool(result), "words": words, "final": False}
    json.dump(answer, target)


def _attached(said: dict[str, str]) -> "AppriseAttachment | None":
    """Return the letter's picture, from memory; services that take none leave it out by themselves."""
    if "picture" not in said:
        return None
    from apprise import AppriseAttachment  # noqa: PLC0415 - as above
    from apprise.attachment.memory import AttachMemory  # noqa: PLC0415

    content = base64.b64decode(said["picture"])
    named = AttachMemory(content=content, name="earwitness.png", mimetype="image/png")  # type: ignore[no-untyped-call]
    return AppriseAttachment(named)


def _with(url: str, **options: object) -> str:
    more = "&".join(f"{name}={value}" for name, value in options.items())
    return f"{url}{'&' if '?' in url else '?'}{more}"


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
