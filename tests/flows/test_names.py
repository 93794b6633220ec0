# SPDX-License-Identifier: GPL-2.0-or-later
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.dns import DNS, DNSQR, DNSRR

from appliance import limits
from appliance.events import Asked
from appliance.flows import dns
from appliance.flows.names import Names, number

ADDRESS = number(bytes([203, 0, 113, 7]))


def answer(host: str, *records: DNSRR) -> bytes:
    """Return a DNS answer as a resolver builds it."""
    return bytes(DNS(id=1, qr=1, qd=DNSQR(qname=host), an=list(records)))


def tell(names: Names, time: float, device: str, data: bytes) -> list[Asked]:
    """Let a device get a message; return what it newly asked."""
    message = dns.read(data)
    if message is None:
        return []
    names.learn(time, device, message)
    return names.asked(time, device, message)


def a(name: str, address: str = "203.0.113.7") -> DNSRR:
    return DNSRR(rrname=name, type="A" if "." in address else "AAAA", rdata=address, ttl=60)


def cname(name: str, target: str) -> DNSRR:
    return DNSRR(rrname=name, type="CNAME", rdata=target, ttl=60)


def test_the_question_names_the_address_behind_aliases() -> None:
    """The end of a chain of aliases belongs to the name first asked, in whatever order the records come."""
    records = [
        a("c.example"),
        cname("b.example", "c.example"),
        cname("a.example", "b.example"),
        a("other.example", "203.0.113.8"),
    ]
    names = Names()
    tell(names, 0.0, "x", answer("A.Example", *records))
    assert names.look(1.0, "x", ADDRESS) == "a.example"
    assert names.look(1.0, "x", ADDRESS + 1) is None


def test_aliases_in_a_circle_end() -> None:
    """A loop of aliases is followed once."""
    data = answer("a.example", cname("a.example", "b.example"), cname("b.example", "a.example"), a("b.example"))
    message = dns.read(data)
    assert message is not None
    assert message.addresses == (bytes([203, 0, 113, 7]),)


def test_a_message_says_the_same_whatever_its_number() -> None:
    """Only the number of an answer may differ for it to mean the same."""
    first, second = answer("a.example", a("a.example")), answer("a.example", a("a.example", "203.0.113.8"))
    assert dns.read(first) == dns.read(b"\x12\x34" + first[2:])
    assert dns.read(first) != dns.read(second)


def test_ipv6_answers_count_too() -> None:
    """AAAA answers name IPv6 addresses."""
    names = Names()
    tell(names, 0.0, "x", answer("a.example", a("a.example", "2001:db8::1")))
    assert names.look(0.0, "x", 0x20010DB8 << 96 | 1) == "a.example"


def test_an_answer_is_for_the_device_that_asked_alone() -> None:
    """What one device was told says nothing of another's flows."""
    names = Names()
    tell(names, 0.0, "x", answer("a.example", a("a.example")))
    assert names.look(0.0, "y", ADDRESS) is None


def test_an_answer_is_forgotten_when_it_is_old() -> None:
    """Names live for days, not for ever."""
    names = Names()
    tell(names, 0.0, "x", answer("a.example", a("a.example")))
    assert names.look(limits.NAME_AGE, "x", ADDRESS) == "a.example"
    assert names.look(limits.NAME_AGE + 1, "x", ADDRESS) is None


def test_a_question_is_news_once_an_hour() -> None:
    """The same question is reported again only after an hour, and per device."""
    names = Names()
    question = bytes(DNS(id=1, qd=DNSQR(qname="a.example")))
    assert tell(names, 0.0, "x", question) == [Asked(0.0, "x", "a.example")]
    assert tell(names, 10.0, "x", question) == []
    assert tell(names, 10.0, "y", question) == [Asked(10.0, "y", "a.example")]
    assert tell(names, limits.ASKED_AGAIN + 1, "x", question) == [Asked(limits.ASKED_AGAIN + 1, "x", "a.example")]


def test_addresses_per_device_are_bounded() -> None:
    """A flood of answers evicts the oldest and is counted."""
    names = Names()
    for at in range(limits.NAMES_PER_DEVICE + 5):
        tell(names, 0.0, "x", answer("a.example", a("a.example", f"203.0.{at // 250}.{at % 250}")))
    assert names.evicted == 5
    assert names.look(0.0, "x", number(bytes([203, 0, 0, 0]))) is None


def test_addresses_of_all_devices_are_bounded() -> None:
    """Many devices together have a bound as well: the one least lately heard of loses first."""
    names = Names()
    message = dns.Message(
        response=True, asked=("a.example",), addresses=tuple(n.to_bytes(4, "big") for n in range(2_000))
    )
    for device in range(40):
        names.learn(0.0, str(device), message)
    assert names.evicted == 40 * 2_000 - limits.NAMES
    assert names.look(0.0, "0", number(bytes(4))) is None
    assert names.look(0.0, "39", number(bytes(4))) == "a.example"


def test_names_are_made_safe() -> None:
    """Control characters and spaces of a hostile name are replaced, and it is not longer than a name may be."""
    assert dns.clean("A\x1b[31m\n.Example.") == "a?[31m?.example"
    assert len(dns.clean("x" * 1000)) == limits.NAME_LENGTH


def test_a_stream_gives_its_whole_messages() -> None:
    """DNS over TCP puts a length before each message; a part of one is the rest."""
    assert dns.split(b"\x00\x02ab\x00\x01c\x00\x09rest") == ([b"ab", b"c"], b"\x00\x09rest")


@given(st.binary(max_size=600))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Hostile bytes never raise."""
    tell(Names(), 0.0, "x", data)
    tell(Names(), 0.0, "x", b"\x00\x01\x80\x00\x00\x01\x00\x03\x00\x00\x00\x00" + data)
    messages, rest = dns.split(data)
    assert sum(len(message) + 2 for message in messages) + len(rest) == len(data)
