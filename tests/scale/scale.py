#!/usr/bin/env python3
"""Checks that `emofuse label -` works beyond one process, and measures how it grows.

    ./build.sh scale [growth] [parallel] [spark]

growth: the time and memory of 1,000, 10,000 and 100,000 captions in one process. parallel: GNU parallel cuts a file into
pieces, one process a core. spark: `RDD.pipe` on a local cluster of two executors, one of which is killed during the run.
Each compares its rows with those of one process, and fails where a post is missing, stands twice or has another row.
"""

import argparse
import json
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).parent
PARTS = ("growth", "parallel", "spark")

PEOPLE = ("my sister", "the neighbours", "our team", "an old friend", "nobody", "my boss", "the whole town", "a stranger")
DEEDS = ("came home", "lost the keys", "won the match", "cried", "laughed all night", "left", "waited", "told the truth")
ENDS = ("and it was lovely", "again", "😡", "what a day", "I am so proud", "and I miss her", "how disgusting", "#finally")


def posts(count):
    """Lines of posts, each with another caption."""
    for number in range(count):
        person, deed = PEOPLE[number % 8], DEEDS[number // 8 % 8]
        caption = f"{person} {deed} {ENDS[number // 64 % 8]}, {number}"
        yield json.dumps({"id": f"post {number}", "caption": caption}, ensure_ascii=False)


def write(path, count):
    path.write_text("".join(f"{line}\n" for line in posts(count)), encoding="utf-8")


def command(program, model):
    return [program, "label", "-", "--format", "jsonl", "--threads", "1", *(["--model", model] if model else [])]


def run(arguments, source, target):
    """Runs a filter on files; its seconds, and the most memory that it took, in MB."""
    with source.open("rb") as given, target.open("wb") as taken:
        started = time.monotonic()
        process = subprocess.Popen(arguments, stdin=given, stdout=taken)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
    if status != 0:
        sys.exit(f"scale: {arguments[0]} ended with status {status}")
    return seconds, usage.ru_maxrss / 1000


def same_rows(found, expected):
    """Whether both files have the same rows in the same order."""
    with found.open("rb") as one, expected.open("rb") as other:
        return list(one) == list(other)


def growth(arguments, folder, rounds=3):
    """Linear where ten times the posts take at most 1.1 times ten times the time beyond the start, in the same memory."""
    counts = (1_000, 10_000, 100_000)
    for count in counts:
        write(folder / f"{count}.jsonl", count)
    (folder / "0.jsonl").write_text("")
    times, memory = {count: [] for count in (0, *counts)}, {}
    for _ in range(rounds):
        for count, seconds in times.items():
            taken, memory[count] = run(arguments, folder / f"{count}.jsonl", folder / f"{count}.rows")
            seconds.append(taken)
    start = min(times[0])
    each = {count: (min(times[count]) - start) / count for count in counts}
    print("| captions | seconds: minimum | median | ms a caption beyond the start | memory, MB |")
    print("| --- | --- | --- | --- | --- |")
    for count in counts:
        seconds = times[count]
        print(
            f"| {count:,} | {min(seconds):.2f} | {statistics.median(seconds):.2f} |"
            f" {1000 * each[count]:.3f} | {memory[count]:.0f} |"
        )
    rows = sum(1 for _ in (folder / "100000.rows").open("rb"))
    return rows == 100_000 and each[100_000] <= 1.1 * each[10_000] and memory[100_000] <= 1.1 * memory[1_000]


def parallel(arguments, folder):
    """GNU parallel: blocks of the file, one process a core, the rows in the order of the posts."""
    source, expected, found = folder / "posts.jsonl", folder / "expected.rows", folder / "parallel.rows"
    write(source, 20_000)
    alone, _ = run(arguments, source, expected)
    piped = ["parallel", "--will-cite", "--pipe", "--keep-order", "--block", "200k", "--quote", *arguments]
    together, _ = run(piped, source, found)
    print(f"20,000 captions: {together:.1f} s by GNU parallel on {os.cpu_count()} cores, {alone:.1f} s in one process")
    return same_rows(found, expected)


def spark(arguments, folder):
    """PySpark: every post once, though an executor is killed while it works."""
    source, expected, found = folder / "posts.jsonl", folder / "expected.rows", folder / "spark"
    write(source, 40_000)
    run(arguments, source, expected)
    killed = []

    def kill():
        """Kills an executor once some rows are written and it works on others."""
        while not killed and not done.is_set():
            executors = processes("CoarseGrainedExecutorBackend")
            if executors and any(found.glob("_temporary/**/part-*")):
                os.kill(executors[0], signal.SIGKILL)
                killed.append(executors[0])
            time.sleep(0.05)

    done = threading.Event()
    killer = threading.Thread(target=kill)
    killer.start()
    job = [sys.executable, str(HERE / "spark_job.py"), str(source), str(found), *arguments]
    status = subprocess.run(job, check=False).returncode
    done.set()
    killer.join()
    rows = b"".join(part.read_bytes() for part in sorted(found.glob("part-*")))
    is_same = rows == expected.read_bytes()
    print(f"40,000 captions: job {status}, {len(killed)} executor killed, {rows.count(10):,} rows, the same: {is_same}")
    return status == 0 and len(killed) == 1 and is_same


def processes(name):
    """Processes whose command line has a name."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and name.encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            pass  # it has ended
    return found


def main():
    """Runs the parts that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the command line, emofuse")
    parser.add_argument("parts", nargs="*", help=f"the parts to run, of {', '.join(PARTS)}; all unless some are named")
    parser.add_argument("--model", help="a model file instead of the default one")
    options = parser.parse_intermixed_args()
    unknown = [part for part in options.parts if part not in PARTS]
    if unknown:
        parser.error(f"there is no part {unknown[0]}; there are {', '.join(PARTS)}")
    program = str(Path(options.program).resolve())
    checks = {"growth": growth, "parallel": parallel, "spark": spark}
    failed = 0
    for part in options.parts or PARTS:
        folder = Path(tempfile.mkdtemp(prefix="emofuse-scale-"))
        try:
            holds = checks[part](command(program, options.model), folder)
        finally:
            shutil.rmtree(folder)
        print(f"{'holds' if holds else 'FAILS'}  {part}")
        failed += not holds
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
