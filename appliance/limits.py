# SPDX-License-Identifier: GPL-2.0-or-later
"""Every bound of the appliance, with its unit and its reason.

What the network can grow is bounded here; whoever uses a bound counts what it turned away and shows the count.
"""

# -- capture ---------------------------------------------------------------------------------------------------------

CHUNK_BYTES = 8 << 20
"""Bytes of a capture file that are in memory at once: enough for numpy to be worth its calls, and two fit a Pi Zero."""

PACKETS_AT_ONCE = 1 << 16
"""Packets handed on at once, so that a chunk of nothing but tiny packets does not make columns of 100 MB."""

PACKET_BYTES = 1 << 20
"""Bytes of one captured packet; four times the greatest snap length of libpcap (262,144). More is damage."""

BLOCK_BYTES = 16 << 20
"""Bytes of one pcapng block, as in Wireshark's reader. More is damage."""

INTERFACES = 4096
"""Interfaces in one pcapng section; a capture on every interface of a big switch has some hundreds. More is damage."""

OPTIONS_BYTES = 64 << 10
"""Bytes of options looked at in one pcapng block; each is a short text or number."""

COMMENT_CHARACTERS = 1024
"""Characters kept of a capture's comment."""

INFLATE_BYTES = 1 << 20
"""Bytes that one step of decompressing may make, so that a gzip bomb never makes more than the chunk asked for."""

VLAN_TAGS = 4
"""VLAN tags on one frame; providers stack two. A frame with more is not looked into."""

EXTENSION_HEADERS = 8
"""IPv6 extension headers in one packet; RFC 8200 names six kinds. A packet with more is not looked into."""

FRAGMENTED_SEGMENTS = 1024
"""TCP segments of which fragments may still come; hosts set DF on TCP, so at home there is hardly ever one."""

FRAGMENT_SECONDS = 30
"""Seconds in which a segment's fragments must come (RFC 791 says 15, Linux 30)."""

#: Instructions of one filter: BPF_MAXINSNS of the kernel.
FILTER_INSTRUCTIONS = 4096

#: MAC addresses in one list of a filter, of which there are four, each with up to 5 instructions an address: a house
#: has some tens of devices, and all must fit.
FILTER_MACS = 128

#: Bytes kept of a frame that is kept as a whole: the most that Linux makes of several (GSO_MAX_SIZE).
FRAME_BYTES = 1 << 19

#: Bytes kept of what a speaker gets: Ethernet, IPv6 and TCP headers with all options, and 78 of a record.
DOWNSTREAM_BYTES = 192

#: Bytes of one block of a live port's ring: a frame of 64 kB, as offload merges them, but for 143 bytes of the very
#: largest; a multiple of every page size.
RING_BLOCK_BYTES = 64 << 10

#: Blocks of one ring if everything is let in, 6 MB: at 81,000 packets/s of 192 B (0.9 Gbit/s) they last for 250 ms.
RING_BLOCKS = 96

#: And if only what concerns speakers is, 2 MB: they are memory that nothing else has. A speaker that sends 50 Mbit/s in
#: full length fills them in 0.3 s, which is more than TICK_S.
RING_BLOCKS_OF_SPEAKERS = 32

#: Milliseconds after which a block is handed over though it is not full. While little comes, each block holds as much:
#: 32 of them last for 2.9 s in which the program is kept from reading.
RING_RETIRE_MS = 90

#: Times that the clocks are read to have them at one moment: two in a row are hardly ever interrupted both.
CLOCK_READINGS = 3

#: Nanoseconds by which two readings of the difference of two clocks may differ though nobody set one.
CLOCK_NOISE_NS = 1_000_000

#: Settings of the wall clock that frames not yet read may be from before of; more in 200 ms is mischief.
CLOCK_STEPS = 8

#: Nanoseconds that a frame can lie in the ring unread while the ring is read: RING_RETIRE_MS twice, and some.
FRAME_AGE_NS = 200_000_000

#: Nanoseconds that it can lie there when the machine is short of breath; an older stamp is not to be believed.
FRAME_LATE_NS = 2_000_000_000

# -- certificates ----------------------------------------------------------------------------------------------------

#: Days for which the hub's certificate is good: browsers take no more than 398 (CA/Browser Forum, 2020).
CERTIFICATE_DAYS = 397

#: Days before its end from which on it is renewed: so many may the hub be switched off.
CERTIFICATE_RENEW_DAYS = 60

#: Names and addresses in one certificate; a Pi has some, with IPv6 a dozen.
CERTIFICATE_NAMES = 32

# -- settings and status ----------------------------------------------------------------------------------------------

#: Bytes of the settings file; all settings with a comment each take a tenth of it.
SETTINGS_BYTES = 64 << 10

#: Ports that the firewall opens beside our own; whoever runs more than that on this machine has other worries.
OPEN_PORTS = 64

#: Bytes that are read of a file of sshd's settings; Debian's own has three thousand.
SSHD_CONFIG_BYTES = 64 << 10

#: Interfaces captured on at once; a bridge has two ports, an access point some virtual ones. Each has a ring.
RING_PORTS = 8

#: Bytes of a status file; a house with a hundred speakers needs a tenth of it.
STATUS_BYTES = 256 << 10

# -- household -------------------------------------------------------------------------------------------------------

#: Bytes of the household's choices; all lists full take a tenth of it.
HOUSEHOLD_BYTES = 256 << 10

#: Characters of a name that a person gives.
HOUSEHOLD_NAME_CHARACTERS = 80

#: Channels of a household; a family of six with three each has 18.
CHANNELS = 32

#: Characters of an e-mail address (RFC 5321, 4.5.3.1.3).
MAIL_CHARACTERS = 254

#: Own words on how loudly a verdict is told; eleven verdicts of a dozen speakers.
LOUDNESSES = 200

#: Stretches of time that wait to be forgotten at once; each takes some minutes.
FORGETTINGS = 50

#: Alerts in an hour that the household may allow at most: more, and nobody reads them.
ALERTS_AN_HOUR = 100

#: Alerts in a day, likewise.
ALERTS_A_DAY = 500

#: Characters of an address, a topic or a password of a channel.
SECRET_CHARACTERS = 2_000

#: Bytes of all channels' secrets.
SECRETS_BYTES = 1 << 20

# -- upkeep ----------------------------------------------------------------------------------------------------------

#: Characters that a backup's passphrase has at least: unlike a login it can be tried without end.
PASSPHRASE_LEAST = 12

#: Characters that it has at most.
PASSPHRASE_CHARACTERS = 1_000

#: Work that makes a backup's key of its passphrase, as a power of two: 64 MB and about a second on a Pi.
AGE_WORK = 16

#: The most work that opening one may take: 256 MB, which is what the hub may have beside itself.
AGE_WORK_MOST = 18

#: Bytes of the head of such a file; with one passphrase it has 150.
AGE_HEADER_BYTES = 400

