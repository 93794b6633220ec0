# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a broker is, as its owner says it; and one message to it, to see whether it takes any."""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from paho.mqtt import MQTTException
from paho.mqtt.client import Client, ConnectFlags
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from appliance.limits import SEND_S
from appliance.notify.letter import Letter, Outcome
from appliance.notify.mqtt.topics import here

#: How people say that they want no encryption.
_NO = {"", "no", "nein", "non", "off", "false", "0"}


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is, and how to get in."""

    host: str
    port: int = 1883
    user: str = ""
    password: str = ""
    tls: bool = False
    prefix: str = "homeassistant"  #: under which Home Assistant looks for devices

    def client(self, name: str) -> Client:
        """Return a client that is let in there; not connected yet."""
        client = Client(CallbackAPIVersion.VERSION2, client_id=name)
        if self.user:
            client.username_pw_set(self.user, self.password)
        if self.tls:
            client.tls_set_context(ssl.create_default_context())
        return client

    def send(self, letter: Letter) -> Outcome:
        """Connect, publish a letter, and go."""
        refused: list[str] = []

        def connected(
            client: Client, _data: object, _flags: ConnectFlags, reason: ReasonCode, _more: Properties | None
        ) -> None:
            if reason.is_failure:
                refused.append(f"the broker refused: {str(reason).lower()}")
                client.disconnect()

        client = self.client("")
        client.on_connect = connected
        client.connect_timeout = SEND_S
        try:
            client.connect(self.host, self.port)
            client.loop_start()
            info = client.publish(here().alert, json.dumps(letter.document(), ensure_ascii=False), qos=1)
            info.wait_for_publish(SEND_S)
            taken = info.is_published()
        except (OSError, ValueError, RuntimeError, MQTTException):
            return Outcome(arrived=False, words=f"{self.host}: nobody answers there")
        finally:
            client.disconnect()
            client.loop_stop()
        return Outcome(taken, f"{self.host} took it" if taken else f"{self.host}: {(refused or ['no answer'])[0]}")


def broker(said: Mapping[str, str]) -> Broker:
    """Return the broker that a channel's fields name. Raises ValueError, in words."""
    tls = said.get("tls", "").strip().lower() not in _NO
    try:
        place = urlsplit(f"//{said.get('host', '').strip()}")
        host, port = place.hostname or "", place.port
        host.encode("idna")
    except ValueError:
        host, port = "", None
    if not host or port == 0 or place.path or place.username:
        raise ValueError("the broker must be given as a name or address, with its port after a colon if it has another")
    prefix = said.get("prefix") or "homeassistant"
    return Broker(host, port or (8883 if tls else 1883), said.get("user", ""), said.get("password", ""), tls, prefix)
