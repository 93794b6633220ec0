# SPDX-License-Identifier: GPL-2.0-or-later
"""What a channel's outcome may say: plain words, without what opens the channel.

A server's answer, or a library's account of it, may repeat the address that was asked for, token and all; and it may be
anything. Its words go to pages, health findings and the journal.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote, unquote, urlsplit

from appliance.limits import OUTCOME_CHARACTERS, SECRET_PART_CHARACTERS
from appliance.notify.channels.kinds import kind_of
from appliance.notify.letter import Letter, Outcome, Send

_BETWEEN = re.compile(r"[/:@?&=#,;\s]+")


def discreet(send: Send, secrets: Iterable[str]) -> Send:
    """Return ``send`` with outcomes that say nothing of ``secrets``, and are short and printable."""
    given = list(secrets)
    hidden = sorted({form for secret in given for form in _forms(secret)}, key=len, reverse=True)
    short = _short(given)

    def sends(letter: Letter) -> Outcome:
        outcome = send(letter)
        words = outcome.words
        for each in hidden:
            words = words.replace(each, "…")
        words = short.sub("…", words) if short else words
        plain = "".join(each if each.isprintable() else " " for each in words)
        return replace(outcome, words=plain[:OUTCOME_CHARACTERS])

    return sends


def hidden(kind: str, said: Mapping[str, str]) -> list[str]:
    """Return what opens a channel of some kind, of all that was said of it; of a kind without a form, all."""
    known = kind_of(kind)
    shown = {each.name for each in known.fields if not each.secret} if known else set()
    return [value for name, value in said.items() if name not in shown]


def _forms(secret: str) -> Iterator[str]:
    """Yield a secret, its parts if it is an address, and all as they may stand in one; the name of a server is none."""
    place = re.sub(r"^https?://[^/]*", "", secret) if "@" not in secret else secret
    host = _host(secret)
    for part in (secret, *_BETWEEN.split(place)):
        for form in {part, quote(part, safe=""), quote(part), unquote(part)}:
            if len(form) >= SECRET_PART_CHARACTERS and form != host:
                yield form


def _short(secrets: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds secrets of a few characters, where they stand by themselves: in words they are everywhere."""
    few = {form for secret in secrets for form in (secret, quote(secret, safe="")) if form.strip()}
    alternatives = "|".join(re.escape(each) for each in few if len(each) < SECRET_PART_CHARACTERS)
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)") if alternatives else None


def _host(secret: str) -> str | None:
    try:
        return urlsplit(secret).hostname if secret.startswith(("http://", "https://")) else None
    except ValueError:
        return None
