# SPDX-License-Identifier: GPL-2.0-or-later
"""The speakers as data: how each model looks, beats and chatters.

Figures are from public captures and papers of 2018 to 2021: the VCFingerprinting captures (CNS 2019), "When Speakers
Are All Ears" (PETS 2020), BehavIoT (IMC 2023), and the vendors' documentation. The two ``unknown`` models are invented:
they stand for whatever is sold next, and nothing but the steady beat gives them away.
"""

from dataclasses import dataclass

Range = tuple[float, float]
Sizes = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Codec:
    """Audio on its way: one record of ``record`` bytes (a range if the rate varies) every ``beat`` seconds."""

    beat: float
    record: Sizes
    late: float  #: seconds that a record is late on average, most of them less, some far more


@dataclass(frozen=True, slots=True)
class Voice:
    """The voice service: where it is, how its flow is kept alive, and the shape of an upload before the beat begins."""

    host: str
    codec: Codec | None  #: None: a Google speaker, all in QUIC datagrams without a beat
    sni: bool = True
    tls13: bool = False
    alpn: tuple[str, ...] = ("h2",)
    header: tuple[int, ...] = (228, 131)  #: records of the request header
    context: Sizes = (3800, 4300)  #: the JSON that describes the device's state
    dump: Sizes = (13_000, 17_000)  #: bytes of audio recorded before and during the wake word, sent at once
    dump_seconds: Range = (0.08, 0.3)
    dump_record: int = 5953  #: largest record of the dump
    end: tuple[int, ...] = (77, 33)
    keep_alive: int = 41  #: record length of the flow's PING, and of its answer
    keep_alive_every: float = 30.0
    active_ping: int = 0  #: record length of a PING each second while active; 0 none
    v6: bool = False


@dataclass(frozen=True, slots=True)
class Timer:
    """A connection that an idle device makes again and again (BehavIoT 2021)."""

    host: str
    every: float
    up: Sizes = (500, 900)
    down: Sizes = (300, 1500)
    quic: bool = False


@dataclass(frozen=True, slots=True)
class Dhcp:
    """What a device shows of itself when it boots: options 12, 55, 60, and 145 where it has it."""

    hostname: str | None
    parameters: tuple[int, ...]
    vendor: str | None
    forcerenew: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """One kind of speaker. ``family`` is the speaker rule it should be recognised by; "" if none can know it."""

    family: str
    vendor: str
    oui: str
    wake_words: tuple[str, ...]
    voice: Voice
    dhcp: Dhcp
    timers: tuple[Timer, ...] = ()
    after_command: tuple[Timer, ...] = ()  #: companions of every command; ``every`` is the longest delay, seconds
    metrics: str = ""  #: where bulk telemetry goes
    metrics_sizes: Sizes = (10_000, 37_000)
    boot: Sizes = (76_000, 218_000)  #: bytes of telemetry within a second of booting
    account_sync: bool = False  #: a HomePod's sync at boot, which keeps a beat
    report: Sizes = (7_000, 20_000)  #: "playback finished" on the voice flow itself; IP bytes p5/50/95 9/15/18 kB
    report_after: Range = (5.0, 32.0)
    lan_chatter: bool = False
    calls: bool = False
    music: str = ""
    update: str = ""
    resolver: str = ""  #: "" asks the router
    asks: tuple[str, ...] = ()  #: mDNS questions
    offers: tuple[tuple[str, tuple[str, ...]], ...] = ()  #: mDNS services and TXT
    searches: tuple[str, ...] = ()  #: SSDP targets


_ANDROID = (1, 33, 3, 6, 15, 28, 51, 58, 59)
_AMAZON_ASKS = ("_amzn-alexa._tcp.local", "_matter._tcp.local", "_matterc._udp.local", "_hue._tcp.local")
_AMAZON_AFTER = (Timer("unagi-na.amazon.com", 3.0, (1450, 1850), (300, 600)),)
_OPUS = Codec(0.0202, (113, 113), 0.01)  # 32 kbit/s CBR, 80-B frames; gaps p5/50/95 in the captures 1/16/45 ms
_PCM = Codec(0.0307, (1057, 1057), 0.006)  # gaps p5/50/95 in the capture 20/31/43 ms
_PORTALS = Timer("d3p8zr0ffa9t17.cloudfront.net", 310, (180, 260), (200, 400))
_TACHYON = Timer("prod.amcs-tachyon.com", 91, (150, 300), (150, 300))


