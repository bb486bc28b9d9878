#!/usr/bin/env python3
"""Beside others: compare.py BUILD [ROUNDS]

The same comments through sluice and through what else there is, on this
machine, in one run: speed, memory, start, and quality when each is trained
on the same rows. What is not installed is skipped with a word.

Speed is processor seconds, not time by the clock, for other programs may run
at the same time; every round goes once through all, and the median counts.
What a program takes to judge one comment is its start, and taken off.

With the labelled comments (SLUICE_DATA, or ../shared/data) the rows come
from them, and quality is that on sources no one was trained with. Without,
what was written for sluice and lies in training/data serves, one file left
out.

Writes BUILD/bench/compare.json and .svg; prints a table.
"""

import json
import os
import random
import shutil
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
TOP = os.path.join(HERE, "..", "..")
BUILD = os.path.realpath(sys.argv[1])
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
WORK = os.path.join(BUILD, "bench", "work")

LENGTH = 325      # bytes of a comment, on average
SPEED_ROWS = 20000
SLOW_ROWS = 400   # for what takes milliseconds
MIN_LONG = 200    # shorter ones are thinned out until the average is right

TRAIN = [         # file, most spam, most ham
    ("train/wp_midonet_early", 194, 50), ("train/wp_misc_spam", 50, 0),
    ("train/blog_haacked_leaked_spam", 130, 0),
    ("train/blog_spintax_expanded", 400, 0),
    ("train/youtube_scam_2022", 450, 450),
    ("train/telegram_tgspam", 176, 438), ("train/ham_haacked_blog", 0, 1200),
    ("train/impermium_insults.train", 0, 500),
    ("train/civil_toxicspans", 0, 500),
    ("written/news", 400, 400), ("written/tech", 400, 400),
    ("written/lifestyle", 400, 400), ("written/money-sport", 400, 400),
]
TEST = ["bench/youtube_tubespam.test", "bench/sms_spam.last70"]
TRAIN_OWN = [("written/" + n, 400, 400)
             for n in ("news", "tech", "lifestyle", "languages", "pairs")]
TEST_OWN = ["written/money-sport"]


def find_data():
    for path in (os.environ.get("SLUICE_DATA"),
                 os.path.join(TOP, "..", "shared", "data")):
        if path and os.path.isdir(os.path.join(path, "train")):
            return path, TRAIN, TEST
    return os.path.join(TOP, "training", "data"), TRAIN_OWN, TEST_OWN


