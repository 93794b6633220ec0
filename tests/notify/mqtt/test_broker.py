# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.events import Tell
from appliance.notify.letter import Letter
from appliance.notify.mqtt.broker import Broker, broker
from appliance.notify.mqtt.topics import here
from tests.notify.mqtt.broker import Listener, Mosquitto

LETTER = Letter("k", "T", "B", Tell.ALERT)


def test_fields_name_a_broker() -> None:
    """A name alone has the usual port, of encryption too; login and prefix are the owner's."""
    assert broker({"host": "ha.local"}) == Broker("ha.local")
    assert broker({"host": "ha.local", "tls": "yes"}) == Broker("ha.local", 8883, tls=True)
    assert broker({"host": "ha.local", "tls": "No"}) == Broker("ha.local")
    assert broker({"host": "[fd00::2]:1999"}) == Broker("fd00::2", 1999)
    said = {"host": "10.0.0.2:1999", "user": "u", "password": "p", "prefix": "x"}
    assert broker(said) == Broker("10.0.0.2", 1999, "u", "p", prefix="x")


@pytest.mark.parametrize("host", ["", ":1883", "a:0", "a:65536", "a:port", "a:²", "a..b", "a" * 64, "u@a", "a/b"])
def test_what_is_no_broker_is_refused(host: str) -> None:
    """In words that say what is wanted."""
    with pytest.raises(ValueError, match="broker must be given"):
        broker({"host": host})


def test_one_message_shows_whether_it_works(mosquitto: Mosquitto, listener: Listener) -> None:
    """A letter to a broker that is there arrives; one to a broker that is not does not, and says so."""
    told = Broker("127.0.0.1", mosquitto.port).send(LETTER)
    assert told.arrived, told.words
    assert listener.document(here().alert)["title"] == "T"
    mosquitto.stop()
    gone = Broker("127.0.0.1", mosquitto.port).send(LETTER)
    assert (gone.arrived, gone.words) == (False, "127.0.0.1: nobody answers there")
