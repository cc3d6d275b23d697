# SPDX-License-Identifier: Apache-2.0
"""What the end-to-end tests share: where tree and programs are, one cluster, and cases that are
played on it in their order. Run as `python3 TEST.py SOURCE PROGRAMS`."""
import pathlib
import sys

SOURCE = pathlib.Path(sys.argv[1])
PROGRAMS = pathlib.Path(sys.argv[2])
sys.path.insert(0, str(SOURCE / "tools"))

from demo_cluster import packages  # noqa: E402
from demo_cluster.cluster import Cluster  # noqa: E402
from demo_cluster.terminal import Failure  # noqa: E402

CASES = []


def case(function):
    CASES.append(function)
    return function


def play(build, stop):
    """Plays every case on what `build()` gives; `stop(failed)` ends it. Gives the exit code."""
    failed = 1  # until it is built
    try:
        cluster = build()
        failed = 0
        for function in CASES:
            try:
                function(cluster)
                print(f"PASS {function.__name__}", flush=True)
            except Failure as failure:
                failed += 1
                print(f"FAIL {function.__name__}: {failure}", flush=True)
    finally:
        stop(failed)
    print(f"{len(CASES) - failed} passed, {failed} failed")
    return 1 if failed else 0


def play_on(planned, prepare=None, versions=("v1",)):
    """play() on one master with the `planned` machines and the demo's packages of these `versions`,
    after `prepare`."""
    cluster = Cluster(SOURCE, PROGRAMS, None)

    def build():
        cluster.make_master()
        cluster.add_publisher()
        cluster.serve_master()
        cluster.start_machines(planned)
        packages.publish_all(cluster, versions)
        if prepare:
            prepare(cluster)
        return cluster
    return play(build, lambda failed: cluster.stop(keep=failed > 0))
