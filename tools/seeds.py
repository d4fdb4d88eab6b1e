#!/usr/bin/env python3
"""Trains a recipe from several seeds and prints the mean and the deviation of what MODEL_CARD.md reports, in Markdown.

    python3 tools/seeds.py EMOFUSE DATA RECIPE OUT [--seeds 7 8 9 10 11] [--jobs N] [--teacher FOLDER]

EMOFUSE is the command line, DATA the folder with the tables, RECIPE a file such as recipes/default.toml. Each model and
what `emofuse train` says of it are kept in OUT; a seed of which both are there already is not trained again.
"""

import argparse
import json
import re
import statistics
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from figures import DOMAINS, INPUTS, SEVERAL_LABELS, SUITE, Models, figure, table


def train(options, seed):
    """The model file of a seed, and what training said of it."""
    text = re.sub(r"(?m)^seed = .*$", f"seed = {seed}", options.recipe.read_text())
    text = re.sub(r'(?m)^id = "(.*)"$', rf'id = "\1, seed {seed}"', text)
    start = options.out / f"{options.recipe.stem}-{seed}"
    model, said, recipe = (start.with_suffix(end) for end in (".emofuse", ".json", ".toml"))
    recipe.write_text(text)
    if not said.exists():  # it is written last
        command = [options.emofuse, "train", "--data", options.data, "--recipe", recipe, "--out", model]
        command += ["--teacher", options.teacher] if options.teacher else []
        with open(start.with_suffix(".log"), "w") as log:
            said.write_bytes(subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=log).stdout)
    return model, json.loads(said.read_text())


def measures(options, model, trained):
    """Everything that is reported of a model, by its name."""
    models = Models(options.emofuse, options.data, [model])

    def report(arguments):
        (only,) = models.evaluate(arguments).values()
        return only

    found = {}
    suite = report(SUITE)
    found["behavioural suite: accepted"] = suite["accepted"]
    found["behavioural suite: sure and wrong"] = suite["sure_and_wrong"]
    found["behavioural suite: uncertain"] = suite["uncertain"]
    for name in ("negated positive", "negated negative", "irony"):
        found[f"{name}: accepted"] = suite["by"][name]["accepted"]
    for name in ("neutral fact", "photo description"):
        found[f"{name}: neutral or uncertain"] = suite["by"][name]["neutral_or_uncertain"]
    for name, arguments in DOMAINS.items():
        scores = report(arguments)
        found[f"{name}: accuracy"] = scores["accuracy"]
        found[f"{name}: macro-F1"] = scores["macro_f1"]
        found[f"{name}: calibration error"] = scores["ece"]
    found["SemEval-2018 E-c, eight labels: macro-F1"] = report(SEVERAL_LABELS)["macro_f1"]
    of_posts = {name: report(arguments) for name, arguments in INPUTS.items()}
    for name, scores in of_posts.items():
        found[f"{name}: accuracy"] = scores["accuracy"]
        found[f"{name}: macro-F1"] = scores["macro_f1"]
    both, *alone = (of_posts[name] for name, arguments in INPUTS.items() if "--target" not in arguments)
    found["image and caption: first or second label"] = both["first_or_second"]
    found["image and caption: calibration error"] = both["ece"]
    found["image and caption: right where sure"] = both["selective"]["accuracy"]
    found["gain over the better side, macro-F1"] = both["macro_f1"] - max(side["macro_f1"] for side in alone)
    dev = trained["dev"]
    found["posts of dev, before the refit: accuracy"], found["posts of dev, before the refit: macro-F1"] = dev["both"]
    better = max(dev[side][1] for side in ("caption", "image"))
    found["posts of dev: gain over the better side, macro-F1"] = dev["both"][1] - better
    oasis = trained["images_cross_validated"]["oasis"]
    found["OASIS, themes left out: r with human valence"] = oasis["valence_r"]
    found["OASIS, themes left out: macro-F1"] = oasis["macro_f1"]
    found["OASIS, themes left out: right where sure"] = oasis["right_where_sure"]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("emofuse")
    parser.add_argument("data", type=Path)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=[7, 8, 9, 10, 11])
    parser.add_argument("--jobs", type=int, default=1, help="how many are trained at a time")
    parser.add_argument("--teacher", type=Path, help="as for `emofuse train`")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(options.jobs) as pool:
        trained = list(pool.map(lambda seed: train(options, seed), options.seeds))
    found = [measures(options, model, said) for model, said in trained]
    rows = []
    for name in found[0]:
        values = [row[name] for row in found]
        deviation = statistics.stdev(values) if len(values) > 1 else None
        rows.append([name, figure(statistics.mean(values)), figure(deviation), *map(figure, values)])
    table([options.recipe.stem, "mean", "deviation", *(f"seed {seed}" for seed in options.seeds)], rows)


if __name__ == "__main__":
    main()
