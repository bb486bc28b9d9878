#!/usr/bin/python3
"""Choose comments for a test site: the same ones every time.

    choose_comments.py DATA_DIR     300 real and written ones, labelled
    choose_comments.py --sample     the queue that comes with the program

Prints NDJSON for wordpress/load.php. The choice goes by a hash of each id, so
that it does not lean towards one end of a file, and the order mixes labels.
A model may have been trained on these comments: what a run makes of them
tells whether the program works, not how good the model is.
"""

import glob
import hashlib
import json
import os
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
SAMPLE = os.path.join(HERE, "../../src/site/sample_queue.ndjson")
SAMPLE_LABELS = os.path.join(HERE, "../data/sample_labels.ndjson")
MISLABELLED = os.path.join(HERE, "../../training/mislabelled.txt")

# Files, label, and how many.
CHOICE = [
    (["train/wp_midonet_early.ndjson"], "spam", 50),
    (["train/wp_misc_spam.ndjson"], "spam", 40),
    (["train/blog_haacked_leaked_spam.ndjson"], "spam", 40),
    (["train/ham_haacked_blog.ndjson"], "ham", 90),
    (["written/*.ndjson"], "ham", 60),
    (["written/*.ndjson"], "abuse", 20),
]


def rows(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def mislabelled():
    with open(MISLABELLED, encoding="utf-8") as lines:
        return {line.strip() for line in lines if not line.startswith("#")}


def rank(row):
    return hashlib.sha256(row["id"].encode()).digest()


def chosen(data):
    out = []
    wrong = mislabelled()
    for patterns, label, nr in CHOICE:
        found = []
        for pattern in patterns:
            paths = sorted(glob.glob(os.path.join(data, pattern)))
            if not paths:
                sys.exit(f"choose_comments.py: {data}: no {pattern}")
            for path in paths:
                found += [
                    row
                    for row in rows(path)
                    if row["label"] == label and row["id"] not in wrong
                ]
        if len(found) < nr:
            sys.exit(f"choose_comments.py: {patterns}: only {len(found)} {label}")
        out += sorted(found, key=rank)[:nr]
    return out


def sample():
    label = {row["id"]: row["label"] for row in rows(SAMPLE_LABELS)}
    return [dict(row, label=label[row["id"]]) for row in rows(SAMPLE)]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    out = sample() if sys.argv[1] == "--sample" else chosen(sys.argv[1])
    for row in sorted(out, key=rank):
        print(json.dumps(row))


try:
    main()
    sys.stdout.flush()
except BrokenPipeError:
    # Whoever reads has enough ("head"); python would complain at exit, too.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
