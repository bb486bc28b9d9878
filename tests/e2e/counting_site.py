#!/usr/bin/python3
"""
A site that counts: as much of WordPress's REST API as a change of status
needs. Every comment there is, is held and has the text that hook.py gives it.

    counting_site.py PORT LOG

Each change of status is a line "ID STATUS" in LOG. While the file LOG.down
exists, connections are closed without an answer; while LOG.slow does, each
answer takes a while.
"""
import http.server
import json
import os
import re
import sys
import threading
import time

import hook

LOG = sys.argv[2]
status = {}
lock = threading.Lock()

CAPABLE = {"id": 2, "capabilities": {
    "moderate_comments": True, "edit_posts": True, "edit_others_posts": True,
    "edit_published_posts": True}}


def row(comment):
    data = json.loads(hook.event_body("comment.created", comment, "hold"))
    found = data["data"]["comment"]
    found["status"] = status.get(comment, "hold")
    return found


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, code, value):
        body = json.dumps(value).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_any(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if os.path.exists(LOG + ".down"):
            self.close_connection = True
            return
        if os.path.exists(LOG + ".slow"):
            time.sleep(0.3)
        match = re.search(r"/wp/v2/comments/(\d+)", self.path)
        if match:
            self.comment(match.group(1), body)
        elif "/users/me" in self.path:
            self.answer(200, CAPABLE)
        else:
            self.answer(200, {"namespaces": ["wp/v2"]})

    def comment(self, number, body):
        if self.command == "POST":
            wanted = json.loads(body)["status"]
            with lock:
                status[number] = wanted
                with open(LOG, "a", encoding="utf-8") as log:
                    log.write("%s %s\n" % (number, wanted))
        self.answer(200, row(number))

    do_GET = do_POST = do_HEAD = handle_any

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
