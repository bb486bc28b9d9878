"""scikit-learn's textbook pipeline: tfidf.py train|judge MODEL [FILE]

TF-IDF over 3- to 5-grams of characters within words, and logistic
regression. `train` reads FILE in fastText's format; `judge` reads NDJSON
from stdin and prints a score a line.
"""

import json
import pickle
import sys

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

AT_ONCE = 1000


def train(model, name):
    labels, texts = [], []
    with open(name, encoding="utf-8") as f:
        for line in f:
            label, _, text = line.rstrip("\n").partition(" ")
            labels.append(label == "__label__spam")
            texts.append(text)
    pipeline = make_pipeline(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5),
                        max_features=1 << 18, sublinear_tf=True),
        LogisticRegression(C=10, max_iter=200))
    pipeline.fit(texts, labels)
    with open(model, "wb") as f:
        pickle.dump(pipeline, f)


def judge(model):
    with open(model, "rb") as f:
        pipeline = pickle.load(f)
    batch = []
    for line in sys.stdin:
        batch.append(json.loads(line)["text"])
        if len(batch) == AT_ONCE:
            report(pipeline, batch)
            batch = []
    if batch:
        report(pipeline, batch)


def report(pipeline, batch):
    print("\n".join("%.6f" % s for s in pipeline.decision_function(batch)))


if sys.argv[1] == "train":
    train(sys.argv[2], sys.argv[3])
else:
    judge(sys.argv[2])
