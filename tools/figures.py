#!/usr/bin/env python3
"""Prints the tables of MODEL_CARD.md, in Markdown, for one model or several beside each other.

    python3 tools/figures.py EMOFUSE DATA [MODEL ...]

EMOFUSE is the command line, DATA the folder with posts.csv, text.csv, captions.csv, behaviour.csv and reddit.csv, and each
MODEL a file or the word `large`; without any it is the default model and the large one. The commands that are run are
printed first.
"""

import argparse
import json
import shlex
import subprocess
from pathlib import Path

DEFAULT = "pkg/model/emofuse-default.emofuse"
DOMAINS = {
    "Reddit comments (GoEmotions)": ["--captions", "text.csv", "--source", "goemotions", "--split", "dev"],
    "film subtitles (XED)": ["--captions", "text.csv", "--source", "xed_en", "--split", "dev"],
    "tweets (SemEval-2018)": ["--captions", "text.csv", "--source", "semeval2018_Ec", "--split", "dev"],
    "captions written for training, dev": ["--captions", "captions.csv", "--split", "dev"],
    "Reddit titles, four labels, not trained on": [
        *["--posts", "reddit.csv", "--caption-column", "title", "--target-column", "emotion", "--modality", "caption"],
        *["--labels", "joy,fear,anger,disgust", "--split", "test"],
    ],
}
POSTS = ["--posts", "posts.csv", "--split", "test"]
INPUTS = {
    "image and caption": POSTS,
    "caption, image taken away": [*POSTS, "--modality", "caption"],
    "image, caption taken away, against the post's label": [*POSTS, "--modality", "image"],
    "image alone, against its own label": [*POSTS, "--modality", "image", "--target", "image"],
}
SUITE = ["--captions", "behaviour.csv", "--by", "capability"]
SEVERAL_LABELS = ["--text", "text.csv", "--source", "semeval2018_Ec", "--split", "dev"]


class Models:
    """Runs `emofuse evaluate` for each model."""

    def __init__(self, program, data, models):
        self.program, self.data, self.models = program, data, models

    def evaluate(self, arguments):
        """The JSON of each model, by its id."""
        arguments = [str(self.data / part) if part.endswith(".csv") else part for part in arguments]
        reports = []
        for model in self.models:
            command = [self.program, "evaluate", *arguments, "--model", model, "--json"]
            reports.append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
        return {report["model"]["id"]: report for report in reports}


def figure(value):
    return "–" if value is None else f"{value:.3f}".removeprefix("0")


def share(value):
    return "–" if value is None else f"{value:.0%}".replace("%", " %")


def table(head, rows):
    print("\n| " + " | ".join(head) + " |\n|" + " --- |" * len(head))
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")


def scores(report):
    selective = report["selective"]
    sure = [share(selective["coverage"]), figure(selective["accuracy"])]
    return [figure(report[key]) for key in ("accuracy", "macro_f1", "first_or_second", "ece")] + sure


SCORES = ["accuracy", "macro-F1", "first or second", "calibration error", "sure answers", "right where sure"]


def captions_alone(models):
    rows = []
    for name, arguments in DOMAINS.items():
        rows += [[name, id, report["n"], *scores(report)] for id, report in models.evaluate(arguments).items()]
    table(["captions alone", "model", "rows", *SCORES], rows)
    for id, report in models.evaluate(SEVERAL_LABELS).items():
        print(f"\nSemEval-2018 E-c, eight labels, dev, {id}: macro-F1 {figure(report['macro_f1'])} ({report['n']} tweets)")


def suite(models):
    reports = models.evaluate(SUITE)
    parts = ("accepted", "sure_and_wrong", "uncertain")
    head = [f"{id}: {part.replace('_', ' ')}" for id in reports for part in parts]
    first = next(iter(reports.values()))
    groups = sorted(first["by"], key=lambda name: -first["by"][name]["accepted"])
    rows = [["all", *(figure(report[part]) for report in reports.values() for part in parts)]]
    for name in groups:
        rows.append([name, *(f"{report['by'][name][part]:.2f}" for report in reports.values() for part in parts)])
    table(["capability", *head], rows)
    for id, report in reports.items():
        unsure = {name: group["neutral_or_uncertain"] for name, group in report["by"].items()}
        print(f"\nneutral or uncertain, {id}: facts {unsure['neutral fact']:.2f}, photo descriptions {unsure['photo description']:.2f}")


def posts(models):
    rows, of_both = [], {}
    for name, arguments in INPUTS.items():
        reports = models.evaluate(arguments)
        of_both = of_both or reports
        rows += [[name, id, report["n"], *scores(report)] for id, report in reports.items()]
    table(["input", "model", "posts", *SCORES], rows)
    for id, report in of_both.items():
        labels = report["per_class"].items()
        rows = [[name, *(f"{label[part]:.2f}" for part in ("precision", "recall", "f1")), label["support"]] for name, label in labels]
        table([f"{id}, image and caption", "precision", "recall", "F1", "posts"], rows)
        second = report["secondary"]
        print(f"\nsecond labels, {id}: {share(second['given'])} of answers, {figure(second['precision'])} right")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("emofuse")
    parser.add_argument("data", type=Path)
    parser.add_argument("models", nargs="*", metavar="MODEL", default=[DEFAULT, "large"])
    options = parser.parse_args()
    for arguments in [*DOMAINS.values(), SEVERAL_LABELS, SUITE, *INPUTS.values()]:
        arguments = [f"DATA/{part}" if part.endswith(".csv") else part for part in arguments]
        print(f"    emofuse evaluate {shlex.join(arguments)}")
    models = Models(options.emofuse, options.data, options.models)
    captions_alone(models)
    suite(models)
    posts(models)


if __name__ == "__main__":
    main()
