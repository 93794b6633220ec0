# SPDX-License-Identifier: GPL-2.0-or-later
"""The kinds of channel: what each asks its owner for, and how it sends. The forms on the page are made from this."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from appliance.household import Channel, Secrets
from appliance.language import later
from appliance.notify.channels.apprise import Apprise
from appliance.notify.channels.ntfy import PUBLIC, Ntfy
from appliance.notify.channels.webhook import Webhook
from appliance.notify.channels.webpush import WEB_PUSH, web_push
from appliance.notify.letter import Send
from appliance.notify.mqtt.broker import broker


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a channel has to know."""

    name: str
    label: str  #: for people, in English
    secret: bool = False  #: opens the channel: written, never shown
    needed: bool = True
    example: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of channel."""

    id: str
    label: str
    fields: tuple[Field, ...]  #: none: nobody can write down what it has to know
    make: Callable[[Mapping[str, str]], Send]
    updates: bool = False  #: a message can take the place of an earlier one


def _ntfy(said: Mapping[str, str]) -> Send:
    return Ntfy(said["topic"], said.get("server", ""), said.get("token", "")).send


def _pushover(said: Mapping[str, str]) -> Send:
    return Apprise(f"pover://{quote(said['user'], '')}@{quote(said['token'], '')}").send


def _telegram(said: Mapping[str, str]) -> Send:
    return Apprise(f"tgram://{quote(said['token'], ':')}/{quote(said['chat'], '')}").send


def _gotify(said: Mapping[str, str]) -> Send:
    place = urlsplit(said["server"])
    scheme = "gotifys" if place.scheme == "https" else "gotify"
    return Apprise(f"{scheme}://{place.netloc}{place.path.rstrip('/')}/{quote(said['token'], '')}").send


def _mail(said: Mapping[str, str]) -> Send:
    login = f"{quote(said['user'], '')}:{quote(said['password'], '')}@" if said.get("user") else ""
    wanted = {"smtp": said["server"].rpartition(":")[0] or said["server"], "from": said["sender"], "to": said["to"]}
    more = "&".join(f"{name}={quote(value, '')}" for name, value in wanted.items())
    return Apprise(f"mailtos://{login}{quote(said['server'], ':')}?{more}").send


def _mqtt(said: Mapping[str, str]) -> Send:
    return broker(said).send


def _webhook(said: Mapping[str, str]) -> Send:
    return Webhook(said["url"], said.get("secret", "")).send


def _apprise(said: Mapping[str, str]) -> Send:
    return Apprise(said["url"]).send


def _web_push(said: Mapping[str, str]) -> Send:
    return web_push(said).send


_SERVER = later("Server")
_TOKEN = later("Token")
_ADDRESS = later("Address")

KINDS: tuple[Kind, ...] = (
    Kind(
        "ntfy",
        "ntfy",
        (
            Field("topic", later("Topic"), secret=True),
            Field("server", _SERVER, needed=False, example=PUBLIC),
            Field("token", later("Access token"), secret=True, needed=False),
        ),
        _ntfy,
        updates=True,
    ),
    Kind(
        "pushover",
        "Pushover",
        (Field("user", later("User key"), secret=True), Field("token", later("Application token"), secret=True)),
        _pushover,
    ),
    Kind(
        "telegram",
        "Telegram",
        (Field("token", later("Bot token"), secret=True), Field("chat", later("Chat number"))),
        _telegram,
    ),
    Kind(
        "gotify",
        "Gotify",
        (Field("server", _SERVER, example="https://gotify.example"), Field("token", _TOKEN, secret=True)),
        _gotify,
    ),
    Kind(
        "mail",
        later("E-mail"),
        (
            Field("server", later("Outgoing mail server"), example="smtp.example:465"),
            Field("user", later("User name"), needed=False),
            Field("password", later("Password"), secret=True, needed=False),
            Field("sender", later("From"), example="earwitness@example.org"),
            Field("to", later("To")),
        ),
        _mail,
    ),
    Kind(
        "mqtt",
        later("Home Assistant (MQTT)"),
        (
            Field("host", later("Broker"), example="homeassistant.local:1883"),
            Field("user", later("User name"), needed=False),
            Field("password", later("Password"), secret=True, needed=False),
            Field("tls", later("Encrypted (write yes)"), needed=False),
            Field("prefix", later("Discovery prefix"), needed=False, example="homeassistant"),
        ),
        _mqtt,
        updates=True,
    ),
    Kind(WEB_PUSH, later("A browser (Web Push)"), (), _web_push, updates=True),
    Kind(
        "webhook",
        "Webhook",
        (
            Field("url", _ADDRESS, secret=True, example="https://example.org/hook"),
            Field("secret", later("Secret that signs what is sent"), secret=True, needed=False),
        ),
        _webhook,
    ),
    Kind(
        "apprise", later("Another service (Apprise address)"), (Field("url", later("Address"), secret=True),), _apprise
    ),
)
_BY_ID = {kind.id: kind for kind in KINDS}


def kind_of(id_: str) -> Kind | None:
    """Return a kind of channel; None if this version has no such kind."""
    return _BY_ID.get(id_)


def said_of(channel: Channel, secrets: Secrets, contact: str) -> dict[str, str]:
    """Return what is to be known of a channel; ``contact``: whom the relays of browsers may write to, or nobody."""
    said = secrets.of(channel.id)
    return {**said, "contact": contact} if channel.kind == WEB_PUSH and contact else said


def sender(id_: str, said: Mapping[str, str]) -> Send:
    """Return what sends through a channel of a kind, with what its owner ``said``.

    Raises ValueError, in words, if the kind is not known or something that it needs is missing.
    """
    kind = kind_of(id_)
    if kind is None:
        raise ValueError(f"there is no kind of channel called {id_}")
    if missing := [field.label for field in kind.fields if field.needed and not said.get(field.name)]:
        raise ValueError(f"{kind.label} needs: {', '.join(missing)}")
    return kind.make(said)
