# SPDX-License-Identifier: Apache-2.0
"""A master that is killed with all its machines connected, which then all come at once."""
import pathlib
import re
import time

from agent_bench.figures import cpu_seconds
from demo_cluster.terminal import say
from master_bench.load import Echo

AT_ONCE = 64       # machines that turn to a server at a time where it is no storm
BARE_SHARE = 4     # of the machines every fourth shows what a handshake costs
BARE_LEAST = 500
GOAL = 1.5         # times what the handshakes alone take


def peak_bytes(pid):
    """The most that was ever resident."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"^VmHWM:\s+(\d+) kB", status, re.M).group(1)) * 1024


def bare_seconds(cluster, load, count, asked):
    """What the handshakes of so many machines take where a bare gRPC server answers them, and with
    each a poll: as many at a time as keep both sides busy."""
    reply = cluster.directory / "storm.reply"
    load.do("reply", cluster.address, "unchanged", reply)
    few = min(count, max(BARE_LEAST, count // BARE_SHARE))
    echo = Echo(cluster, asked.benches, reply)
    try:
        said = load.storm("come", echo.address, few, AT_ONCE).ended()
    finally:
        echo.stop()
    return (said["last_at"] - said["began_at"]) * count / few


def measure(cluster, load, count, asked, figures):
    bare = bare_seconds(cluster, load, count, asked)
    say(f"{count} machines connect; then the master is killed")
    storm = load.storm("return", cluster.address, count, AT_ONCE)
    storm.connected()
    killed = time.time()
    cluster.kill_master()
    cluster.serve_master()
    served = time.time()
    said = storm.ended()
    pid = cluster.masters[0].pid
    seconds = cpu_seconds(pid)
    figures.at_most("storm_lost", said["lost"], 0, "machines", machines=count)
    figures.at_most("storm_to_bare_handshakes", (said["last_at"] - killed) / bare, GOAL, "ratio",
                    machines=count, back_s=round(said["last_at"] - killed, 2),
                    half_back_s=round(said["half_at"] - killed, 2),
                    master_away_s=round(served - killed, 2), bare_handshakes_s=round(bare, 2),
                    shed=said["shed"], told_when=said["told_when"],
                    sent_away=said["sent_away"], found_nobody=said["found_nobody"],
                    unanswered=said["unanswered"],
                    master_peak_mib=round(peak_bytes(pid) / 2**20, 1),
                    master_cpu_s=round(seconds, 2))
    # Whoever is shed is told when to come again.
    figures.at_most("storm_shed_without_a_time", said["shed"] - said["told_when"], 0, "answers")
