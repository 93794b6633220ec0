# SPDX-License-Identifier: GPL-2.0-or-later
"""A real Mosquitto on this machine, and somebody who listens there."""

import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

PATIENCE_S = 30.0


class Mosquitto:
    """A broker that can go away and come back."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin")
        if program is None:
            pytest.skip("mosquitto is not installed: it is a Debian package of that name")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self._config = folder / "mosquitto.conf"
        self._config.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence false\n")
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._process = subprocess.Popen(
            [self._program, "-c", str(self._config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                assert time.monotonic() < until, "mosquitto does not answer"
            else:
                return

    def stop(self) -> None:
        """End it."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class Listener:
    """Hears everything that goes over the broker."""

    def __init__(self, port: int) -> None:
        self.heard: list[tuple[str, str, bool]] = []
        self._came = threading.Condition()
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.on_message = self._on_message
        listening = threading.Event()
        self._client.on_connect = lambda client, *_more: client.subscribe("#", 1)
        self._client.on_subscribe = lambda *_more: listening.set()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        assert listening.wait(PATIENCE_S), "the broker lets nobody listen"

    def close(self) -> None:
        """Stop listening."""
        self._client.disconnect()
        self._client.loop_stop()

    def say(self, topic: str, payload: str, *, retain: bool = False) -> None:
        """Publish something."""
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(PATIENCE_S)

    def wait(self, topic: str, right: Callable[[str], bool] = lambda _text: True) -> str:
        """Return the last that was heard on a topic, once it is right."""
        with self._came:
            assert self._came.wait_for(lambda: any(right(each) for each in self.on(topic)), PATIENCE_S), self.heard
        return next(each for each in reversed(self.on(topic)) if right(each))

    def wait_for(self, topic: str, count: int) -> None:
        """Wait until so much was heard on a topic."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.on(topic)) >= count, PATIENCE_S), self.heard

    def document(self, topic: str, right: Callable[[str], bool] = lambda _text: True) -> Any:  # noqa: ANN401 - JSON
        """Return it as what its JSON means."""
        return json.loads(self.wait(topic, right))

    def on(self, topic: str) -> list[str]:
        """Return what was heard on a topic."""
        return [text for heard, text, _retained in self.heard if heard == topic]

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        with self._came:
            self.heard.append((message.topic, message.payload.decode(), message.retain))
            self._came.notify_all()
