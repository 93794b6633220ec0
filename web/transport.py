# SPDX-License-Identifier: GPL-2.0-or-later
"""The transport check in words: what a speaker let others read, and how bad that is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from appliance.diary.exposed import Exposed
from appliance.events import ExposureKind
from appliance.language import later, translate
from appliance.rules import Rules, said

#: Versions of TLS by what they are worth today (RFC 8996 deprecates 1.0 and 1.1, RFC 7568 SSL 3.0).
_GOOD = {
    "TLS 1.3": later("It offers TLS 1.3, the newest way to encrypt."),
    "QUIC": later("It uses QUIC, which encrypts as TLS 1.3 does."),
    "TLS 1.2": later("It offers TLS 1.2 at most on some connections: sound, though host names are in plain sight."),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence of the check, with when that was last seen (seconds since the epoch), if it was."""

    mood: str  #: "good", "notice", "info"
    text: str
    last: float | None = None


def remarks(found: Sequence[Exposed], rules: Rules, language: str) -> Iterator[Remark]:
    """Yield what is to be said of what was ``found`` of one speaker; something of each kind, the worst first."""
    told = [_remark(each, rules, language) for each in found]
    told += [_none(kind) for kind in ExposureKind if kind not in {each.kind for each in found}]
    yield from sorted(told, key=lambda each: ("notice", "info", "good").index(each.mood))


def _remark(each: Exposed, rules: Rules, language: str) -> Remark:
    match each.kind:
        case ExposureKind.TLS if each.value in _GOOD:
            return Remark("good", translate(_GOOD[each.value]), each.last)
        case ExposureKind.TLS:
            text = translate("It still connects with {version}, which can be broken.", version=each.value)
        case ExposureKind.PLAIN:
            text = translate(
                "It sends requests to {host} in plain text: anybody on the way can read them.", host=each.value
            )
        case ExposureKind.DNS:
            text = translate(
                "It asks for host names in plain text, as most devices do: your provider can read whom it talks to."
            )
            return Remark("info", text, each.last)
        case ExposureKind.IDENTIFIER:
            return Remark("info", translate("It tells {what}.", what=_leak(each.value, rules, language)), each.last)
    return Remark("notice", text, each.last)


def _leak(rule_id: str, rules: Rules, language: str) -> str:
    says = next((rule.says for rule in rules.leaks.rules if rule.id == rule_id), {"en": rule_id})
    return said(says, language)


def _none(kind: ExposureKind) -> Remark:
    """Say that nothing of a kind was seen; of encryption that is no good news, only no news."""
    match kind:
        case ExposureKind.TLS:
            return Remark(
                "info",
                translate("How it encrypts will be known when it next opens a connection; those it has are older."),
            )
        case ExposureKind.PLAIN:
            return Remark("good", translate("No request of it in plain text was seen."))
        case ExposureKind.DNS:
            return Remark("info", translate("No question of it for a host name was seen in plain text."))
        case ExposureKind.IDENTIFIER:
            return Remark("good", translate("It was not seen to tell an identifier of itself."))
