# SPDX-License-Identifier: Apache-2.0
"""A master that is killed with all its machines connected, which then all come at once."""
import pathlib
import re
import time

from agent_bench.figures import cpu_seconds
from demo_cluster.terminal import say
from master_bench.load import Echo

AT_ONCE = 64       # machines that turn to a server at a time where it is no storm
GOAL = 1.5         # times what a bare gRPC server takes


def peak_bytes(pid):
    """The most that was ever resident."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"^VmHWM:\s+(\d+) kB", status, re.M).group(1)) * 1024


def through(load, kind, address, count, kill, serve):
    """What bench_storm says of it, and the seconds from the kill until the server serves again,
    until half of the machines and until the last one have their answer."""
    machines = load.storm(kind, address, count, AT_ONCE)
    machines.connected()
    killed = time.time()
    kill()
    serve()
    served = time.time()
    said = machines.ended()
    return said, [at - killed for at in (served, said["half_at"], said["last_at"])]


def bare(cluster, load, count, asked):
    """The same against a server that keeps nothing: handshakes, polls and Watches alone."""
    reply = cluster.directory / "storm.reply"
    load.do("reply", cluster.address, "unchanged", reply)
    echo = Echo(cluster, asked.benches, reply)
    try:
        said, seconds = through(load, "bare", echo.address, count, echo.kill, echo.serve)
        return said, seconds, cpu_seconds(echo.pid)
    finally:
        echo.stop()


def measure(cluster, load, count, asked, figures):
    say(f"{count} machines connect to a bare server; then it is killed")
    echoed, echo_seconds, echo_cpu = bare(cluster, load, count, asked)
    say(f"{count} machines connect to the master; then it is killed")
    said, seconds = through(load, "master", cluster.address, count, cluster.kill_master,
                            cluster.serve_master)
    pid = cluster.masters[0].pid
    cpu = cpu_seconds(pid)
    figures.at_most("storm_lost", said["lost"], 0, "machines", machines=count,
                    bare_lost=echoed["lost"])
    figures.at_most("storm_to_bare_server", seconds[2] / echo_seconds[2], GOAL, "ratio",
                    machines=count, back_s=round(seconds[2], 2), half_back_s=round(seconds[1], 2),
                    away_s=round(seconds[0], 2), bare_back_s=round(echo_seconds[2], 2),
                    bare_half_back_s=round(echo_seconds[1], 2),
                    **{key: said[key] for key in ("shed", "told_when", "sent_away", "found_nobody",
                                                  "unanswered")},
                    bare_sent_away=echoed["sent_away"], bare_unanswered=echoed["unanswered"],
                    master_peak_mib=round(peak_bytes(pid) / 2**20, 1),
                    master_cpu_s=round(cpu, 2), bare_cpu_s=round(echo_cpu, 2))
    # Whoever is shed is told when to come again.
    figures.at_most("storm_shed_without_a_time", said["shed"] - said["told_when"], 0, "answers")