#: Bytes of a backup that are in memory at once.
ARCHIVE_CHUNK_BYTES = 256 << 10

#: Bytes of one small file in a backup: four times the registry's.
ARCHIVE_PART_BYTES = 32 << 20

#: Bytes of all that is in a backup: twice the largest ledger that many a year makes.
ARCHIVE_WHOLE_BYTES = 8 << 30

#: Files in a backup; a house has ten, and one or two for each wake word of its own.
ARCHIVE_PARTS = 500

#: Seconds for which a backup lies ready before the hub begins anew: the page that says so has to be loaded.
RESTORE_AFTER_S = 5.0

#: Bytes of a backup that a browser may bring: it is held in the memory of /tmp meanwhile. The command takes any.
RESTORE_UPLOAD_BYTES = 200 << 20

#: Findings on the page of health; who wants more asks the API.
HEALTH_FINDINGS = 50

#: Seconds after which a self-test from the page is ended; on a Pi it takes about sixty.
SELFTEST_ALL_S = 300.0

#: Lines of the journal that are shown: a day of a service that is well has ten.
JOURNAL_LINES = 300

#: Bytes of them at most; a line may be as long as its writer likes.
JOURNAL_BYTES = 200_000

#: Seconds after which the journal is left alone; on a card with years of it a look takes two.
JOURNAL_S = 10.0

#: Findings of each service in a bundle for those who help.
SUPPORT_FINDINGS = 200

#: Seconds for which the doctor watches the network for such a bundle, where it may.
SUPPORT_WATCH_S = 3.0

#: Seconds between two looks at what is to be forgotten, after nothing was left of it.
FORGET_AGAIN_S = 60.0

#: Seconds after which nothing more comes of a time that is past: counters wait FLUSH_S, coverage LEDGER_COVERAGE_S.
FORGET_LATE_S = 1_200.0

# -- live ------------------------------------------------------------------------------------------------------------

#: Seconds between two looks at the rings: an upload is told so much later at most; fewer looks cost less.
TICK_S = 0.2

#: Seconds by which frames may reach the reader after they came: their block is handed over by then, and some.
FRAME_DELAY_S = 0.15

#: Seconds between two looks of the hub at what is new: a verdict is told so much later at most.
HUB_TICK_S = 0.25

#: Seconds between two status files, and looks at interfaces, registry and kernel counters.
STATUS_S = 1.0

#: Seconds between two writings of counters, names and coverage: each commit costs the card some kilobytes.
FLUSH_S = 300.0

#: Seconds for which losses that go on are summed up before they are written.
LOSS_FLUSH_S = 10.0

#: Seconds between two looks whether the ledger has grown too large; each drops a thousand rows of a table at most.
FORGET_S = 60.0

#: Facts that wait for a ledger that cannot be written; a house makes some thousand a day. The newest are turned away.
FACTS_WAITING = 20_000

#: Seconds between two tries to write to a ledger that could not be written.
LEDGER_RETRY_S = 5.0

#: Descriptions, minutes of traffic and names, of devices that the registry does not have, that are written in FLUSH_S;
#: a house on its first day makes some hundred, then phones with made-up addresses do.
STRANGER_FACTS = 3_000

#: Frames that wait to be dissected: a second's work.
GLIMPSES_WAITING = 512

#: Seconds that one frame may take to be dissected; a hostile one takes a tenth.
DISSECT_S = 10.0

#: Seconds without a frame after which the dissecting process ends: it takes 50 MB, and a home is quiet for hours.
DISSECT_IDLE_S = 60.0

#: Bytes of one line that the dissecting process may answer.
DISSECTED_BYTES = 128 << 10

#: Seconds after which a device that is no speaker is known well enough: all speakers showed themselves in a day.
LEARNING_S = 86_400.0

#: Bytes kept of each frame where everything is watched: headers, and a TLS record's header behind them.
WATCH_ALL_BYTES = 192

#: Packets that a replay hands on at once, so that it ends within a second when it shall.
REPLAY_PACKETS = 4096

#: Seconds of a capture that a replay hands on at once: less than LEDGER_COVERAGE_S, by which ears are ahead of it.
REPLAY_S = 60.0

# -- analysis --------------------------------------------------------------------------------------------------------

#: What capture files in a folder end in; other files there are passed over.
CAPTURE_SUFFIXES = (".pcap", ".pcapng", ".cap", ".pcap.gz", ".pcapng.gz", ".cap.gz")

#: Seconds after the end of one capture in which the next must begin to go on with it: a rotation takes less.
CONTINUES_S = 60.0

#: Seconds before a capture from which on sounds matter to it: more than any window of the judge.
HEARD_BEFORE_S = 120.0

#: New objects after which Python looks for garbage in cycles, of which there is hardly any: at its default of 700 the
#: looking takes a twentieth of all time.
GARBAGE_AFTER = 10_000

#: Devices whose first sight is remembered; like DEVICES_KNOWN, since a device met twice does no harm.
MET_DEVICES = 4096

# -- flows -----------------------------------------------------------------------------------------------------------

#: Connections remembered at once, about 2 kB each; a home has a few hundred.
FLOWS = 8_192
#: Seconds without a packet after which a flow is over; voice flows ping every 30 to 300 s for days.
FLOW_IDLE = 86_400.0

#: Bytes of one flow kept waiting behind a hole: four 64-kB merged segments.
HELD_BYTES = 262_144

#: Segments of one flow kept waiting, so that one-byte segments cost no more time than large ones.
HELD_SEGMENTS = 512

#: Bytes kept waiting by all flows together.
HELD_TOTAL = 16_777_216

#: Seconds in which a retransmission may fill a hole: 25 real captures took 0.16 s at most, a stall adds 0.3.
HOLE_WAIT = 0.6

#: Bytes; a sequence number further away belongs to another connection or to another time.
TCP_WINDOW = 4_194_304

#: Bytes of a flow's beginning kept to find its server name; post-quantum hellos need about 2,000.
HELLO_BYTES = 4_096

#: Segments in which it may arrive.
HELLO_SEGMENTS = 64

#: First datagrams of a flow searched for a server name; browsers spread it over two or three.
QUIC_TRIES = 10

#: Bytes sent at once that no voice upload reaches: the largest seen is 209 kB in 2 s.
BULK_BYTES = 400_000

#: Bytes per second, a divisor of 10^6, that may go on for ever: twice the fastest voice, a video call.
BULK_RATE = 200_000

#: Seconds for which a flow that sent more is not looked at.
BULK_REST = 10.0

#: Flows whose sending rate is remembered at once.
BULK_FLOWS = 65_536

#: Seconds after upstream data for which a flow's downstream bytes are reported.
WATCH = 15.0

#: Upstream bytes it must have sent first: what is asked of a web page; voice begins with 4 kB of JSON.
WATCH_BYTES = 500

