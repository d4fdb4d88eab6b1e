#!/usr/bin/env python3
"""Labels a file of posts with PySpark: `spark_job.py SOURCE TARGET COMMAND...`, COMMAND being the filter."""

import shlex
import sys

from pyspark import SparkConf, SparkContext


def main():
    """Two executors of one core each; a part of the file that an executor loses is labelled again by another."""
    source, target, *command = sys.argv[1:]
    conf = SparkConf().setMaster("local-cluster[2,1,1024]").setAppName("emofuse")
    with SparkContext(conf=conf) as context:
        lines = context.textFile(f"file://{source}", minPartitions=16)
        lines.pipe(shlex.join(command), checkCode=True).saveAsTextFile(f"file://{target}")


if __name__ == "__main__":
    main()
