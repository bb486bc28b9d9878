#!/usr/bin/python3
"""A receiver of webhooks on loopback, for tests of the companion plugin.

    hook_receiver.py SECRET LOG [PORT]

Prints its URL, then serves. Each delivery is one line of JSON in LOG:
{"id", "attempt", "others", "signed", "answer", "body"}; `signed` is true if
signature and timestamp are as Standard Webhooks has them, `others` says how
many deliveries were under way. It knows nothing of the plugin's own code. What else is asked, as by the Akismet plugin, is logged
with its path and form, and answered with "false", or "valid" for a key.

It does as it was last told, by

    curl -d 'answer=202&delay=0&match=&date=0' URL/-/mode

    answer  the status for deliveries whose body matches; 202 for others
    delay   seconds before each answer
    match   regular expression; by default all
    date    seconds that its clock is ahead
"""

import base64
import email.utils
import hashlib
import hmac
import http.server
import json
import re
import sys
import threading
import time
import urllib.parse


class Mode:
    """How to answer."""

    def __init__(self, text=""):
        field = dict(urllib.parse.parse_qsl(text))
        self.answer = int(field.get("answer", 202))
        self.delay = float(field.get("delay", 0))
        self.match = re.compile(field.get("match", ""))
        self.date = int(field.get("date", 0))


class Receiver(http.server.ThreadingHTTPServer):
    """Its mode, its log, and how often it has seen each event."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, secret, log, port):
        super().__init__(("127.0.0.1", port), Handler)
        self.key = base64.b64decode(secret.removeprefix("whsec_"))
        self.log = open(log, "a", encoding="utf-8", buffering=1)
        self.seen = {}
        self.busy = 0
        self.mode = Mode()
        self.lock = threading.Lock()

    def write(self, **line):
        with self.lock:
            self.log.write(json.dumps(line) + "\n")

    def begin(self, event):
        with self.lock:
            self.busy += 1
            self.seen[event] = self.seen.get(event, 0) + 1
            return self.seen[event], self.busy - 1

    def end(self):
        with self.lock:
            self.busy -= 1


class Handler(http.server.BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def date_time_string(self, timestamp=None):
        ahead = self.server.mode.date
        return email.utils.formatdate(time.time() + ahead, usegmt=True)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/-/mode":
            self.server.mode = Mode(body.decode())
            self.reply(200, "")
        elif self.path.startswith("/v1/hooks/"):
            self.hook(body)
        else:
            self.akismet(body)

    def hook(self, body):
        mode = self.server.mode
        event = self.headers.get("webhook-id", "")
        matches = mode.match.search(body.decode())
        answer = mode.answer if matches else 202
        if not self.signed(event, body):
            answer = 401
        if self.path != "/v1/hooks/blog":
            answer = 404
        attempt, others = self.server.begin(event)
        self.server.write(
            id=event, attempt=attempt, others=others,
            signed=self.signed(event, body), answer=answer,
            body=json.loads(body))
        time.sleep(mode.delay)
        self.server.end()
        self.reply(answer, "")

    def signed(self, event, body):
        stamp = self.headers.get("webhook-timestamp", "")
        if not re.fullmatch(r"evt_[0-9a-f-]{36}", event):
            return False
        if not stamp.isdigit() or abs(time.time() - int(stamp)) > 300:
            return False
        text = f"{event}.{stamp}.".encode() + body
        mac = hmac.new(self.server.key, text, hashlib.sha256).digest()
        want = "v1," + base64.b64encode(mac).decode()
        return want in self.headers.get("webhook-signature", "").split(" ")

    def akismet(self, body):
        form = dict(urllib.parse.parse_qsl(body.decode()))
        self.server.write(path=self.path, host=self.headers["Host"],
                          form=form)
        self.reply(200, "valid" if "verify-key" in self.path else "false")

    def reply(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.send_header("X-akismet-guid", "0")
        self.end_headers()
        self.wfile.write(text.encode())


def main():
    port = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    server = Receiver(sys.argv[1], sys.argv[2], port)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


main()
