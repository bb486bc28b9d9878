#!/usr/bin/env python3
"""How cost grows: growth.py BUILD [--long] [--check]

Comments of 10 bytes to 1 MiB, comments made to be costly, and queues of
1,000 to 100,000 comments (1,000,000 with --long): megabytes a processor
second, and the peak of memory. --check does the costly ones only, and fails when one is not linear
or takes more than ten times what honest text does.

Writes BUILD/bench/growth.json and .svg; prints a table.
"""

import functools
import json
import os
import shutil
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
BUILD = os.path.realpath(sys.argv[1])
CHECK = "--check" in sys.argv[2:]
LONG = "--long" in sys.argv[2:]
WORK = os.path.join(BUILD, "bench", "growth")
SLUICE = os.path.join(BUILD, "sluice")

KIB = 1024
SMALL, LARGE = 4 * KIB, 64 * KIB  # above, a text is cut to its ends
TOTAL = 2048 * KIB                # bytes of one measurement
BRIEF = 64                        # bytes of a comment that only starts it
NORMAL = 325
ROUNDS = 2

# Times what honest text takes. That is words met before, which cost a third
# of what they would if they were new, as those of costly text are.
SLOWEST = 10
NOT_LINEAR = 3  # times, large comments to small ones, byte for byte

COSTLY = {
    "<": "<", "&": "&", "combining marks": "\u0301", "marked letters":
    "a\u0301\u0302\u0303", "one endless word": "a", "links":
    "http://a.example ", "hosts": "a.com ", "http://http://": "http://",
    "scheme and mark": "http://a?", "<b>": "<b>", "<a href>":
    '<a href="http://a.example">x</a>', "open <a>": "<a href=x>", "<!--":
    "<!--", "quotes in tags": "<a b='", "[url]": "[url]a.com[/url]",
    "open [url]": "[url=a.com]", "[": "[", "entities": "&amp;amp;lt;",
    "numbers &#": "&#x41", "spaced": "v i a g r a ", "leet": "v1agra ",
    "dots": "a. ", "(dot)": "a (dot) ", "@": "a@", "emoji": "\U0001F600",
    "joined emoji": "\U0001F469\u200D", "full width": "\uFF21", "mixed":
    "p\u0430", "bidi": "\u202E", "Han": "\u4E2D", "ligature": "\uFDFA",
    "blanks": " ", "newlines": "\n", "digits": "1", "asterisks": "a*",
    "apostrophes": "a'", "{|}": "{a|",
}


