#!/usr/bin/python3
"""
A sender of signed webhooks, as a site would be.

    hook.py URL SECRET [--id ID] [--age SECONDS] [--hub] [--type TYPE]
            [--status STATUS] [--raw FILE] [--header 'Name: value'] [ID...]

Sends one event a comment id and prints "ID STATUS ANSWER" for each.
"""
import argparse
import base64
import hashlib
import hmac
import http.client
import json
import time
import urllib.parse
import uuid


def key_of(secret):
    if secret.startswith("whsec_"):
        return base64.b64decode(secret[6:])
    return secret.encode()


def sign(secret, event, stamp, body):
    data = event.encode() + b"." + stamp.encode() + b"." + body
    code = hmac.new(key_of(secret), data, hashlib.sha256).digest()
    return "v1," + base64.b64encode(code).decode()


def event_body(kind, comment, status, text=None, **more):
    if text is None:
        text = "Cheap pills %s at http://pills%s.example buy now" % (
            comment, comment)
    data = {
        "comment": {
            "id": int(comment), "author_name": "best pills online",
            "author_url": "http://pills.example",
            "author_ip": "203.0.113.9",
            "content": {"raw": text}, "status": status,
            "post_title": "An article about gardens", "type": "comment",
        },
        "status": status,
    }
    data.update(more)
    return json.dumps({"type": kind, "timestamp": "2026-11-25T10:00:00Z",
                       "data": data}).encode()


def headers_for(secret, body, event=None, age=0, hub=False):
    head = {"Content-Type": "application/json"}
    if hub:
        code = hmac.new(key_of(secret), body, hashlib.sha256).hexdigest()
        head["X-Hub-Signature-256"] = "sha256=" + code
        if event:
            head["X-Hub-Delivery"] = event
        return head
    event = event or "evt_" + str(uuid.uuid4())
    stamp = str(int(time.time()) - age)
    head["webhook-id"] = event
    head["webhook-timestamp"] = stamp
    head["webhook-signature"] = sign(secret, event, stamp, body)
    return head


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("secret")
    parser.add_argument("comment", nargs="*", default=["1"])
    parser.add_argument("--id")
    parser.add_argument("--age", type=int, default=0)
    parser.add_argument("--hub", action="store_true")
    parser.add_argument("--type", default="comment.created")
    parser.add_argument("--status", default="hold")
    parser.add_argument("--text")
    parser.add_argument("--data", default="{}")
    parser.add_argument("--raw")
    parser.add_argument("--header", action="append", default=[])
    args = parser.parse_intermixed_args()

    url = urllib.parse.urlsplit(args.url)
    conn = http.client.HTTPConnection(url.hostname, url.port, timeout=30)
    for comment in args.comment:
        if args.raw:
            with open(args.raw, "rb") as file:
                body = file.read()
        else:
            body = event_body(args.type, comment, args.status, args.text,
                              **json.loads(args.data))
        head = headers_for(args.secret, body, args.id, args.age, args.hub)
        for line in args.header:
            name, value = line.split(":", 1)
            head[name] = value.strip()
        conn.request("POST", url.path, body, head)
        answer = conn.getresponse()
        print(comment, answer.status, answer.read().decode().strip())


if __name__ == "__main__":
    main()
