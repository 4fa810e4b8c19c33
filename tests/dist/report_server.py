#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Takes run reports over HTTPS, for tests: report_server.py PORT CERTIFICATE KEY FILE. Appends each body to FILE."""
import http.server
import ssl
import sys

port, certificate, key, file = sys.argv[1:]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        with open(file, "ab") as reports:
            reports.write(self.rfile.read(int(self.headers["Content-Length"])) + b"\n")
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
print("ready", flush=True)
server.serve_forever()
