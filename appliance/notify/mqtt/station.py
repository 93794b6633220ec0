# SPDX-License-Identifier: GPL-2.0-or-later
"""One broker: keeps the connection, tells what the house is like, publishes alerts, listens for the pause switch.

At least once: what the broker has not taken is not noted as told, whatever is cut in between.
"""

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from appliance.limits import MQTT_KEEP_ALIVE_S, MQTT_RETRY_S, SEND_S
from appliance.notify.letter import Letter, Outcome
from appliance.notify.mqtt.announced import Announced
from appliance.notify.mqtt.broker import Broker
from appliance.notify.mqtt.discovery import discovery, discovery_topic
from appliance.notify.mqtt.topics import Topics


@dataclass(frozen=True, slots=True)
class Shown:
    """What Home Assistant is told that there is."""

    speakers: Mapping[str, str]  #: names by MAC address
    ears: tuple[str, ...]
    home: str | None  #: the dashboard's address


class Station:
    """A connection that mends itself; any thread may use it."""

    def __init__(self, broker: Broker, topics: Topics, pause: Callable[[bool], None]) -> None:
        """Take the broker; ``pause`` is called, from a thread, when somebody switches alerts off or on."""
        self._broker = broker
        self._topics = topics
        self._pause = pause
        self._shown: Shown | None = None
        self._told: dict[str, str] = {}
        self._announced = Announced()
        self._config, self._born = discovery_topic(topics, broker.prefix), f"{broker.prefix}/status"
        self._lock = threading.Lock()
        self.problem = "not connected yet"  #: why nothing goes out, in words; empty if it does
        self._client = client = broker.client(f"earwitness-{topics.node}")
        client.will_set(topics.status, "offline", qos=1, retain=True)
        client.reconnect_delay_set(1, MQTT_RETRY_S)
        client.on_connect, client.on_disconnect = self._connected, self._disconnected
        client.on_message = self._heard

    def open(self) -> None:
        """Begin to connect; goes on trying by itself."""
        self._client.connect_async(self._broker.host, self._broker.port, MQTT_KEEP_ALIVE_S)
        self._client.loop_start()

    def close(self) -> None:
        """Say goodbye, if the broker hears it, and end."""
        if self._client.is_connected():
            goodbye = self._client.publish(self._topics.status, "offline", qos=1, retain=True)
            with suppress(RuntimeError, ValueError):
                goodbye.wait_for_publish(1.0)
        self._client.disconnect()
        self._client.loop_stop()

    def show(self, shown: Shown) -> None:
        """Tell Home Assistant what there is, if that changed."""
        with self._lock:
            changed, self._shown = shown != self._shown, shown
        if changed:
            self._announce()

    def tell(self, states: Mapping[str, str]) -> None:
        """Tell what changed of the house; the broker keeps it for those who come later."""
        with self._lock:
            news = {topic: state for topic, state in states.items() if self._told.get(topic) != state}
            self._told.update(news)
            if self._client.is_connected():  # else it would pile up; whoever connects tells everything
                for topic, state in news.items():
                    self._client.publish(topic, state, qos=1, retain=True)

    def happened(self, topic: str, event: str) -> bool:
        """Publish an event; say whether the broker took it."""
        return self._publish(topic, event)

    def send(self, letter: Letter) -> Outcome:
        """Publish an alert."""
        taken = self._publish(self._topics.alert, json.dumps(letter.document(), ensure_ascii=False))
        where = self._broker.host
        return Outcome(taken, f"{where} took it" if taken else f"{where}: {self.problem or 'no answer'}")

    def _publish(self, topic: str, payload: str) -> bool:
        if not self._client.is_connected():
            return False
        info = self._client.publish(topic, payload, qos=1)
        try:
            info.wait_for_publish(SEND_S)
        except (RuntimeError, ValueError):
            return False
        return info.is_published()

    def _announce(self) -> None:
        """Tell what there is, and what is not there any more; what the broker keeps of that goes too."""
        with self._lock:
            if not self._shown or not self._client.is_connected():
                return
            shown = self._shown
            said = discovery(self._topics, shown.speakers, shown.ears, shown.home)
            components = dict(said["cmps"])
            said["cmps"] |= self._announced.gone(components)
            self._client.publish(self._config, json.dumps(said, ensure_ascii=False), qos=1, retain=True)
            for topic in self._announced.topics(components, self._topics.base):
                self._told.pop(topic, None)
                self._client.publish(topic, b"", qos=1, retain=True)
            self._announced.note(components)

    def _connected(
        self, client: Client, _data: object, _flags: ConnectFlags, reason: ReasonCode, _more: Properties | None
    ) -> None:
        if reason.is_failure:
            self.problem = f"the broker refused: {str(reason).lower()}"
            return
        client.subscribe([(topic, 1) for topic in (self._config, self._topics.pause_set, self._born)])
        client.publish(self._topics.status, "online", qos=1, retain=True)
        self._announce()
        with self._lock:  # so that nothing newer is told before it
            for topic, state in self._told.items():  # a broker that was started anew knows nothing
                client.publish(topic, state, qos=1, retain=True)
        self.problem = ""

    def _disconnected(
        self, _client: Client, _data: object, _flags: DisconnectFlags, reason: ReasonCode, _more: Properties | None
    ) -> None:
        if not self.problem:
            self.problem = f"the connection was lost: {str(reason).lower()}"

    def _heard(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        if message.topic == self._topics.pause_set:
            if message.payload in {b"ON", b"OFF"} and not message.retain:  # kept, it would hush us at each beginning
                self._pause(message.payload == b"ON")
        elif message.topic == self._config:
            if message.retain:  # else it is what we said just now
                with self._lock:
                    news = self._announced.recall(message.payload)
                if news:
                    self._announce()
        elif message.payload == b"online":  # Home Assistant was started: it has forgotten us
            self._announce()