#: Devices of the house remembered at once.
DEVICES = 4_096

#: Own IP addresses remembered per device: IPv6 privacy addresses change daily.
ADDRESSES_PER_DEVICE = 16

#: Remote addresses whose name is remembered per device.
NAMES_PER_DEVICE = 2_048

#: And for all devices together, about 300 B each.
NAMES = 65_536

#: Seconds for which a DNS answer names an address; voice flows outlive their answer by days.
NAME_AGE = 7 * 86_400.0

#: Characters of a host name (RFC 1035).
NAME_LENGTH = 253

#: Connections whose DNS over TCP is put together, each up to one message of 64 kB: a home has a few at a time.
DNS_STREAMS = 64

#: DNS messages whose meaning is remembered, at most 64 kB each: a home asks for some hundred names again and again.
DNS_MESSAGES = 256

#: (device, host) pairs remembered to report each question once.
ASKED = 8_192

#: Seconds after which the same question is reported again.
ASKED_AGAIN = 3_600.0

#: Frames per device and minute handed to dissection, at about 1 ms each.
GLIMPSES_PER_MINUTE = 120

#: Glimpses remembered to drop identical ones.
GLIMPSES = 4_096

#: Seconds after which the same DHCP options count as news: a device may have started again.
DHCP_AGAIN = 60.0

#: Seconds after which an identical one counts as news.
GLIMPSE_AGAIN = 3_600.0

#: MAC addresses known as the way out; a home has one, a mesh some.
GATEWAYS = 16

#: Seconds backwards that are not reordering but a clock set anew.
CLOCK_STEP = 60.0

#: Frames after which the clock may be set anew again; each time costs about 1 ms.
CLOCK_STEP_FRAMES = 1_000

#: Flows whose bytes are counted in one minute, about 0.5 kB each; a busy home has some hundreds.
METERED_FLOWS = 16_384

#: Names learnt that wait to be written down; a home learns some hundreds in an hour.
FRESH_NAMES = 4_096

# -- sightings -------------------------------------------------------------------------------------------------------

#: Characters of a name or value that a device says of itself; DNS allows 253, DHCP and SSDP more, nobody reads more.
SIGHTING_CHARS = 200

#: Bytes of a frame that are dissected: what one Ethernet frame holds. A hostile name costs time with their square.
SIGHTING_FRAME_BYTES = 1600

#: Sightings taken of one frame; a speaker's fullest announcement has twenty.
SIGHTINGS_PER_FRAME = 64

#: Devices remembered for announcing the names of others (sleep proxies, mDNS reflectors).
PROXIES_REMEMBERED = 256

#: DHCP messages whose sightings are remembered, at most 2 kB each: a home has some tens, sent again and again.
DHCP_REMEMBERED = 512

#: Bytes of address space of the dissecting process; it takes a quarter, and a hostile frame shall not take the rest.
DISSECTING_BYTES = 1 << 30

# -- probes: asking devices what they are ----------------------------------------------------------------------------

#: Seconds between two frames that ask: a network of 254 addresses is asked within a minute, and nobody notices.
PROBE_PAUSE_S = 0.2

#: Addresses of a network that are asked for, as a power of two; of a larger one those around ours.
PROBE_ADDRESSES = 256

#: Frames sent by one interface at one time, whatever was made: all addresses, and some.
PROBE_FRAMES = 280

#: Services asked for in one mDNS message, so that it stays in one frame; the rules name a dozen.
PROBE_SERVICES = 24

#: Seconds between two times, whoever asks for it, and however often; one time takes a minute.
PROBE_AGAIN_S = 3_600.0

#: Seconds to make the frames; a Pi takes two.
PROBE_MAKING_S = 60.0

# -- speakers --------------------------------------------------------------------------------------------------------

#: Seconds after which a device that still shows something is no newcomer: a flood makes up others all the time.
REGULAR_S = 1_800.0

#: Devices kept in mind; a large home has a hundred. One takes about 2 kB.
DEVICES_KNOWN = 4096

#: Bytes of a maker's name in the IEEE's registry; the longest of 2026 has 93.
VENDOR_BYTES = 256

#: Reasons shown for one device.
DEVICE_EVIDENCE_SHOWN = 8

#: Things noted that one device lets others read; a speaker shows some ten. The host of a request may be anything.
EXPOSURES_PER_DEVICE = 48

#: Seconds after which what a device still lets others read is written again, so that it outlives the retention.
EXPOSURE_AGAIN = 86_400.0

#: Bytes of the registry's file; a household of hundreds of devices has some hundred thousand.
REGISTRY_BYTES = 8 << 20

#: Characters of one reason that the registry keeps for what a device is: some values of sightings, with words between.
REGISTRY_EVIDENCE_CHARACTERS = 4 * SIGHTING_CHARS

#: Devices that the registry keeps without a word of the owner; a large home has a hundred. Speakers go last.
REGISTRY_DEVICES = 512

#: Answers to verdicts that are kept, at some 150 bytes each; a household gives some a week.
REGISTRY_ANSWERS = 2_000

#: Characters that name a verdict: its boot, its moment and its flow.
REGISTRY_KEY_CHARACTERS = 200

#: Seconds after which a device seen again is noted anew, if nothing else is new.
REGISTRY_SEEN_S = 86_400.0

#: Seconds for which news of devices that are no speakers wait to be written, since each time the whole file is.
REGISTRY_WAIT_S = 300.0

# -- uploads ---------------------------------------------------------------------------------------------------------

#: Record lengths whose runs one flow keeps; audio uses one or two, the rest is chatter, oldest first out.
CADENCE_LENGTHS_PER_FLOW = 32

#: Flows whose pieces are looked at for voice; a house has hundreds, a flood has millions, least lately used first out.
WATCHED_FLOWS = 4096

#: Flows spared at once when one is evicted, because their devices live here: a house's speakers have some tens.
FLOWS_SPARED = 64

#: Closed flows of speakers whose names are remembered for evidence: a speaker opens some in a minute.
FORMER_FLOWS = 256

#: Devices whose speaker rule and boot time the merger remembers; a house has tens.
WATCHED_DEVICES = 1024

#: Pieces of one run held back until it lasts long enough for a detector; more are looked at as they come.
HELD_PIECES = 64

#: Bytes of a TLS record's header (RFC 8446 section 5.1): what a record's length field does not count.
TLS_RECORD_HEADER = 5

# -- judge -----------------------------------------------------------------------------------------------------------

#: Seconds that facts are kept behind the judge's time; the longest look back is a call after a reply, about a minute.
JUDGE_MEMORY_S = 900.0

#: Seconds after which an upload that still runs keeps the verdict it has: its windows are about to be forgotten.
JUDGE_LONG_S = 600.0

#: Seconds between two sweeps of the judge's memory.
JUDGE_FORGETS_S = 60.0

#: False wakes remembered of one device; more than three a day are an alert already.
JUDGE_FALSE_WAKES = 64

