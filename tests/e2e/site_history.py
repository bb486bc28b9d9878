#!/usr/bin/env python3
"""Print the comments of a made-up gardening blog, one JSON object a line.

    site_history.py FIRST NR [STATUS]

Its spammers praise a remedy by name, in a neighbour's voice and without a
link, as no general model can know; its readers talk about the same gardens.
Comment number i is always the same. STATUS "labelled" gives each the status
that the blog's moderators gave it, anything else is the status itself.
"""
import json
import random
import sys

PLANT = "roses tomatoes beans hydrangeas lavender courgettes apples".split()
PLACE = ["north wall", "greenhouse", "balcony", "back garden", "allotment"]
READER = [
    "Our {plant} on the {place} did the same in {month}, it was the frost.",
    "Did you cut the {plant} back before {month}, or leave them be?",
    "Thanks, I had wondered about the {plant}; mine on the {place} sulk.",
    "I disagree about {plant}: on a {place} they want far less water.",
    "Which sort of {plant} is that? Ours never look so well by {month}.",
    "My mother grew {plant} against a {place} and never fed them at all.",
]
SPAMMER = [
    "My neighbour put {brand} on her {plant} and by {month} they had doubled.",
    "Since {month} I give the {plant} a spoon of {brand}, nothing else helps.",
    "Try {brand} for {plant} on a {place}, you will thank me in {month}.",
    "Nobody tells you, but {brand} is why the neighbours' {plant} thrive.",
]
BRAND = ["Verdolin", "Verdolin drops", "Florazet", "Florazet tonic"]
MONTH = "March April May June July August September".split()
NAME = "Ann Bert Cleo Dora Emil Finn Gina Hugo Ines Jan Kira Lars".split()


def comment(i):
    lot = random.Random(i)
    spam = i % 3 == 0
    name = lot.choice(NAME)
    text = lot.choice(SPAMMER if spam else READER).format(
        plant=lot.choice(PLANT), place=lot.choice(PLACE),
        month=lot.choice(MONTH), brand=lot.choice(BRAND))
    return {
        "id": str(i), "label": "spam" if spam else "ham", "text": text,
        "author": name, "author_email": f"{name.lower()}{i}@mail.example",
        "date": f"20{10 + i // 400:02}-{i // 30 % 12 + 1:02}-"
                f"{i % 28 + 1:02}T08:{i % 60:02}:00",
        "post_title": "What the garden did this week",
        "post_text": "Notes on what grew, what did not, and why.",
    }


def main():
    first, nr = int(sys.argv[1]), int(sys.argv[2])
    status = sys.argv[3] if len(sys.argv) > 3 else "hold"
    for i in range(first, first + nr):
        row = comment(i)
        row["status"] = status
        if status == "labelled":
            row["status"] = "spam" if row["label"] == "spam" else "approved"
        print(json.dumps(row))


main()