def honest(size):
    """Text of so many bytes, of what people wrote."""
    name = os.path.join(HERE, "..", "..", "src", "site",
                        "sample_queue.ndjson")
    with open(name, encoding="utf-8") as f:
        text = " ".join(json.loads(line).get("text", "") for line in f)
    text = "".join(c for c in text if 31 < ord(c) < 127 and c not in "<&[")
    return (text * (size // len(text) + 1))[:size]


def costly(part, size):
    return part * (size // len(part.encode()))


def write(name, texts):
    path = os.path.join(WORK, name)
    with open(path, "w", encoding="utf-8") as f:
        for i, text in enumerate(texts):
            f.write(json.dumps({"id": i, "text": text},
                               ensure_ascii=False) + "\n")
    return path


def seconds(stdin):
    """Processor seconds and MiB at the peak."""
    out = subprocess.run(
        [sys.executable, "-S", "-E", os.path.join(HERE, "measure.py"),
         stdin, os.devnull, SLUICE, "judge"],
        stdout=subprocess.PIPE, check=True).stdout.split()
    return float(out[0]), float(out[2])


@functools.lru_cache(maxsize=None)
def start(text):
    """What it takes to judge one comment of a kind: it may need a library."""
    path = write("one", [text])
    return statistics.median(seconds(path)[0] for _ in range(2 * ROUNDS))


def measure(make, size, total=TOTAL):
    """Megabytes a second for comments of such text, and MiB at the peak."""
    nr = max(1, total // size)
    begin = start(make(BRIEF))
    path = write("in", [make(size)] * nr)
    took = []
    for _ in range(ROUNDS):
        cpu, peak = seconds(path)
        took.append(max(cpu - begin, 1e-3))
    return nr * size / 1e6 / min(took), peak


def by_length():
    sizes = [10, 32, 100, NORMAL, 1000, 3200, 10000, 32000, LARGE,
             256 * KIB, 1024 * KIB]
    table = []
    for size in sizes:
        speed, peak = measure(honest, size, max(TOTAL // 4, size * 4))
        table.append({"bytes": size, "mb_per_s": round(speed, 2),
                      "peak_mib": round(peak, 1)})
        print("%9d bytes %8.1f MB/s %8.1f MiB" % (size, speed, peak))
    return table


def fault(small, large, normal):
    """What is wrong with a kind of text, or nothing."""
    if large * NOT_LINEAR < small and large < normal:
        return "not linear"
    return "slow" if large * SLOWEST < normal else ""


def by_kind(normal):
    table = []
    bad = 0
    for kind, part in COSTLY.items():
        make = functools.partial(costly, part)
        wrong = ""
        # Other programs may have been in the way: three times is a fault.
        for _ in range(3):
            small, _ = measure(make, SMALL)
            large, peak = measure(make, LARGE - 64)
            wrong = fault(small, large, normal)
            if not wrong:
                break
            normal, _ = measure(honest, NORMAL)
        huge = 0.0
        if not CHECK:
            huge, peak = measure(make, 16 * LARGE)
        bad += bool(wrong)
        table.append({"kind": kind, "mb_per_s_4k": round(small, 2),
                      "mb_per_s_64k": round(large, 2),
                      "mb_per_s_1m": round(huge, 2),
                      "peak_mib": round(peak, 1)})
        print("%-18s %7.1f %7.1f %7.1f MB/s, %5.2f of honest text %s" % (
            kind, small, large, huge, large / normal, wrong))
    return table, bad


def by_number():
    """A queue through a pipe, the same thousand over and over."""
    path = write("thousand", [honest(NORMAL)] * 1000)
    table = []
    for nr in (1000, 10000, 100000) + (1000000,) * LONG:
        pipe = os.path.join(WORK, "pipe")
        if not os.path.exists(pipe):
            os.mkfifo(pipe)
        feed = ["sh", "-c", 'exec cat "$@" >"$0"', pipe]
        with subprocess.Popen(feed + [path] * (nr // 1000)):
            cpu, peak = seconds(pipe)
        per_s = nr / max(cpu - start(honest(NORMAL)), 1e-3)
        table.append({"comments": nr, "comments_per_s": round(per_s),
                      "peak_mib": round(peak, 1)})
        print("%9d comments %8.0f/s %8.1f MiB" % (nr, per_s, peak))
    return table


def plot(lengths, kinds):
    if not shutil.which("gnuplot"):
        print("gnuplot: not installed (Debian's gnuplot-nox); skipped")
        return
    with open(os.path.join(WORK, "length.dat"), "w", encoding="utf-8") as f:
        f.writelines("%d %f\n" % (r["bytes"], r["mb_per_s"])
                     for r in lengths)
    with open(os.path.join(WORK, "kind.dat"), "w", encoding="utf-8") as f:
        f.writelines('"%s" %f\n' % (r["kind"], r["mb_per_s_64k"])
                     for r in kinds)
    script = """
set terminal svg size 1000,800 font "sans,12"
set output "%s"
set multiplot layout 2,1
set logscale xy
set grid
set nokey
set xlabel "bytes of a comment"
set ylabel "MB a second"
plot "%s" using 1:2 with linespoints lw 2 lc rgb "#336699"
unset logscale x
set xlabel ""
set style fill solid 0.8
set boxwidth 0.7
set xtics rotate by -60 noenhanced
set title "64 KiB of"
plot "%s" using 0:2:xtic(1) with boxes lc rgb "#336699"
""" % (os.path.join(BUILD, "bench", "growth.svg"),
       os.path.join(WORK, "length.dat"), os.path.join(WORK, "kind.dat"))
    subprocess.run(["gnuplot"], input=script.encode(), check=False)


def main():
    os.makedirs(WORK, exist_ok=True)
    normal, _ = measure(honest, NORMAL)
    print("honest comments of %d bytes: %.1f MB/s" % (NORMAL, normal))
    kinds, bad = by_kind(normal)
    if bad:
        print("%d kinds of text are too costly" % bad)
    if CHECK:
        return bad
    lengths = by_length()
    numbers = by_number()
    with open(os.path.join(BUILD, "bench", "growth.json"), "w",
              encoding="utf-8") as f:
        json.dump({"normal_mb_per_s": normal, "lengths": lengths,
                   "kinds": kinds, "numbers": numbers}, f, indent=1)
    plot(lengths, kinds)
    print("written: %s/bench/growth.json, growth.svg" % sys.argv[1])
    return bad


sys.exit(1 if main() else 0)