#: Uploads under judgement at once; a house has six, a flood of false ones is closed oldest first.
JUDGE_OPEN_CASES = 256

#: Uploads remembered, to recognise what follows on them.
JUDGE_CASES = 2048

#: Sounds remembered of one ear and one kind; an ear that talks faster is not believed for the time that was forgotten.
JUDGE_SOUNDS_PER_EAR = 2048

#: Replies remembered in the whole house.
JUDGE_REPLIES = 2048

#: Losses remembered in the whole house.
JUDGE_LOSSES = 2048

#: Ears of one household, with the capture as one more source of coverage.
JUDGE_EARS = 64

#: Devices and placements remembered; a house has tens.
JUDGE_DEVICES = 1024

#: Separate stretches of coverage remembered of one source: an ear that stops and starts every second for as long as the
#: judge remembers.
JUDGE_STRETCHES = 1024

#: Bytes of one line of a sounds file; the longest sensible one has 300.
SOUND_LINE_BYTES = 8192

#: Facts held back to put a sounds file in order; one written as things happened is out of order by a few lines.
SOUNDS_DISORDER = 10_000

#: Characters of a name in a sounds file.
SOUND_NAME_CHARACTERS = 64

#: Wake words of one speaker in a sounds file; vendors offer at most six.
SOUND_WAKE_WORDS = 16

# -- ledger ----------------------------------------------------------------------------------------------------------

#: Bytes of a page of the ledger: a commit writes two or three, so small ones wear the card less (bench/RESULTS.md).
LEDGER_PAGE_BYTES = 1024

#: Pages in the write-ahead log before they are put into the ledger: the more, the less often the same page is.
LEDGER_CHECKPOINT_PAGES = 4096

#: The same for all but the hub, which does this for them: the others' commits shall not wait for a slow card.
LEDGER_LATE_CHECKPOINT_PAGES = 4 * LEDGER_CHECKPOINT_PAGES

#: Bytes of the write-ahead log on the disk once all of it is in the ledger; a long reading can make it larger.
LEDGER_LOG_BYTES = 32 << 20

#: Milliseconds for which a writer waits for another one; each writes for a few, an erase of old facts for some hundred.
LEDGER_BUSY_MS = 10_000

#: Seconds that one row of coverage spans at most: readers who catch up take what ears report so far ahead of the rest.
LEDGER_COVERAGE_S = 600.0

#: Seconds to wait until all have closed a ledger that was found damaged, so that it can be mended.
LEDGER_MEND_WAIT_S = 30.0

#: Seconds between two looks at that.
LEDGER_MEND_LOOK_S = 0.1

#: Rows of one table dropped at once when they are old: some tens of milliseconds in which nobody else can write.
LEDGER_FORGETS_ROWS = 1_000

#: Seconds for which fewer old rows than that wait for more of them, since each commit writes whole pages.
LEDGER_FORGETS_LATE_S = 86_400.0

#: Seconds for which this boot's facts are kept, whatever their size: false wakes of a day count.
LEDGER_KEEPS_S = 2 * 86_400.0

#: Seconds of the oldest facts dropped at once when the ledger is too large.
LEDGER_SLICE_S = 6 * 3_600.0

#: Pages given back to the disk at once: each may be a page moved, so a megabyte.
LEDGER_VACUUM_PAGES = 1_000

#: Ids that a row may have: at a thousand a second they last for eight thousand years; more is damage.
LEDGER_IDS = 1 << 48

# -- diary -----------------------------------------------------------------------------------------------------------

#: Verdicts that are read at once; twenty times what a busy household has in a day.
DIARY_ENTRIES = 2_000
#: Hosts of one role shown for a device, those lately used first; a speaker has some twenty of all roles.
CONTACTS_SHOWN = 12
#: Wake words that the page of ears shows, the newest: a glance.
HEARD_SHOWN = 12
#: Seconds without a word from an ear's service after which the page says so: it writes once a second.
EAR_STALE_S = 10.0
#: Days of one speaker that its page shows, a bar for each: as many as fit a phone.
HISTORY_DAYS = 28
#: Seconds before a stretch of time in which what reaches into it may have begun: no upload, speech or row of coverage
#: is longer.
DIARY_LOOKS_BACK_S = 3_600.0

# -- evidence --------------------------------------------------------------------------------------------------------

#: Seconds before an upload from which on its device's frames are kept: what led to it, as a call or a pause does.
EVIDENCE_BEFORE_S = 60.0

#: Seconds after an upload is completed for which its device's frames still belong to it: the reply comes within 1.1 s.
EVIDENCE_AFTER_S = 5.0

#: Seconds of one upload in one file: a command takes some, a call may take hours.
EVIDENCE_UPLOAD_S = 300.0

#: Bytes of one speaker's frames kept in memory: a minute of headers of a film it plays.
EVIDENCE_SPEAKER_BYTES = 2 << 20

#: Bytes of all speakers' frames in memory, in equal shares; a capture service has 60 MB in all.
EVIDENCE_BYTES = 8 << 20

#: Bytes kept of frames that are neither TCP nor UDP: link and network header, by IP version.
EVIDENCE_HEADER_BYTES = {0: 14, 4: 34, 6: 54}

#: TLS records of one frame whose headers are kept: a 64-kB frame, as offload merges them, holds 60 of PCM.
EVIDENCE_RECORDS = 256

#: Speakers whose frames are kept for evidence, in equal shares of that: a large home has a dozen.
EVIDENCE_SPEAKERS = 32

#: Uploads of which frames are collected at once; a house has six speakers.
EVIDENCE_COLLECTED = 64

#: Files that wait to be written, each up to a speaker's bytes; a slow card takes a second for one.
EVIDENCE_WAITING = 4

#: Flows described in one file; a speaker has some tens in a minute.
EVIDENCE_FLOWS = 128

#: Bytes of that description; pcapng allows 65,535 for a comment.
EVIDENCE_CONTEXT_BYTES = 48 << 10

#: Seconds after which a capture of an upload that nobody needs to be told of makes room.
EVIDENCE_BENIGN_S = 86_400.0

#: Seconds after a verdict by which all that was covered around it is in the ledger: LEDGER_COVERAGE_S, and some.
EVIDENCE_SETTLE_S = 660.0

#: Newest verdicts among which that on a capture is sought: a house makes some hundred a day.
EVIDENCE_VERDICTS = 1_000

#: Seconds after an upload for which sounds still matter: an ear reports within three.
EVIDENCE_SOUNDS_AFTER_S = 10.0

#: Seconds of one bin of an upload's rate.
RATE_STEP_S = 0.1

#: Bins of it: two minutes; a call is longer, and its curve ends there.
RATE_BINS = 1_200

#: Packets of one capture that are looked at for "what went over the wire".
WIRE_PACKETS = 3_000

#: Of those, the rows that are shown.
WIRE_ROWS = 300

