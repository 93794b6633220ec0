# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.uploads.volume import Volume
from tests.uploads.streams import RULES


def fires(size: int, every: float, seconds: float, down: int) -> bool:
    volume = Volume(RULES.uploads.volume)
    fired = False
    for number in range(int(seconds / every)):
        time = number * every
        if number and int(time * 10) > int((number - 1) * every * 10):
            volume.down(int(time * 10) / 10, down)
        fired |= volume.feed(time, size) is not None
    return fired


def test_a_command_over_quic_fires() -> None:
    """Seventy kilobytes a second in large datagrams, little coming back, is a command."""
    assert fires(977, 0.0142, 2.0, 1000)


def test_a_log_upload_is_too_small() -> None:
    """Ten kilobytes of log after a command stay below the volume."""
    assert not fires(1100, 0.01, 0.1, 100)


def test_acknowledgements_of_music_do_not_count() -> None:
    """However many, acknowledgements are too short."""
    assert not fires(60, 0.001, 5.0, 100_000)


def test_a_two_way_transfer_is_no_command() -> None:
    """Where as much comes down as goes up, nobody is just talking."""
    assert not fires(977, 0.0142, 2.0, 7000)
