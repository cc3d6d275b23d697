#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An https server on loopback that misbehaves as the first part of the path says.

    mirror_server.py DIRECTORY CERTIFICATE KEY

Serves DIRECTORY/<name> for /<manner>/<name>. Prints its port, then one line for each request:
its path and the range asked for. Ends when its standard input does.
"""
import http.server
import os
import pathlib
import re
import ssl
import sys
import threading

PIECE = 64 * 1024


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        manner, name = self.path.strip("/").split("/", 1)
        asked = self.headers.get("Range", "")
        print(self.path, asked, flush=True)
        body = (self.server.directory / name).read_bytes()
        found = re.fullmatch(r"bytes=(\d+)-", asked)
        start = int(found.group(1)) if found else 0
        kind, _, number = manner.partition("-")
        getattr(self, "as_" + kind)(body, start, int(number or 0), name)

    def begin(self, body, start, shown=None, length=None):
        self.send_response(206 if start else 200)
        if start:
            shown = start if shown is None else shown
            self.send_header("Content-Range", f"bytes {shown}-{len(body) - 1}/{len(body)}")
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def as_good(self, body, start, *_):
        self.begin(body, start, length=len(body) - start)
        self.wfile.write(body[start:])

    def as_cut(self, body, start, number, _):
        self.begin(body, start, length=len(body) - start)
        self.wfile.write(body[start:number])
        self.close_connection = True

    def as_norange(self, body, *_):
        self.begin(body, 0, length=len(body))
        self.wfile.write(body)

    def as_shifted(self, body, start, *_):
        self.begin(body, start, shown=start + 1, length=len(body) - start)
        self.wfile.write(body[start:])

    def as_slow(self, body, start, *_):
        self.begin(body, start, length=len(body) - start)
        for at in range(start, len(body)):
            self.wfile.write(body[at:at + 1])
            self.wfile.flush()
            threading.Event().wait(0.02)

    def as_crawl(self, body, start, number, _):
        if len(body) < number:
            return self.as_good(body, start)
        self.begin(body, start, length=len(body) - start)
        for at in range(start, len(body)):
            self.wfile.write(body[at:at + 1])
            self.wfile.flush()
            threading.Event().wait(1)

    def as_silent(self, body, start, *_):
        self.begin(body, start, length=len(body) - start)
        self.wfile.flush()
        self.rfile.read(1)

    def as_endless(self, body, start, *_):
        self.begin(body, start)
        self.wfile.write(body[start:])
        while True:
            self.wfile.write(b"x" * PIECE)

    def as_changed(self, body, start, *_):
        changed = bytes([body[0] ^ 1]) + body[1:]
        self.as_good(changed, start)

    def as_status(self, body, start, number, _):
        self.send_error(number)

    def as_redirect(self, body, start, number, name):
        self.send_response(302)
        self.send_header("Location", f"/good/{name}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def as_downgrade(self, *_):
        self.send_response(302)
        self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/good/x")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def as_header(self, *_):
        self.send_response(200)
        self.flush_headers()
        while True:
            self.wfile.write(b"X-Long: " + b"x" * PIECE + b"\r\n")

    def as_garbage(self, *_):
        self.wfile.write(b"\x00\xffnot http\r\n\r\n")
        self.close_connection = True

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # clients that go away are what is tested


def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    server = Server(("127.0.0.1", 0), Handler)
    server.directory = pathlib.Path(sys.argv[1])
    # The handshake belongs to the connection's own thread, or one client could hold up all.
    server.socket = context.wrap_socket(server.socket, server_side=True,
                                        do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
