#!/usr/bin/python3
"""A bare load on a WordPress: what the site itself takes, without a program.

    site_load.py read                 the companion's queue, page by page
    site_load.py update NR THREADS F  core REST updates of NR held comments

The site is that of the SLUICE_SITE_ variables. Prints seconds. The updates
are the requests that the program makes, without its looks: F has a comment's
number and its new status on each line, as spam takes WordPress longer.
"""

import base64
import http.client
import json
import os
import queue
import sys
import threading
import time
import urllib.parse

URL = urllib.parse.urlsplit(os.environ["SLUICE_SITE_URL"])
LOGIN = ":".join(
    (os.environ["SLUICE_SITE_USER"], os.environ["SLUICE_SITE_PASSWORD"])
)
HEADERS = {
    "Authorization": "Basic " + base64.b64encode(LOGIN.encode()).decode(),
    "Accept": "application/json",
    "Content-Type": "application/json",
}
FIELDS = (
    "id,post,parent,author,author_name,author_email,author_url,author_ip,"
    "author_user_agent,date_gmt,date,content,link,status,type"
)


class Site:
    """One connection, kept open."""

    def __init__(self):
        self.line = http.client.HTTPConnection(URL.hostname, URL.port)

    def ask(self, method, route, body=None):
        self.line.request(method, f"{URL.path}/wp-json/{route}", body, HEADERS)
        answer = self.line.getresponse()
        text = answer.read()
        if answer.status != 200:
            sys.exit(f"{method} {route}: {answer.status}")
        return text


def read():
    site = Site()
    after = 0
    began = time.monotonic()
    while after is not None:
        page = site.ask(
            "GET", f"sluice/v1/queue?status=hold&after={after}&per_page=500"
        )
        after = json.loads(page)["next"]
    return time.monotonic() - began


def held(nr):
    site = Site()
    rows = []
    while len(rows) < nr:
        page = site.ask(
            "GET",
            "wp/v2/comments?status=hold&type=all&context=edit&orderby=id"
            f"&order=asc&per_page=100&offset={len(rows)}"
            "&_fields=id,author_ip,author_user_agent",
        )
        some = json.loads(page)
        if not some:
            sys.exit(f"only {len(rows)} comments are held")
        rows += some
    return rows[:nr]


def update(rows, wanted):
    site = Site()
    while True:
        try:
            row = rows.get_nowait()
        except queue.Empty:
            return
        body = {"status": wanted[row["id"]]}
        for key in ("author_ip", "author_user_agent"):
            if row[key]:
                body[key] = row[key]
        site.ask(
            "POST",
            f"wp/v2/comments/{row['id']}?context=edit&_fields={FIELDS}",
            json.dumps(body),
        )


def updates(nr, threads, file):
    with open(file, encoding="utf-8") as lines:
        wanted = {int(i): status for i, status in map(str.split, lines)}
    rows = queue.Queue()
    for row in held(nr):
        rows.put(row)
    workers = [
        threading.Thread(target=update, args=(rows, wanted))
        for _ in range(threads)
    ]
    began = time.monotonic()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return time.monotonic() - began


def main():
    if sys.argv[1:] == ["read"]:
        print(f"{read():.3f}")
    elif len(sys.argv) == 5 and sys.argv[1] == "update":
        nr, threads = map(int, sys.argv[2:4])
        print(f"{updates(nr, threads, sys.argv[4]):.3f}")
    else:
        sys.exit(__doc__)


main()