def _echo(voice: Voice, dhcp: Dhcp, timers: tuple[Timer, ...], oui: str) -> Model:
    return Model(
        family="amazon-echo",
        vendor="amazon",
        oui=oui,
        wake_words=("alexa",),
        voice=voice,
        dhcp=dhcp,
        timers=timers,
        after_command=_AMAZON_AFTER,
        metrics="device-metrics-us-2.amazon.com",
        lan_chatter=True,
        calls=True,
        music="dvi8md6049w6b.cloudfront.net",
        update="amzdigitaldownloads.edgesuite.net",
        asks=_AMAZON_ASKS,
        searches=("ssdp:all", "upnp:rootdevice"),
    )


MODELS: dict[str, Model] = {
    # Echo 2018-19: Opus at 32 kbit/s, TLS 1.2, no SNI on the voice flow (JA4 t12i0504h2)
    "echo": _echo(
        Voice("avs-alexa-4-na.amazon.com", _OPUS, sni=False),
        Dhcp("amazon-4f21c08be", _ANDROID, "dhcpcd-5.5.6"),
        (_TACHYON, _PORTALS, Timer("device-metrics-us.amazon.com", 2460), Timer("api.amazon.com", 3500)),
        "44:65:0d",
    ),
    # Echo of the SPDY era: 64 kbit/s; unagi opens all the time on some units
    "echo-64k": _echo(
        Voice(
            "avs-alexa-5-na.amazon.com",
            Codec(0.0485, (432, 432), 0.002),
            sni=False,
            alpn=("spdy/3.1",),
            keep_alive=36,
            dump=(15_000, 20_000),
        ),
        Dhcp("amazon-93a0d7f12", (1, 33, 3, 6, 15, 26, 28, 51, 58, 59), "dhcpcd-5.5.6"),
        (_TACHYON, _PORTALS, Timer("unagi-na.amazon.com", 9.5, (1050, 1150), (300, 400))),
        "68:37:e9",
    ),
    # Echo Dot 3, early 2020: raw PCM, a dump of 62.6 kB within 50 ms
    "echo-dot-3": _echo(
        Voice(
            "avs-alexa-14-na.amazon.com",
            _PCM,
            header=(361,),
            dump=(57_000, 59_500),
            dump_seconds=(0.03, 0.06),
            dump_record=16408,
            end=(59, 33),
            keep_alive_every=300,
        ),
        Dhcp(None, (*_ANDROID, 119), "dhcpcd-6.8.2:Linux-4.4.22+:armv7l:MT8167B", forcerenew=True),
        (_TACHYON, Timer("fireoscaptiveportal.com", 301), Timer("device-metrics-us-2.amazon.com", 2460)),
        "fc:65:de",
    ),
    # the two codecs under TLS 1.3: 2 B less a record
    "echo-tls13": _echo(
        Voice(
            "alexa.na.gateway.devices.a2z.com",
            Codec(0.0202, (111, 111), 0.01),
            tls13=True,
            keep_alive=34,
            keep_alive_every=60,
            v6=True,
        ),
        Dhcp(None, (*_ANDROID, 119), "dhcpcd-6.8.2:Linux-4.9.61+:armv7l:MT8512", forcerenew=True),
        (_TACHYON, _PORTALS, Timer("api.amazonalexa.com", 901), Timer("api.amazon.com", 3500)),
        "08:12:a5",
    ),
    "echo-pcm-tls13": _echo(
        Voice(
            "avs-alexa-3-na.amazon.com",
            Codec(0.0307, (1055, 1055), 0.006),
            tls13=True,
            header=(359,),
            dump=(57_000, 59_500),
            dump_seconds=(0.03, 0.06),
            dump_record=16401,
            end=(57, 31),
            keep_alive=34,
        ),
        Dhcp(None, (*_ANDROID, 119), "dhcpcd-6.8.2:Linux-4.4.22+:aarch64:MT8163", forcerenew=True),
        (_TACHYON, _PORTALS, Timer("api.amazonalexa.com", 600), Timer("dp-gw-na.amazon.com", 1625)),
        "b0:f7:c4",
    ),
    # HomePod 13.2: three VBR frames a record, TLS 1.3
    "homepod": Model(
        family="apple-homepod",
        vendor="apple",
        oui="d4:a3:3d",
        wake_words=("hey siri",),
        voice=Voice(
            "guzzoni.apple.com",
            Codec(0.062, (250, 360), 0.001),
            tls13=True,
            alpn=("http/1.1",),
            header=(420,),
            context=(2400, 3400),
            dump=(7_000, 8_000),
            dump_seconds=(0.1, 0.4),
            dump_record=1450,
            end=(34,),
            keep_alive=34,
            keep_alive_every=86_495,
            active_ping=34,
            v6=True,
        ),
        dhcp=Dhcp("Living-Room", (1, 121, 3, 6, 15, 114, 119, 252), None),
        timers=(
            Timer("captive.apple.com", 902),
            Timer("mesu.apple.com", 960),
            Timer("setup.icloud.com", 10872),
            Timer("xp.apple.com", 21639, (4000, 9000)),
        ),
        metrics="metrics.icloud.com",
        metrics_sizes=(8_000, 12_000),
        boot=(20_000, 60_000),
        account_sync=True,
        report=(11_000, 12_000),
        report_after=(30.0, 52.0),
        music="aod.itunes.apple.com",
        update="updates.cdn-apple.com",
        asks=("_companion-link._tcp.local", "_homekit._tcp.local", "_sleep-proxy._udp.local"),
        offers=(
            ("_airplay._tcp.local", ("model=AudioAccessory1,1", "srcvers=550.10", "osvers=14.4")),
            ("_raop._tcp.local", ("am=AudioAccessory1,1",)),
        ),
    ),
    # Home Mini 2021: a QUIC flow to www.google.com for each command
    "home-mini": Model(
        family="google-home",
        vendor="google",
        oui="44:07:0b",
        wake_words=("hey google", "ok google"),
        voice=Voice("www.google.com", None, keep_alive_every=45, v6=True),
        dhcp=Dhcp("Google-Home-Mini", _ANDROID, "dhcpcd-6.8.2:Linux-3.8.13+:armv7l:Marvell"),
        timers=(
            Timer("connectivitycheck.gstatic.com", 60, (200, 300), (100, 200)),
            Timer("clients4.google.com", 300, (7_000, 9_000), (300, 900), quic=True),
            Timer("play.googleapis.com", 600, (2_000, 4_000), (200, 600), quic=True),
            Timer("clients3.google.com", 2140),
            Timer("tools.google.com", 1838),
        ),
        after_command=(Timer("play.googleapis.com", 1.5, (6_700, 11_000), (500, 900), quic=True),),
        metrics="clients4.google.com",
        calls=True,
        music="r4.googlevideo.com",
        update="storage.googleapis.com",
        resolver="8.8.8.8",
        asks=("_googlecast._tcp.local", "_googlezone._tcp.local"),
        offers=(("_googlecast._tcp.local", ("md=Google Home Mini", "fn=Bedroom", "ca=198660", "ve=05")),),
        searches=("urn:Belkin:service:basicevent:1",),
    ),
    # invented: 20-ms frames at a varying rate
    "unknown-vbr": Model(
        family="",
        vendor="unknown",
        oui="24:0a:c4",
        wake_words=("hey nova",),
        voice=Voice(
            "ears.novavoice.example",
            Codec(0.02, (90, 160), 0.004),
            tls13=True,
            header=(310,),
            context=(900, 1600),
            dump=(6_000, 11_000),
            end=(44,),
            keep_alive=27,
            keep_alive_every=55,
        ),
        dhcp=Dhcp("nova-speaker", (1, 3, 28, 6), None),
        timers=(Timer("time.novavoice.example", 600), Timer("log.novavoice.example", 1800, (3000, 9000))),
        metrics="log.novavoice.example",
        boot=(20_000, 50_000),
        report=(3_000, 6_000),
        music="cdn.novavoice.example",
        update="cdn.novavoice.example",
    ),
    # invented: 640 B every 40 ms, that is 16-kHz 8-bit audio
    "unknown-cbr": Model(
        family="",
        vendor="unknown",
        oui="cc:50:e3",
        wake_words=("okay house",),
        voice=Voice(
            "stt.okayhouse.example",
            Codec(0.04, (640, 640), 0.004),
            header=(280,),
            context=(400, 700),
            dump=(9_000, 14_000),
            dump_record=640,
            end=(30,),
            keep_alive=30,
            keep_alive_every=120,
        ),
        dhcp=Dhcp("okayhouse", (1, 3, 28, 6), None),
        timers=(Timer("api.okayhouse.example", 300),),
        metrics="api.okayhouse.example",
        boot=(10_000, 30_000),
        report=(2_000, 4_000),
        music="radio.okayhouse.example",
        update="api.okayhouse.example",
    ),
}
