#!/usr/bin/python3
"""
Webhooks as a site sends them that does not give up: each event is sent, with
the same id, until it is answered with 202.

    load.py URL SECRET FIRST RATE SENT [--stop FILE] [--strict]

Comments from FIRST on, about RATE a second, until FILE exists. Each comment
that was answered with 202 is a line in SENT. With --strict, anything but 202
at the first try is a line "failed: ..." there.
"""
import argparse
import http.client
import os
import threading
import time
import urllib.parse
import uuid

import hook

SENDERS = 4

parser = argparse.ArgumentParser()
parser.add_argument("url")
parser.add_argument("secret")
parser.add_argument("first", type=int)
parser.add_argument("rate", type=float)
parser.add_argument("sent")
parser.add_argument("--stop", default="stop")
parser.add_argument("--strict", action="store_true")
args = parser.parse_args()

url = urllib.parse.urlsplit(args.url)
lock = threading.Lock()
out = open(args.sent, "a", buffering=1, encoding="utf-8")


def send(conn, comment, event):
    body = hook.event_body("comment.created", str(comment), "hold")
    conn.request("POST", url.path, body,
                 hook.headers_for(args.secret, body, event))
    answer = conn.getresponse()
    answer.read()
    return answer.status, answer.getheader("Connection")


def note(line):
    with lock:
        out.write("%s\n" % line)


def deliver(conn, comment):
    event = "evt_" + str(uuid.uuid4())
    while True:
        try:
            code, connection = send(conn, comment, event)
            if connection == "close":
                conn.close()
            if code == 202:
                note(comment)
                return
            why = str(code)
        except (OSError, http.client.HTTPException) as error:
            conn.close()
            why = repr(error)
        if args.strict:
            note("failed: %s %s" % (comment, why))
            return
        time.sleep(0.05)


def sender(number):
    conn = http.client.HTTPConnection(url.hostname, url.port, timeout=10)
    comment = args.first + number
    while not os.path.exists(args.stop):
        deliver(conn, comment)
        comment += SENDERS
        time.sleep(SENDERS / args.rate)


threads = [threading.Thread(target=sender, args=(i,)) for i in range(SENDERS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
