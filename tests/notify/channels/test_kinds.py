# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path
from typing import Any

import pytest

from appliance.household import Channel, Secrets
from appliance.notify.channels.apprise import Apprise
from appliance.notify.channels.kinds import KINDS, Kind, kind_of, said_of, sender

#: The library asks for a module that Python 3.13 has no more, and does without it there.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

FORMS = {
    "pushover": {"user": "u" * 30, "token": "a" * 30},
    "telegram": {"token": "123456789:abcdefg_hijklmnop", "chat": "12315544"},
    "gotify": {"server": "https://gotify.example/deep", "token": "A" * 15},
    "mail": {
        "server": "smtp.example:465",
        "user": "us/er",
        "password": "p@s:s",
        "sender": "earwitness@example.org",
        "to": "anna@example.org",
    },
}


def understood(kind: str) -> Any:  # noqa: ANN401 - each service of the library has fields of its own
    import apprise  # noqa: PLC0415 - where its warning is expected

    told = sender(kind, FORMS[kind]).__self__  # type: ignore[attr-defined] # a bound method
    assert isinstance(told, Apprise)
    return apprise.Apprise.instantiate(told.url)


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_forms_make_addresses_that_apprise_knows(kind: str) -> None:
    """What the owner typed becomes an address that the library takes, whatever characters are in it."""
    assert understood(kind) is not None


def test_mail_goes_by_the_server_that_was_given() -> None:
    """Server, port, login, sender and receiver are the owner's."""
    found = understood("mail")
    assert (found.smtp_host, found.user, found.password) == ("smtp.example", "us/er", "p@s:s")
    assert found.port == 465
    assert found.from_addr[1] == "earwitness@example.org"
    assert found.targets == [(False, "anna@example.org")]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_what_is_missing_is_named(kind: Kind) -> None:
    """A form without what the kind needs is refused with its labels; each kind is found by its id."""
    assert kind_of(kind.id) is kind
    with pytest.raises(ValueError, match=kind.fields[0].label if kind.fields else "only a browser"):
        sender(kind.id, {})


def test_a_kind_that_is_none() -> None:
    """A channel of a newer version is refused in words."""
    with pytest.raises(ValueError, match="no kind of channel"):
        sender("pigeon", {})


def test_relays_learn_whom_to_write_to_and_others_do_not(tmp_path: Path) -> None:
    """The owner's address goes with browsers' channels alone, and only if there is one."""
    secrets = Secrets(tmp_path / "secrets" / "channels.json")
    secrets.put("a", {"topic": "t"})
    browser, phone = (Channel(id="a", kind=kind, name="A") for kind in ("webpush", "ntfy"))
    assert said_of(browser, secrets, "ada@example.org") == {"topic": "t", "contact": "ada@example.org"}
    assert said_of(browser, secrets, "") == said_of(phone, secrets, "ada@example.org") == {"topic": "t"}
