"""Listens to a network interface until it is interrupted, and prints how often given words went over it readable.

Usage, as root: python wire.py INTERFACE WORD...
"""

from __future__ import annotations

import json
import re
import signal
import socket
import struct
import sys

ALL_PROTOCOLS = 3
ADD_MEMBERSHIP, PROMISCUOUS = 1, 1
SOL_PACKET = 263


def listen(interface, words):
    """Return the number of bytes that went over the wire, and how often each word was among them."""
    packets = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.ntohs(ALL_PROTOCOLS))
    packets.bind((interface, 0))
    # Frames from one container to another, too, which are none of the host's.
    member = struct.pack("iHH8s", socket.if_nametoindex(interface), PROMISCUOUS, 0, b"")
    packets.setsockopt(SOL_PACKET, ADD_MEMBERSHIP, member)
    packets.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 26)
    wanted = re.compile(b"|".join(re.escape(word.encode()) for word in words))
    size, found = 0, dict.fromkeys(words, 0)
    print("listening", flush=True)
    try:
        while True:
            packet = packets.recv(65_536)
            size += len(packet)
            for word in wanted.findall(packet):
                found[word.decode()] += 1
    except KeyboardInterrupt:
        return size, found


signal.signal(signal.SIGINT, signal.default_int_handler)
print(json.dumps(listen(sys.argv[1], sys.argv[2:])))
