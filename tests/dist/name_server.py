#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A name server for tests: name_server.py ADDRESS PORT NAME=IP... Answers A or AAAA for these names, nothing else."""
import ipaddress
import socketserver
import struct
import sys

address, port, *names = sys.argv[1:]
KNOWN = dict(name.split("=") for name in names)
A, AAAA, IN = 1, 28, 1


def question(packet):
    """(name, type, the question's bytes)"""
    labels, at = [], 12
    while packet[at]:
        labels.append(packet[at + 1:at + 1 + packet[at]].decode())
        at += packet[at] + 1
    kind, _ = struct.unpack("!HH", packet[at + 1:at + 5])
    return ".".join(labels).lower(), kind, packet[12:at + 5]


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        packet, socket = self.request
        name, kind, asked = question(packet)
        found = KNOWN.get(name)
        answers = b""
        if found and kind == (AAAA if ":" in found else A):
            address = ipaddress.ip_address(found).packed
            answers = b"\xc0\x0c" + struct.pack("!HHIH", kind, IN, 60, len(address)) + address
        flags = 0x8180 if found else 0x8183  # NXDOMAIN for other names
        head = packet[:2] + struct.pack("!HHHHH", flags, 1, 1 if answers else 0, 0, 0)
        socket.sendto(head + asked + answers, self.client_address)


with socketserver.UDPServer((address, int(port)), Handler) as server:
    print("ready")
    server.serve_forever()
