# SPDX-License-Identifier: Apache-2.0
"""A master under polls, beside a bare gRPC server with the same TLS, call and reply."""
import json
import statistics
import subprocess

from agent_bench.figures import cpu_seconds, memory
from agent_bench.machine import VERSION, publish
from demo_cluster import machines
from demo_cluster.cluster import Cluster
from demo_cluster.terminal import Failure, say

POLLING = 32      # machines at once, each on a connection of its own
CONNECTED = 300   # machines that are only connected
ROUNDS = 3        # of each server in turn, so that a busy moment meets both
# Kind of poll, least share of the bare server's calls, most of its processor time for a call.
KINDS = (("unchanged", 0.8, 1.25), ("changed", 0.7, None), ("mixed", 0.5, None))
LOAD_SHARE = 0.7


class Echo:
    """bench_echo with the master's own certificate; ends with its standard input."""

    def __init__(self, cluster, benches, reply):
        self.process = subprocess.Popen([benches / "bench_echo", cluster.master_directory, reply],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.pid = self.process.pid
        self.address = f"127.0.0.1:{int(self.process.stdout.readline())}"

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)


class Load:
    """bench_load with the machines of one directory."""

    def __init__(self, cluster, benches, directory):
        self.program = benches / "bench_load"
        self.ca = cluster.master_directory / "ca.pem"
        self.directory = directory

    def do(self, verb, address, *more, stdin=None):
        done = subprocess.run([self.program, verb, address, self.ca, self.directory,
                               *map(str, more)], input=stdin, capture_output=True, text=True,
                              check=False, timeout=600)
        if done.returncode != 0:
            raise Failure(f"bench_load {verb}: {done.stderr.strip()}")
        return done.stdout

    def run(self, address, pid, *more):
        """What bench_load says, and the server's processor time for a call in microseconds."""
        before = cpu_seconds(pid)
        said = json.loads(self.do("run", address, *more))
        said["cpu_us"] = 1e6 * (cpu_seconds(pid) - before) / said["calls"]
        return said

    def memory_of_connections(self, address, pid, count):
        """Bytes that the server needs for each connection that is only there."""
        before = memory(pid)[0]
        holding = subprocess.Popen([self.program, "hold", address, self.ca, self.directory],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            if holding.stdout.readline().strip() != "connected":
                raise Failure("bench_load could not connect all machines")
            return (memory(pid)[0] - before) / count
        finally:
            holding.stdin.close()
            holding.wait(timeout=60)


def enrol(cluster, benches, name, count):
    directory = cluster.directory / name
    directory.mkdir()
    tokens = cluster.run("ifrit-master", "join-token", "--dir", cluster.master_directory,
                         "--count", count).stdout
    load = Load(cluster, benches, directory)
    load.do("enrol", cluster.address, stdin=tokens)
    return load


def release_something(cluster):
    """So that there is a desired state to be answered with."""
    publish(cluster, "exporter", machines.free_ports(1)[0])
    number = cluster.ctl_json("release", "create", "--agent", "exporter", "--types", "LINUX",
                              "--version", VERSION, "--reason", "bench")["number"]
    cluster.ctl("release", "start", number, "--confirm-count", POLLING, "--reason", "bench")


def compare(load, master, echo, kind, seconds):
    """(master's, echo's) rounds, taken in turn."""
    rounds = ([], [])
    for _ in range(ROUNDS):
        for server, kept in ((echo, rounds[1]), (master, rounds[0])):
            kept.append(load.run(server.address, server.pid, kind, seconds))
    return rounds


def median(rounds, key):
    return statistics.median(one[key] for one in rounds)


class Master:
    def __init__(self, cluster):
        self.address = cluster.address
        self.pid = cluster.master.pid


def measure_kind(cluster, load, asked, figures, kind, least, most_cpu):
    master = Master(cluster)
    reply = cluster.directory / f"{kind}.reply"
    load.do("reply", master.address, kind, reply)
    echo = Echo(cluster, asked.benches, reply)
    try:
        ours, bare = compare(load, master, echo, kind, asked.seconds)
        rate = median(ours, "per_second")
        figures.at_least(f"sync_{kind}_to_echo", rate / median(bare, "per_second"), least, "ratio",
                         calls_per_second=round(rate), reply_bytes=reply.stat().st_size)
        cpu = median(ours, "cpu_us"), median(bare, "cpu_us")
        if most_cpu is not None:
            figures.at_most(f"sync_{kind}_cpu_to_echo", cpu[0] / cpu[1], most_cpu, "ratio",
                            master_us=round(cpu[0], 1), echo_us=round(cpu[1], 1))
        if kind == "unchanged":
            at = LOAD_SHARE * rate
            tail = [load.run(server.address, server.pid, kind, asked.seconds, at)["p99_us"]
                    for server in (master, echo)]
            figures.at_most("sync_p99_at_70_percent_to_echo", tail[0] / tail[1], 1.5, "ratio",
                            master_us=round(tail[0]), echo_us=round(tail[1]),
                            calls_per_second=round(at))
    finally:
        echo.stop()


def measure_connections(cluster, load, asked, figures):
    master = Master(cluster)
    reply = cluster.directory / "unchanged.reply"
    echo = Echo(cluster, asked.benches, reply)
    try:
        ours = load.memory_of_connections(master.address, master.pid, CONNECTED)
        bare = load.memory_of_connections(echo.address, echo.pid, CONNECTED)
        figures.at_most("connection_memory_to_echo", ours / bare, 1.1, "ratio",
                        master_kib=round(ours / 1024, 1), echo_kib=round(bare / 1024, 1),
                        connections=CONNECTED)
    finally:
        echo.stop()


def measure(source, asked, figures):
    cluster = Cluster(source, asked.programs, None)
    try:
        cluster.make_master()
        cluster.add_publisher()
        cluster.serve_master()
        load = enrol(cluster, asked.benches, "polling", POLLING)
        say(f"{POLLING} machines poll, {asked.seconds} s a round")
        release_something(cluster)
        for kind, least, most_cpu in KINDS:
            measure_kind(cluster, load, asked, figures, kind, least, most_cpu)
        connected = enrol(cluster, asked.benches, "connected", CONNECTED)
        measure_connections(cluster, connected, asked, figures)
    finally:
        cluster.stop(keep=False)