#: Seconds that the look may take; tshark reads some thousand packets a second.
WIRE_S = 30.0

#: Bytes of memory that it may use; tshark itself has some 160 MB.
WIRE_BYTES = 1 << 30

# -- health ----------------------------------------------------------------------------------------------------------

#: Seconds for which a trouble must be gone before it is over: what comes and goes each few seconds is one.
HEALTH_CALM_S = 60.0

#: Seconds after which a status file, written each second, is that of a service that is gone or stands still.
STATUS_STALE_S = 10.0

#: Seconds for which a service, a port or an ear must be gone before it is told: starting anew takes less.
BLIND_AFTER_S = 10.0

#: Bad ends of one service that are told: once is an accident, which the coverage shows.
ENDINGS = 3

#: Seconds within which they count.
ENDINGS_S = 600.0

#: Bytes at the end of the file of a service's ends that are read; ten minutes of ends take some hundred.
ENDINGS_BYTES = 4096

#: Seconds for which it is told that an update went back: until somebody has looked.
UPDATE_TOLD_S = 3 * 86_400.0

#: Seconds before it is told that an update was broken off: one that had begun to change over goes back within them.
UPDATE_GOES_BACK_S = 180.0

#: Bytes of the record of an update; most of it is what went wrong.
UPDATE_RECORD_BYTES = 8_192

#: Characters of the name of a release in it.
UPDATE_WORDS = 60

#: Seconds by which a source's coverage may lag behind its clock; a busy Pi needs some.
COVERED_WITHIN_S = 30.0

#: How many times its longest usual silence a speaker is silent before it is missed.
SILENCE_TIMES = 3

#: Seconds of a speaker's longest usual silence, at least and at most: their keep-alives come each 30 to 300 s, and a
#: speaker that nobody misses for six hours is not watched.
SILENCE_USUAL_S = (100.0, 7_200.0)

#: Seconds that it is taken for before the speaker is known.
SILENCE_START_S = 600.0

#: Seconds after which a long silence counts half: so a single one is forgotten in some days.
SILENCE_HALVES_S = 86_400.0

#: Seconds without a lost frame after which the loss is over.
LOSS_CALM_S = 600.0

#: Seconds without a time server before it is told; a Pi finds one within a minute of having a network.
UNSYNCHRONISED_S = 900.0

#: Seconds that the clock moves at once only if somebody sets it; a time server that corrects it softly takes minutes.
CLOCK_STEP_S = 1.0

#: Seconds for which it is told that the clock was set.
STEP_TOLD_S = 3_600.0

#: Bytes free on the disk below which it is told; the ledger needs some tens of MB to put its log away.
DISK_FREE_BYTES = 200_000_000

#: Seconds for which room must be there again.
DISK_CALM_S = 600.0

#: Seconds for which facts must wait before it is told; a checkpoint takes less.
BACKLOG_AFTER_S = 5.0

#: Degrees Celsius at which a Pi is about to slow down (it does at 80 to 85).
HOT_CELSIUS = 80.0

#: Seconds for which it must be so hot, or slow.
HOT_AFTER_S = 60.0

#: Seconds for which heat or power must be right again.
POWER_CALM_S = 300.0

#: Seconds for which the doctor watches the network, unless told otherwise: a house says something each second or two.
DOCTOR_WATCH_S = 6.0

#: Bytes of each frame that the doctor takes: its headers are all it looks at.
DOCTOR_FRAME_BYTES = 128

#: Pairs of devices that talk, of one port, that the doctor remembers; a house has some hundred.
DOCTOR_PAIRS = 8_192

# -- ears ------------------------------------------------------------------------------------------------------------

#: Seconds for which a near miss is kept: an upload is judged some seconds after it began.
NEAR_MISS_S = 60.0

#: Near misses kept; a room full of talk makes a few a minute.
NEAR_MISSES = 256

#: Near misses of the last minute that an ear's status tells, for those who try it out.
NEARLY_TOLD = 5

#: Microphones of one machine; each takes a share of its processor (bench/RESULTS.md).
MICROPHONES = 4

#: Bytes of sound that may wait in a microphone's pipe, the only place where it waits: what a pipe may have without
#: rights, five seconds of 48 kHz stereo, in memory that is never swapped.
PIPE_BYTES = 1 << 20

#: Microseconds of sound that come at a time: a word is told so much later at most, and fewer cost less.
PERIOD_US = 100_000

#: Microseconds of sound that the driver holds while nobody fetches it, if it can.
BUFFER_US = 2_000_000

#: Seconds of sound that ears are given at once: faults are judged by it.
BLOCK_S = 0.25

#: Seconds between two looks at the microphones: a word is told so much later at most. At half of it the engines take a
#: third more of the processor: each look finds its caches cold.
EARS_TICK_S = 0.2

#: Seconds for which speech that has ended waits to be written, unless an upload falls near it: it spares the card.
SPEECH_FLUSH_S = 60.0

#: Seconds after which a microphone that ended, or could not be opened, is tried again.
MICROPHONE_RETRY_S = 1.0

#: Seconds without a sample after which its program is taken to hang, and begun anew.
MICROPHONE_HANGS_S = 4.0

#: Characters of what that program complains of; a line has about sixty.
COMPLAINT_CHARACTERS = 200

#: Seconds over which the least delay of samples is sought: what comes later was only fetched late.
DRIFT_S = 4.0

#: Seconds by which samples may be off their time before one of them is doubled or left out.
DRIFT_LEAST_S = 0.001

#: Seconds by which they cannot drift: beyond that some are missing, or there are too many.
DRIFT_MOST_S = 0.25

#: Uploads near which near misses and speech are written at once; a house has some at a time.
UPLOADS_NEAR = 64

#: Bytes of the weights of a head; ours have 150 kB.
HEAD_BYTES = 2_000_000

#: Recordings of a name that enrolment needs: with three the proxies of bench/ears.py were already found.
ENROL_LEAST = 3
#: And the most: a household of four, ten times each.
ENROL_MOST = 40

#: Seconds that a name takes to say.
ENROL_WORD_S = (0.2, 2.0)

#: Seconds of one recording of a name: it is said once in each.
ENROL_RECORDING_S = 10.0

#: Seconds that one listens each time when a name is learnt from a microphone.
ENROL_LISTENS_S = 3.0

#: Seconds that arecord may take to list microphones.
ARECORD_S = 10.0

#: Bytes of a recording's header that are looked through for its sound; covers and comments are shorter.
WAV_HEADER_BYTES = 1_000_000

#: Channels of a recording; microphone arrays have up to 16.
WAV_CHANNELS = 32

#: Samples a second of a recording, the least and the most: telephone, and the best sound cards.
WAV_RATES = (8_000, 384_000)

# -- satellites ------------------------------------------------------------------------------------------------------

#: Seconds of which one comparison of clocks is kept: in a minute good crystals are apart by 3 ms more at most.
CLOCK_POINT_S = 60.0

