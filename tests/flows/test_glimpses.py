# SPDX-License-Identifier: GPL-2.0-or-later
from appliance import limits
from appliance.flows.glimpses import Glimpses


def test_the_same_again_is_no_news_for_an_hour() -> None:
    """Identical bytes of one device are taken once an hour; of another device they are news."""
    glimpses = Glimpses()
    times = [0.0, 10.0, limits.GLIMPSE_AGAIN + 1]
    assert [glimpses.admits(time, "x", b"hello") for time in times] == [True, False, True]
    assert glimpses.admits(5.0, "y", b"hello")


def test_dhcp_is_told_by_its_options() -> None:
    """A DHCP request with another number but the same options is news after a minute only."""
    glimpses = Glimpses()
    requests = [bytes([n]) * 236 + b"options" for n in range(3)]
    news = [
        glimpses.admits(time, "x", request, dhcp=True) for time, request in zip((0.0, 9.0, 61.0), requests, strict=True)
    ]
    assert news == [True, False, True]
    assert glimpses.admits(9.0, "x", bytes(236) + b"others", dhcp=True)


def test_a_flood_of_one_device_does_not_starve_another() -> None:
    """Each device has its own rate."""
    glimpses = Glimpses()
    admitted = sum(glimpses.admits(1.0, "flood", bytes([n % 256, n // 256])) for n in range(1000))
    assert admitted == limits.GLIMPSES_PER_MINUTE
    assert glimpses.too_many == 1000 - admitted
    assert glimpses.admits(1.0, "quiet", b"hello")
    assert glimpses.admits(61.0, "flood", b"news")


def test_memory_is_bounded() -> None:
    """What was seen long ago is forgotten for what is new."""
    glimpses = Glimpses()
    for number in range(limits.GLIMPSES + 10):
        glimpses.admits(number * 60.0, "x", number.to_bytes(4, "big"))
    assert len(glimpses._seen) == limits.GLIMPSES