def read(data, name):
    with open(os.path.join(data, name + ".ndjson"), encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def plain(row):
    """The text on one line, as the programs for plain text want it."""
    return " ".join(row["text"].split()) or "-"


def training_rows(data, train):
    rows = []
    for name, spam, ham in train:
        all_rows = read(data, name)
        random.Random(name).shuffle(all_rows)
        rows += [r for r in all_rows if r["label"] == "spam"][:spam]
        rows += [r for r in all_rows if r["label"] == "ham"][:ham]
    random.Random(1).shuffle(rows)
    return rows


def speed_rows(data, public):
    """Comments of LENGTH bytes on average, short ones thinned out."""
    lot = random.Random(2)
    if public:
        rows = [r for name in sorted(os.listdir(os.path.join(data, "bench")))
                for r in read(data, "bench/" + name[:-len(".ndjson")])]
    else:
        rows = [r for n in ("news", "tech", "lifestyle", "money-sport")
                for r in read(data, "written/" + n)]
    lot.shuffle(rows)
    size = [len(r["text"].encode()) for r in rows]
    long_ones = [s for s in size if s >= MIN_LONG]
    short = [s for s in size if s < MIN_LONG]
    keep = 1.0
    if long_ones and short and statistics.mean(size) < LENGTH:
        gap = sum(long_ones) - LENGTH * len(long_ones)
        keep = max(0.0, gap / (LENGTH * len(short) - sum(short)))
    rows = [r for r, s in zip(rows, size)
            if s >= MIN_LONG or lot.random() < keep]
    rows = rows[:SPEED_ROWS]
    while len(rows) < SPEED_ROWS:
        rows += rows[:SPEED_ROWS - len(rows)]
    return rows


def path(name):
    return os.path.join(WORK, name)


def write_lines(name, lines):
    with open(path(name), "w", encoding="utf-8") as f:
        f.writelines(line + "\n" for line in lines)


def write_rows(stem, rows):
    """The same rows as everybody wants them."""
    texts = [plain(r) for r in rows]
    write_lines(stem + ".ndjson", (json.dumps(r, ensure_ascii=False)
                                   for r in rows))
    write_lines(stem + ".txt", texts)
    write_lines(stem + ".ft", ("__label__%s %s" % (
        "spam" if r["label"] == "spam" else "ham", t)
        for r, t in zip(rows, texts)))
    for kind in ("spam", "ham"):
        write_mbox("%s.%s" % (stem, kind),
                   [t for r, t in zip(rows, texts)
                    if (r["label"] == "spam") == (kind == "spam")])
    write_mbox(stem + ".mbox", texts)


def write_mbox(name, texts):
    write_lines(name, ("From a@example.com Thu Jan  1 00:00:00 2026\n"
                       "Subject: comment\n\n %s\n" % t for t in texts))


def run(command, stdin=None, stdout=None):
    """Processor seconds, seconds by the clock, MiB at the peak, exit code."""
    out = subprocess.run(
        [sys.executable, "-S", "-E", os.path.join(HERE, "measure.py"),
         stdin or os.devnull, stdout or os.devnull] + command,
        stdout=subprocess.PIPE, check=True).stdout
    cpu, wall, peak, code = out.split()
    return float(cpu), float(wall), float(peak), int(code)


def output(command, stdin=None):
    with open(stdin or os.devnull, "rb") as given:
        return subprocess.run(command, stdin=given, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL,
                              check=False).stdout.decode("utf-8", "replace")


def quality(scores, rows):
    """AUC, and recall at 1 % of the ham marked."""
    if len(scores) != len(rows):
        return None, None
    pairs = sorted(zip(scores, (r["label"] == "spam" for r in rows)))
    spam = sum(s for _, s in pairs)
    ham = len(pairs) - spam
    rank = 0.0
    at = 0
    while at < len(pairs):
        end = at
        while end < len(pairs) and pairs[end][0] == pairs[at][0]:
            end += 1
        rank += sum(s for _, s in pairs[at:end]) * (at + end + 1) / 2
        at = end
    auc = (rank - spam * (spam + 1) / 2) / (spam * ham)
    hams = sorted((p for p, s in pairs if not s), reverse=True)
    limit = hams[min(len(hams) - 1, ham // 100)]
    return auc, sum(1 for p, s in pairs if s and p > limit) / spam


def python_with_sklearn():
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import sklearn"], check=False,
                          stderr=subprocess.DEVNULL).returncode == 0:
            return python
    return None


class Rival:
    """A program: what it needs, how it learns, judges, and scores."""

    def __init__(self, name, command, stem="speed", suffix=".ndjson",
                 rows=SPEED_ROWS, stdin=True):
        self.name = name
        self.command = command
        self.suffix = suffix
        self.stem = stem
        self.rows = rows
        self.stdin = stdin
        self.cpu, self.wall, self.start, self.start_wall = [], [], [], []
        self.peak = 0.0
        self.auc = self.recall = None

    def once(self, stem):
        given = path(stem + self.suffix)
        command = [given if c == "IN" else c for c in self.command]
        return run(command, given if self.stdin else None)

    def round(self):
        cpu, wall, peak, code = self.once(self.stem)
        if code not in (0, 1, 2):
            print("%s: ended with %d" % (self.name, code), file=sys.stderr)
        self.cpu.append(cpu)
        self.wall.append(wall)
        self.peak = max(self.peak, peak)
        cpu, wall, _, _ = self.once("one")
        self.start.append(cpu)
        self.start_wall.append(wall)

    def result(self, size):
        cpu = statistics.median(self.cpu) - statistics.median(self.start)
        wall = statistics.median(self.wall) - statistics.median(self.start_wall)
        per_s = (self.rows - 1) / max(cpu, 1e-4)
        return {"name": self.name, "comments_per_s": round(per_s),
                "mb_per_s": round(per_s * size / 1e6, 2),
                "comments_per_s_wall": round((self.rows - 1)
                                             / max(wall, 1e-4)),
                "peak_mib": round(self.peak, 1),
                "start_ms": round(1000 * statistics.median(self.start), 1),
                "auc": self.auc, "recall_at_1": self.recall}


def sluice():
    rival = Rival("sluice judge", [os.path.join(BUILD, "sluice"), "judge"])
    out = output([os.path.join(BUILD, "evaluate"), "--train",
                  path("train.ndjson"), path("test.ndjson")])
    for line in out.splitlines():
        cell = line.split()
        if cell and cell[0] == "all":
            rival.auc, rival.recall = float(cell[3]), float(cell[7]) / 100
    return [rival, Rival("sluice judge --jobs 2", rival.command
                         + ["--jobs", "2"])]


def floors():
    return [Rival("floor, 2^%s, %s-%s" % a,
                  [os.path.join(BUILD, "bench", "floor"), *a], suffix=".txt")
            for a in (("20", "3", "5"), ("18", "2", "5"), ("16", "3", "5"))]


def bogofilter(test):
    if not shutil.which("bogofilter"):
        return missing("bogofilter", "bogofilter")
    home = path("bogofilter")
    shutil.rmtree(home, ignore_errors=True)
    os.mkdir(home)
    base = ["bogofilter", "-C", "-d", home, "-M"]
    run(base + ["-s", "-I", path("train.spam")])
    run(base + ["-n", "-I", path("train.ham")])
    rival = Rival("bogofilter", base + ["-T", "-I", "IN"], suffix=".mbox",
                  stdin=False)
    lines = output(base + ["-T", "-I", path("test.mbox")]).splitlines()
    scores = [float(line.split()[-1]) for line in lines if line.split()]
    rival.auc, rival.recall = quality(scores, test)
    return [rival]


def fasttext(test):
    if not shutil.which("fasttext"):
        return missing("fasttext", "fasttext")
    model = path("fasttext.bin")
    run(["fasttext", "supervised", "-input", path("train.ft"), "-output",
         model[:-4], "-minn", "3", "-maxn", "5", "-wordNgrams", "2",
         "-bucket", str(1 << 18), "-dim", "50", "-epoch", "20", "-thread",
         "1"])
    rival = Rival("fastText", ["fasttext", "predict-prob", model, "IN", "2"],
                  suffix=".txt", stdin=False)
    scores = []
    for line in output(["fasttext", "predict-prob", model, path("test.txt"),
                        "2"]).splitlines():
        cell = line.split()
        p = dict(zip(cell[::2], cell[1::2]))
        scores.append(float(p.get("__label__spam", 0)))
    rival.auc, rival.recall = quality(scores, test)
    return [rival]


def sklearn(test):
    python = python_with_sklearn()
    if not python:
        return missing("scikit-learn", "python3-sklearn")
    script = os.path.join(HERE, "tfidf.py")
    model = path("tfidf.pickle")
    run([python, script, "train", model, path("train.ft")])
    rival = Rival("scikit-learn TF-IDF", [python, script, "judge", model],
                  suffix=".ndjson")
    scores = output([python, script, "judge", model],
                    path("test.ndjson")).split()
    rival.auc, rival.recall = quality([float(s) for s in scores], test)
    return [rival]


def svm_predict():
    if not shutil.which("svm-predict"):
        return missing("svm-predict", "libsvm-tools")
    stages = os.path.join(BUILD, "bench", "stages")
    for stem in ("few", "slow", "one"):
        run([stages, "--vectors"], path(stem + ".ndjson"),
            path(stem + ".svm"))
    run(["svm-train", "-q", "-t", "0", path("few.svm"), path("few.model")])
    return [Rival("svm-predict, same vectors",
                  ["svm-predict", "-q", "IN", path("few.model"),
                   os.devnull], "slow", ".svm", SLOW_ROWS, False)]


def missing(name, package):
    print("%s: not installed (Debian's %s); skipped" % (name, package))
    return []


def stages():
    lines = output([os.path.join(BUILD, "bench", "stages")],
                   path("speed.ndjson")).split("\n")
    return {k: int(v) for k, v in (line.split() for line in lines if line)}


def print_table(results, at_floor):
    print("%-28s %10s %7s %9s %8s %6s %6s %7s" % (
        "", "comments/s", "MB/s", "x floor", "peak MiB", "start", "AUC",
        "r@1%"))
    for r in results:
        print("%-28s %10d %7.1f %9.3f %8.1f %4.0fms %6s %7s" % (
            r["name"], r["comments_per_s"], r["mb_per_s"],
            r["comments_per_s"] / at_floor, r["peak_mib"], r["start_ms"],
            "" if r["auc"] is None else "%.3f" % r["auc"],
            "" if r["recall_at_1"] is None
            else "%.1f%%" % (100 * r["recall_at_1"])))


def plot(results):
    if not shutil.which("gnuplot"):
        missing("gnuplot", "gnuplot-nox")
        return
    write_lines("compare.dat", ('"%s" %d' % (r["name"], r["comments_per_s"])
                                for r in reversed(results)))
    script = """
set terminal svg size 800,420 font "sans,13"
set output "%s"
set logscale x
set xlabel "comments of 325 bytes a second, one core (logarithmic)"
set style fill solid 0.8
set boxwidth 0.3
set yrange [-0.7:%f]
set lmargin 26
set nokey
set grid x
plot "%s" using ($2/2):0:(0):2:($0-0.3):($0+0.3):ytic(1) \\
        with boxxyerror lc rgb "#336699", \\
     "" using 2:0:2 with labels left offset 0.5,0
""" % (os.path.join(BUILD, "bench", "compare.svg"), len(results) - 0.3,
       path("compare.dat"))
    subprocess.run(["gnuplot"], input=script.encode(), check=False)


def main():
    data, train, test_names = find_data()
    public = train is TRAIN
    os.makedirs(WORK, exist_ok=True)
    rows = training_rows(data, train)
    test = [r for name in test_names for r in read(data, name)]
    speed = speed_rows(data, public)
    size = statistics.mean(len(r["text"].encode()) for r in speed)
    for stem, some in (("train", rows), ("test", test), ("speed", speed),
                       ("few", rows[:1500]), ("slow", speed[:SLOW_ROWS]),
                       ("one", speed[:1])):
        write_rows(stem, some)
    print("%d comments of %.0f bytes; %d training rows, %d to test on%s" % (
        len(speed), size, len(rows), len(test),
        "" if public else " (the bundled ones)"))
    rivals = (floors() + sluice() + bogofilter(test) + fasttext(test)
              + sklearn(test) + svm_predict())
    for _ in range(ROUNDS):
        for rival in rivals:
            rival.round()
    results = [r.result(size) for r in rivals]
    at_floor = results[1]["comments_per_s"]
    print_table(results, at_floor)
    by_name = {r["name"]: r for r in results}
    one, two = by_name["sluice judge"], by_name["sluice judge --jobs 2"]
    took = stages()
    print("by the clock, two jobs are %.2f times one" % (
        two["comments_per_s_wall"] / one["comments_per_s_wall"]))
    print("ns a comment: " + ", ".join(
        "%s %d" % (k, v) for k, v in took.items() if k != "entries")
        + "; entries of a vector: %d" % took["entries"])
    with open(os.path.join(BUILD, "bench", "compare.json"), "w",
              encoding="utf-8") as f:
        json.dump({"bytes": size, "results": results, "stages_ns": took}, f,
                  indent=1)
    plot(results)
    print("written: %s/bench/compare.json, compare.svg" % sys.argv[1])


main()