#: Comparisons kept: of two hours in which the hub answered.
CLOCK_POINTS = 120

#: Seconds that question and answer may be on their way: half of it is how far the comparison may be off.
CLOCK_TRIP_S = 1.0

#: Seconds over which it is seen how fast clocks go apart.
CLOCK_RATE_S = 900.0

#: Seconds by which clocks go apart in a second at most: a crystal's 50 millionths, and what a time server corrects.
CLOCK_RATE = 0.0005

#: Satellites of one hub; a home has some rooms.
SATELLITES = 8

#: Characters of a satellite's name, and of its microphone's: both, and a stroke between, name an ear.
SATELLITE_NAME_CHARACTERS = 31

#: Characters in which a satellite says how a microphone is.
SATELLITE_STATE_CHARACTERS = 200

#: Wake words that a hub asks its satellites to listen for; there are models for a dozen.
SATELLITE_WORDS = 64

#: Facts in one report: a second has some, and what waited through an outage comes in several reports.
SATELLITE_FACTS = 500

#: Seconds by which a fact of a satellite may be ahead of the hub's time: what the comparison of clocks may be off.
SATELLITE_AHEAD_S = 1.0

#: Facts that a satellite may tell at once: twice what may wait there through an outage.
SATELLITE_BURST = 8_000

#: Facts a second that it may tell for long: four ears in lively talk tell some ten.
SATELLITE_RATE = 40

#: Seconds without a report, of which two come each second, after which a satellite is silent.
SATELLITE_SILENT_S = 10.0

#: Seconds that a report may take to be written, a slow card and a busy ledger included.
SATELLITE_WRITES_S = 5.0

#: Seconds between two reports: what is not a wake word, which is told at once, is known so much later. The judge waits
#: three seconds for an ear, of which its engines take up to two.
SATELLITE_REPORT_S = 0.5

#: Seconds after which a hub that did not answer is tried again.
SATELLITE_RETRY_S = 3.0

#: Seconds after which a hub is tried again that lets this satellite in no more.
SATELLITE_REFUSED_S = 60.0

#: Seconds that a hub may take for each step of an answer.
SATELLITE_PATIENCE_S = 10.0

#: Bytes of an answer, or of what says why there is none.
SATELLITE_ANSWER_BYTES = 64 << 10

#: Bytes of a satellite's file of its hub; a certificate has some 800.
MEMBERSHIP_BYTES = 16 << 10

#: Facts that wait at a satellite while its hub does not answer: an hour of lively talk makes some hundred.
SATELLITE_WAITING = 4_000

#: Seconds for which an invitation is good: to go to another room and type.
INVITATION_S = 600.0

#: Wrong tries after which it is void: to mistype.
INVITATION_TRIES = 5

#: Bytes of the file of satellites; eight of them need some 1,500.
ROSTER_BYTES = 64 << 10

# -- wyoming: voice satellites of other software ---------------------------------------------------------------------

#: Voice satellites of other software; a large home has one in each room.
WYOMING_EARS = 16

#: Bytes of a line, and of the data after it; a detection takes 100, and what a satellite says of itself some thousand.
WYOMING_LINE_BYTES = 64 << 10

#: Bytes of sound in one event, which are dropped; satellites send 2 kB at a time.
WYOMING_SOUND_BYTES = 1 << 20

#: Bytes that are taken from one satellite at a time: more of it waits for the next look.
WYOMING_AT_ONCE_BYTES = 64 << 10

#: Connections that wait on one port, and that are let in or turned away in one look.
WYOMING_WAITING = 8

#: Seconds of silence after which a satellite's machine is asked whether it is still there, and between three tries.
WYOMING_KEEPALIVE_S = 10

#: Seconds after the end of a word by which it was told: an engine's half, and a slow network's.
WYOMING_LATE_S = 1.5

#: Wake words that one satellite tells within ``WYOMING_WAKES_S`` seconds, the most; people say some a minute.
WYOMING_WAKES = 60

#: Seconds over which a satellite's wake words are counted.
WYOMING_WAKES_S = 60.0

# -- jobs ------------------------------------------------------------------------------------------------------------

#: Seconds by which a job may be late and is done yet: a machine that was busy, or slept.
JOB_LATE_S = 3_600.0
#: Seconds between two looks at the clock, whatever is planned: somebody may have set it.
JOB_LOOK_S = 60.0
#: Characters in which a job says what came of it.
JOB_WORDS_CHARACTERS = 500
#: Backups that are kept beside the ledger; each may be as large as it.
BACKUPS_KEPT = 2
#: Bytes of the file of jobs; a dozen of them need 4,000.
JOBS_BYTES = 1 << 18
#: Seconds for which what is old is dropped at one time: some hundred thousand rows, on a busy machine.
CLEARING_S = 60.0
#: Seconds between two batches of it, in which others write.
CLEARING_PAUSE_S = 0.05

# -- notify ----------------------------------------------------------------------------------------------------------

