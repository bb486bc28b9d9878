#!/usr/bin/python3
"""A proxy on loopback that spoils some of the requests to a test site.

    fault_proxy.py SITE_URL [[HOST:]PORT [PEM_FILE]]

With a file that holds a certificate and its key it serves https.

Prints its own URL, then serves. It does as it was last told, by

    curl -d 'kind=status&status=503&match=POST' URL/-/fault

which also empties the log that URL/-/log gives: a line for each request, with
seconds from when the fault was set to when it came, method, path, what was
done, and whether the site got to see it ("passed" or "kept"). URL/-/logins
gives the number of requests so far that came with a login.

Fields, separated by &:

    kind    none; else one of
            status  answer with `status` instead of asking the site; `code`
                    makes it WordPress's JSON, without it it is a page;
                    `retry_after` seconds
            page    200, and a page that is none of WordPress's
            hang    never answer
            cut     ask the site, and end in the middle of its answer
            lost    ask the site, and end without a word of its answer
            down    be gone, with everything under way, before an answer
            slow    ask the site only after `seconds`
            strip   ask the site, without the login
            redirect  lead to the same path at `to`
    match   only requests of whose "METHOD path" this is a part, as a regular
            expression; by default all
    after   so many that match are let through first
    times   at most so many are spoilt; by default all
"""

import http.client
import http.server
import json
import os
import re
import ssl
import sys
import threading
import time
import urllib.parse

# Longer than any time-out in the tests, so that nobody waits for it.
HANG_SECONDS = 20

# Of one connection only, and not to be handed on.
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "host"}

PAGE = b"<!DOCTYPE html><html><body><h1>Some page</h1></body></html>"


class Fault:
    """What to spoil, and how much of it is left."""

    def __init__(self, text=""):
        field = dict(urllib.parse.parse_qsl(text, strict_parsing=bool(text)))
        self.kind = field.pop("kind", "none")
        self.match = re.compile(field.pop("match", ""))
        self.after = int(field.pop("after", 0))
        self.times = int(field.pop("times", -1))
        self.status = int(field.pop("status", 200))
        self.code = field.pop("code", "")
        self.retry_after = field.pop("retry_after", "")
        self.seconds = float(field.pop("seconds", 0))
        self.to = field.pop("to", "")
        if field:
            raise ValueError(f"no such field: {field}")
        self.began = time.monotonic()
        self.lock = threading.Lock()
        self.log = []

    def hits(self, request):
        """Whether this request is to be spoilt; counts it."""
        with self.lock:
            if self.kind == "none" or not self.match.search(request):
                return False
            if self.after > 0:
                self.after -= 1
                return False
            if self.times == 0:
                return False
            self.times -= 1
            return True

    def note(self, came, request, done, passed):
        seconds = came - self.began
        seen = "passed" if passed else "kept"
        with self.lock:
            self.log.append(f"{seconds:.3f} {request} {done} {seen}\n")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site = None  # host and port
    fault = Fault()
    logins = 0

    def log_message(self, *_):
        pass

    def control(self, body):
        if self.path == "/-/fault":
            Handler.fault = Fault(body.decode())
            self.reply(200, {}, b"")
        elif self.path == "/-/logins":
            self.reply(200, {}, f"{Handler.logins}\n".encode())
        else:
            self.reply(200, {}, "".join(Handler.fault.log).encode())

    def reply(self, status, headers, body, cut=False):
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if cut else body)

    def ask_site(self, body):
        site = http.client.HTTPConnection(*self.site, timeout=60)
        headers = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in HOP_BY_HOP
        }
        try:
            site.request(self.command, self.path, body or None, headers)
            answer = site.getresponse()
            kept = {
                name: value
                for name, value in answer.getheaders()
                if name.lower() not in HOP_BY_HOP | {"content-length"}
            }
            return answer.status, kept, answer.read()
        finally:
            site.close()

    def reply_fault(self, fault):
        headers = {"Content-Type": "text/html"}
        body = PAGE
        if fault.code:
            headers["Content-Type"] = "application/json; charset=UTF-8"
            body = json.dumps(
                {
                    "code": fault.code,
                    "message": "Sorry.",
                    "data": {"status": fault.status},
                }
            ).encode()
        if fault.retry_after:
            headers["Retry-After"] = fault.retry_after
        self.reply(fault.status, headers, body)

    def spoil(self, fault, came, request, body):
        """Do what the fault says; the connection is of no more use."""
        self.close_connection = True
        passed = fault.kind in ("cut", "lost", "slow", "strip")
        if fault.kind == "slow":
            time.sleep(fault.seconds)
        if fault.kind == "strip":
            del self.headers["Authorization"]
        answer = self.ask_site(body) if passed else None
        fault.note(came, request, fault.kind, passed)
        if fault.kind in ("status", "page"):
            self.close_connection = False
            self.reply_fault(fault)
        elif fault.kind == "redirect":
            self.reply(301, {"Location": fault.to + self.path}, b"")
        elif fault.kind in ("slow", "strip"):
            self.reply(*answer)
        elif fault.kind == "cut":
            self.reply(*answer, cut=True)
        elif fault.kind == "hang":
            time.sleep(HANG_SECONDS)
        elif fault.kind == "down":
            os._exit(0)

    def serve(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if self.path.startswith("/-/"):
            self.control(body)
            return
        came = time.monotonic()
        if self.headers["Authorization"]:
            Handler.logins += 1
        fault = Handler.fault
        request = f"{self.command} {self.path}"
        if fault.hits(request):
            self.spoil(fault, came, request, body)
            return
        answer = self.ask_site(body)
        fault.note(came, request, answer[0], True)
        self.reply(*answer)

    do_GET = do_HEAD = do_POST = serve


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that does not wait for its answer is no news."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def main():
    if not 2 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    url = urllib.parse.urlsplit(sys.argv[1])
    Handler.site = (url.hostname, url.port)
    host, _, port = ("127.0.0.1:" + (sys.argv[2:3] or ["0"])[0]).rpartition(":")
    host = host.rpartition(":")[2]
    server = Server((host, int(port)), Handler)
    scheme = "http"
    if len(sys.argv) == 4:
        scheme = "https"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[3])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print(f"{scheme}://{host}:{server.server_address[1]}", flush=True)
    server.serve_forever()


main()
