# SPDX-License-Identifier: GPL-2.0-or-later
"""What a file seems to be that is no capture we read, by its first bytes."""

_SIGNS = (
    (b"PK\x03\x04", "a zip archive: unpack it first"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd-compressed file: decompress it first"),
    (b"\xfd7zXZ\0", "an xz-compressed file: decompress it first"),
    (b"BZh", "a bzip2-compressed file: decompress it first"),
    (b"\x04\x22\x4d\x18", "an lz4-compressed file: decompress it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive: unpack it first"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a RIFF file, such as WAV sound"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "an SQLite database"),
    (b"snoop\0\0\0", "a snoop capture: convert it with editcap"),
    (b"\x34\xcd\xb2\xa1", "a pcap file of a variant (Kuznetzov's) that is not read: convert it with editcap"),
    (b"\xa1\xb2\xcd\x34", "a pcap file of a variant (Kuznetzov's) that is not read: convert it with editcap"),
    (b"\xd4\xc3\xb2\xa1", "a pcap file that is cut within its file header"),
    (b"\xa1\xb2\xc3\xd4", "a pcap file that is cut within its file header"),
    (b"\x4d\x3c\xb2\xa1", "a pcap file that is cut within its file header"),
    (b"\xa1\xb2\x3c\x4d", "a pcap file that is cut within its file header"),
    (b"\x0a\x0d\x0d\x0a", "a pcapng file that is cut or damaged in its first block"),
    (b"RTSS", "a Network Monitor 1 capture: convert it with editcap"),
    (b"GMBU", "a Network Monitor 2 capture: convert it with editcap"),
    (b"XCP\0", "a Sniffer Pro capture: convert it with editcap"),
    (b"TRSNIFF data", "a Sniffer capture: convert it with editcap"),
    (b"btsnoop\0", "a Bluetooth capture (btsnoop)"),
)
_ERF_ETHERNET = {0x02, 0x82}  # record types of Endace's ERF, with and without an extension header


def seems(head: bytes) -> str:
    """Return in words what a file seems to be that begins with ``head``."""
    for sign, words in _SIGNS:
        if head.startswith(sign):
            return words
    if not head:
        return "an empty file"
    if not head.strip(b"\0"):
        return "nothing but zeros"
    if len(head) > 18 and head[8] in _ERF_ETHERNET and head[12:14] == b"\0\0":
        return "perhaps an ERF capture: convert it with editcap"
    return _text(head) or "no kind of file that is known here"


def _text(head: bytes) -> str | None:
    """Return which kind of text it is, if it is any."""
    text = head.decode("utf-8", errors="replace").rstrip("\ufffd").lstrip("\ufeff \t\r\n")
    if "\ufffd" in text or any(char < " " and char not in "\t\r\n\f\x1b" for char in text):
        return None
    lower = text[:64].lower()
    if lower.startswith(("<!doctype html", "<html")):
        return "a web page"
    if lower.startswith("<"):
        return "an XML or HTML text"
    if lower.startswith(("{", "[")):
        return "a JSON text"
    return "a text"