#: Pieces of news that one message of an episode keeps word for word, the newest; all are counted.
NEWS_IN_A_MESSAGE = 20
#: Pieces of news that a digest keeps word for word; all are counted.
NEWS_IN_A_DIGEST = 50
#: Seconds to wait after the first failure, the second, and so on; then always the last of them.
RETRIES_S = (5.0, 30.0, 120.0, 600.0, 1_800.0)
#: Seconds in which a channel must have taken a letter.
SEND_S = 8.0
#: Seconds for Apprise, which needs two of a Pi's to begin.
APPRISE_S = 20.0
#: Channels that are sent to at the same time.
CARRIERS = 4
#: Failures in a row after which a channel is broken, and that is told elsewhere: of 45 minutes.
TRIES_UNTIL_BROKEN = 5
#: Times that a picture is tried to be sent; then the words go alone: a service may have taken them, and refuse it.
PICTURE_TRIES = 2
#: Speakers that are hushed at the same time.
SNOOZES = 64
#: Random bytes of the key that seals links in messages.
ERRAND_KEY_BYTES = 32
#: Bytes of a link's seal: nobody tries 2**128.
ERRAND_SEAL_BYTES = 16
#: Seconds between two looks at what is new to tell; a message is made so much later at most.
OFFICE_TICK_S = 0.25
#: Seconds until that is tried again if it went wrong, as when the disk is full.
OFFICE_RETRY_S = 5.0
#: Seconds after which a broker that says nothing is asked whether it is there.
MQTT_KEEP_ALIVE_S = 30
#: Seconds between two tries to reach a broker, at the most.
MQTT_RETRY_S = 60
#: Seconds between two levels of an ear that a broker is told, at the least.
MQTT_LEVEL_S = 10.0
#: Decibels by which it must have changed: less is a room that is as it was, and a row in somebody's database.
MQTT_LEVEL_DB = 3.0
#: Bytes of an announcement that a broker kept; of a house with a hundred speakers.
MQTT_ANNOUNCED_BYTES = 1 << 18
#: Components in it, six of each speaker.
MQTT_COMPONENTS = 1_000
#: Characters in which a channel says what became of a letter.
OUTCOME_CHARACTERS = 500
#: Characters of a part of an address that may be secret; shorter ones are words like "hook".
SECRET_PART_CHARACTERS = 6
#: Bytes of a channel's answer that are read.
ANSWER_BYTES = 1 << 16
#: Random bytes of an ntfy topic: whoever knows it reads all.
NTFY_TOPIC_BYTES = 16
#: Seconds for which a browser's relay keeps what it cannot deliver: later it is no news, and the page has it all.
WEB_PUSH_TTL_S = 3_600
#: Characters of a message's text to a browser: relays take 4,096 bytes in all (RFC 8291, 4), also of four bytes each.
WEB_PUSH_CHARACTERS = 600
#: Characters of its title, which systems cut after 40 to 80.
WEB_PUSH_TITLE_CHARACTERS = 100
#: Buttons of a message: Chrome shows so many.
WEB_PUSH_ACTIONS = 2
#: Bytes of the digest that stands for a message's key at the relay (RFC 8030, 5.4, allows 32 characters).
WEB_PUSH_TOPIC_BYTES = 24
#: Browsers that one person may have told; a phone, a tablet and computers.
WEB_PUSH_BROWSERS = 6
#: Random bytes that each sealed message has of its own (RFC 8188, 2.1).
WEB_PUSH_SALT_BYTES = 16
#: Bytes of the digest of a browser's address that names its channel.
WEB_PUSH_ID_BYTES = 8
#: Seconds for which a relay may believe that it is us: RFC 8292 allows a day, of our clock and of theirs.
VAPID_S = 43_200
#: Seconds that a message is due ahead, at the most: one that is later was noted before the clock was put back.
MESSAGE_AHEAD_S = 2 * 86_400.0
#: Seconds back to which messages bear on new ones: caps count a day, an episode goes on for half of one.
MESSAGES_LOOKED_AT_S = 2 * 86_400.0
#: Seconds after which a message that is done with is dropped; the weekly summary looks back over one week.
MESSAGES_KEPT_S = 60 * 86_400.0
#: The longest that a channel can make us wait (Retry-After), so that none is silenced for ever.
RETRY_LATEST_S = 6 * 3_600.0

#: Seconds before the same is told again that the hub does not stay up: nobody can have missed it, and it is tried anew
#: every two minutes.
ALARM_AGAIN_S = 6 * 3_600.0

# -- rules -----------------------------------------------------------------------------------------------------------

#: Bytes of one rule file; the largest we ship has a tenth of it.
RULE_FILE_BYTES = 256 * 1024

#: Files in one folder of rules; a household adds a handful.
RULE_FILES = 256

#: Levels of nesting in a rule file; ours use seven.
RULE_FILE_DEPTH = 16

#: Problems told at once; after so many a person starts over.
RULE_PROBLEMS = 50

#: Names whose host rule is remembered: a busy home asks for a few thousand a day.
HOSTS_REMEMBERED = 4096

#: Values of sightings whose matches are remembered: devices repeat themselves, a home has a few hundred.
SIGHTINGS_REMEMBERED = 4096

#: Addresses whose owner is remembered, as many as names.
ADDRESSES_REMEMBERED = 4096

# -- release ---------------------------------------------------------------------------------------------------------

#: Bytes of a bundle; ours have some 200 MB.
RELEASE_BYTES = 600 << 20

#: Files of a bundle that are looked at for what it says of itself; there are some 150.
RELEASE_FILES = 2_000

#: Bytes of what it says of itself, and of what has changed; a release's news are some 20,000.
RELEASE_LABEL_BYTES, RELEASE_NEWS_BYTES = 1_000, 100_000

# -- placing: where the appliance stands in the network --------------------------------------------------------------

#: Minutes after which a change of the network goes back unless somebody keeps it: time to walk to another machine.
CONFIRM_MINUTES = 3.0

#: Seconds that one command may take; ifup asks for an address for as long as it is let.
COMMAND_S = 60.0

#: Seconds within which a bridge has an address, if its port had one.
ADDRESS_S = 45.0

#: Bytes of what the dashboard may ask for; all its fields take a tenth of it.
ASKED_BYTES = 4096

#: Seconds between two frames that look for a loop of cables; so long does it last at most.
LOOP_PROBE_S = 2.0

#: Seconds in which no such frame came back, after which the ports are joined again.
LOOP_CALM_S = 15.0

# -- selftest --------------------------------------------------------------------------------------------------------

#: Seconds that the replay may take in the self-test; a Pi 3 takes a third.
SELFTEST_REPLAY_S = 60.0

#: Seconds that one step over the wire may take: to begin to watch, or to find and judge an upload that was sent. An
#: emulated Pi on a busy machine needs more than 30.
SELFTEST_WIRE_S = 90.0

#: Seconds that a service has to end before it is killed; what it would still write is thrown away anyhow.
SELFTEST_END_S = 0.8

#: Seconds between two looks at what the services tell.
SELFTEST_LOOK_S = 0.1

#: Characters of what a failed service said last that are shown.
SELFTEST_WORDS = 500

# -- demo ------------------------------------------------------------------------------------------------------------

#: Seconds that the replay of the day may take, and its judging as long; a Pi 3 takes a quarter.
DEMO_REPLAY_S = 600.0

#: Random bytes in the key of the link that lets in whoever sees the console.
DEMO_KEY_BYTES = 24

# -- report ----------------------------------------------------------------------------------------------------------

#: Days that one timeline draws, the latest; a month of lanes is as much as a page can hold.
DAYS_SHOWN = 31

#: Days that the terminal draws, the latest: a week is about a screen.
DAYS_IN_TERMINAL = 7

#: Lanes per day; a home with more speakers sees those it named first.
LANES_SHOWN = 24

#: Verdicts that a page lists, what nobody asked for first; the JSON lines always have all of them.
VERDICTS_SHOWN = 2_000

#: Close-ups that a page draws, one for each of the first verdicts that somebody should look at.
CLOSE_UPS_SHOWN = 24

#: Rows of the table in the terminal, what nobody asked for first: about a screen.
ROWS_SHOWN = 30

#: Characters of the longest sentence that is recognised, to be told in another language.
RETOLD_CHARACTERS = 600

# -- simulate --------------------------------------------------------------------------------------------------------

#: Seconds of a household played at once: a day of it needs no more memory than this much.
SIMULATED_SLICE = 900.0

# -- web: live -------------------------------------------------------------------------------------------------------

#: Streams of events at once: each holds a thread of the server, which has twice as many for everything else.
STREAMS = 12

#: Events that a listener who comes back is told again; a busy minute has some ten.
STREAM_RING = 200

