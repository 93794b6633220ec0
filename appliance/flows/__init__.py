# SPDX-License-Identifier: GPL-2.0-or-later
"""From frames to flows: TCP order, TLS records, QUIC datagrams, names per address."""