#: Events that wait for one slow listener: all of the ring, and some; what comes then is missed, and it is told so.
STREAM_WAITING = 256

#: Seconds after which a silent stream says something, so that a listener who is gone is noticed.
STREAM_COMMENT_S = 15.0

#: Seconds after which a stream ends, whoever listens: browsers come back by themselves, and rights may have changed.
STREAM_LASTS_S = 900.0

#: Milliseconds after which a listener whose stream broke shall come back.
STREAM_RETRY_MS = 3_000

# -- web: who gets in ------------------------------------------------------------------------------------------------

#: Users of one house: a large family with its guests.
USERS = 20

#: Sessions of one house, all users together: some browsers each. The longest unused makes room.
SESSIONS = 100

#: Seconds for which a session lasts: 30 days, then the password is asked for again.
SESSION_S = 30 * 86_400.0

#: Tokens for programs.
TOKENS = 50

#: Seconds after which a use of a session or a token is noted anew; each note writes the file of accounts.
USE_NOTED_S = 900.0

#: Characters of that file; all users, sessions and tokens with the longest names take a fifth of it.
ACCOUNTS_BYTES = 512 << 10

#: Characters of what a user or a token is called.
ACCOUNT_NAME_CHARACTERS = 40

#: Characters kept of what a browser says that it is.
USER_AGENT_CHARACTERS = 60

#: Characters that a password has at least; NIST SP 800-63B asks for 8.
PASSWORD_LEAST_CHARACTERS = 10

#: Characters that a password has at most, so that hashing it is short.
PASSWORD_CHARACTERS = 200

#: Passwords that are hashed at once: each takes 32 MB and a core for a tenth of a second.
HASHES_AT_ONCE = 2

#: Letters and digits of the one-time code: 31 kinds each, so 40 bits, of which ATTEMPTS leave nobody enough tries.
CODE_CHARACTERS = 8

#: Passwords and codes that one address may try in ATTEMPT_S: enough for who mistypes.
ATTEMPTS = 5

#: Those that all addresses together may try: enough for a family, and 10 million a year.
ATTEMPTS_IN_ALL = 30

#: Seconds in which attempts are counted.
ATTEMPT_S = 100

#: Bytes of one request; what needs more says so where it is declared.
REQUEST_BYTES = 256 << 10

#: Bytes of the fields of a form, which are kept in memory. werkzeug holds its pieces of a file to it, too: 64 kB each,
#: and what it kept of the one before. With no more than that, one file of all sorts of bytes in two is refused.
FORM_BYTES = 128 << 10

#: Facts of each kind that the test of the first run looks at: somebody tries a few times.
TEST_ROWS = 20

#: Names of its own that an owner gives the hub, beside those that it has by itself.
WEB_NAMES = 16

#: Fields of one form; the longest page of settings has half as many.
FORM_FIELDS = 100

#: Seconds between two looks for what is new: a verdict is shown so much later at most.
NEWS_LOOK_S = 0.25

#: Seconds between two words on how things are: a level meter needs no more.
NEWS_STATUS_S = 1.0

# -- web: api --------------------------------------------------------------------------------------------------------

#: Entries of a list that the API gives at once, unless asked for fewer or more.
API_PAGE = 50

#: And the most: some hundred kB.
API_PAGE_MOST = 200

#: Sounds and findings at once, the most: each is a line.
API_FACTS_MOST = 1_000

#: Wake words that each ear heard last, which are told with it.
API_LAST_WORDS = 5

#: Seconds after which to try again when all streams are taken, or the ledger cannot be read.
API_RETRY_S = 10

#: Stretches of traffic that are added up at once: a month of hours, or half a day of minutes.
API_STEPS = 744

# -- web: pages ------------------------------------------------------------------------------------------------------

#: Bytes from which on an answer is packed: a smaller one fits one frame anyway.
PACKS_BYTES = 1_000

#: Files of the pages that are kept packed; there are some forty.
PACKED_FILES = 64

#: Entries that Home lists as what came last.
HOME_LATEST = 8

#: Looks at what went over the wire that are remembered; only one runs at a time.
WIRE_LOOKS = 4

#: Entries of a speaker that say what is usual for it.
USUAL_ENTRIES = 200

#: Seconds shown before an upload and after it.
UPLOAD_BEFORE_S, UPLOAD_AFTER_S = 10.0, 6.0

#: Rows of the table beside an upload's curve.
CURVE_ROWS = 60

#: Entries on one page of the list of uploads.
UPLOADS_PAGE = 50

#: Rows of Home's table, so that a wild day weighs no more than a screen can show; the rest is under Uploads.
HOME_ROWS = 100

#: Bytes of what root's side says of a change of the network: a mark, and what a command printed.
CHANGE_BYTES = 8_192

#: The latest wall-clock seconds that it may say: those of the year 3000. Later ones no calendar could show.
CHANGE_LATEST_S = 32_503_680_000.0

#: Seconds for which the page waits for a change to be kept; that takes one.
CHANGE_KEPT_S = 8.0

#: Seconds between two looks meanwhile.
CHANGE_LOOK_S = 0.1

#: Bytes of an uploaded file that are kept in memory; what is larger goes to the disk as it comes.
UPLOAD_MEMORY_BYTES = 500_000

#: Bytes of what the page notes of a release that lies ready; most of it is what is new.
STAGED_BYTES = 400_000

#: Bytes that are copied at once.
COPY_BYTES = 1 << 20

#: Bytes of the disk that an upload leaves free: the ledger goes on meanwhile.
UPLOAD_SPARE_BYTES = 100 << 20

# -- web: server -----------------------------------------------------------------------------------------------------

#: Threads of each listener, which never get more: as many as there may be streams, and some for pages.
WEB_THREADS = 20

#: Connections of each listener that are kept open while nothing is asked: browsers keep up to six each.
WEB_IDLE = 50

#: Connections that wait until one is free.
WEB_WAITING = 64

#: Seconds after which a client that says nothing, or takes nothing, is let go.
WEB_SILENCE_S = 10

#: Bytes of a request's headers; browsers send some 2,000.
WEB_HEADER_BYTES = 32 << 10

#: Seconds after which a port that could not be had is tried again.
WEB_RETRY_S = 10.0

#: Seconds within which the web ends, whoever still listens.
WEB_STOP_S = 2.0

#: Seconds between two looks at the certificates: so long does a new address of the machine go without one.
CERTIFICATE_LOOK_S = 300.0

#: Seconds between two looks whether earwitness.local is still announced at this machine's address: who has just placed
#: it otherwise has three minutes to come back to its page.
NAME_LOOK_S = 10.0

#: Seconds until a name that another machine has is tried again: that one may have gone, and each try asks all the home.
NAME_AGAIN_S = 600.0

#: Seconds that avahi may take for an answer over D-Bus, which it gives within milliseconds.
NAME_REPLY_S = 5.0
