# SPDX-License-Identifier: Apache-2.0
"""A master under polls, beside a bare gRPC server with the same TLS, call and reply."""
import resource
import statistics
import time

from agent_bench.figures import cpu_percent
from agent_bench.machine import VERSION, publish
from demo_cluster import machines
from demo_cluster.cluster import Cluster
from demo_cluster.terminal import say, wait_for
from master_bench import storm
from master_bench.load import Echo, enrol

POLLING = 32      # machines at once, each on a connection of its own
CONNECTED = 300   # machines that are only connected
TOLD_TO_BARE = 2  # with the command, the commit and the composer before it
AT_REST_PERCENT = 20  # of a core
ROUNDS = 3        # of each server in turn, so that a busy moment meets both
# Kind of poll, least share of the bare server's calls, most of its processor time for a call.
KINDS = (("unchanged", 0.8, 1.25), ("changed", 0.7, None), ("mixed", 0.5, None))
LOAD_SHARE = 0.7
HELD_SECONDS = 2
# A tail swings with whatever else the kernel schedules: many short slices of both servers in turn.
SLICES = 80
SLICE_SECONDS = 0.25
HELD_SHARE = 0.98     # of the asked rate, for a server to have held it
BISECTIONS = 6


def draft(cluster, agent):
    """The number of a release that is ready to be started."""
    publish(cluster, agent, machines.free_ports(1)[0])
    return cluster.ctl_json("release", "create", "--agent", agent, "--types", "LINUX",
                            "--version", VERSION, "--reason", "bench")["number"]


def start(cluster, number, count):
    cluster.ctl("release", "start", number, "--confirm-count", count, "--reason", "bench")


def compare(load, master, echo, kind, seconds):
    """(master's, echo's) rounds, taken in turn."""
    rounds = ([], [])
    for _ in range(ROUNDS):
        for server, kept in ((echo, rounds[1]), (master, rounds[0])):
            kept.append(load.run(server.address, server.pid, kind, seconds))
    return rounds


def median(rounds, key):
    return statistics.median(one[key] for one in rounds)


def held_rate(load, server, kind, ceiling):
    """Most calls a second, up to `ceiling`, that come when they are due and are answered in time.

    Less than the same machines reach when each polls again at once: then one wake-up of a thread,
    here and in the server, serves many calls."""
    low, high = 0, ceiling
    for _ in range(BISECTIONS):
        asked = (low + high) / 2
        reached = load.run(server.address, server.pid, kind, HELD_SECONDS, asked)["per_second"]
        if reached >= HELD_SHARE * asked:
            low = asked
        else:
            high = asked
    return low


class Master:
    def __init__(self, cluster):
        self.address = cluster.address
        self.pid = cluster.masters[0].pid


class Tail:
    """Both servers at seven tenths of what the weaker of them holds."""

    def __init__(self, load, master, echo, kind, ceiling):
        # Right before: what a machine holds changes within minutes, and a tail grows fast with it.
        self.holds = [held_rate(load, server, kind, ceiling) for server in (master, echo)]
        self.rate = LOAD_SHARE * min(self.holds)
        taken = load.beside(master.address, echo.address, kind, SLICE_SECONDS, self.rate, SLICES)
        self.p50, self.p99 = taken["p50_us"], taken["p99_us"]

    def ratio(self):
        return self.p99[0] / self.p99[1]


def measure_tail(load, master, echo, kind, ceiling, figures):
    # In one of three a moment of the machine may fall upon one of the two.
    tails = [Tail(load, master, echo, kind, ceiling) for _ in range(ROUNDS)]
    middle = sorted(tails, key=Tail.ratio)[ROUNDS // 2]
    figures.at_most("sync_p99_at_70_percent_to_echo", middle.ratio(), 1.5, "ratio",
                    master_us=round(middle.p99[0]), echo_us=round(middle.p99[1]),
                    rounds=[round(tail.ratio(), 2) for tail in tails],
                    master_p50_us=round(middle.p50[0]), echo_p50_us=round(middle.p50[1]),
                    calls_per_second=round(middle.rate), master_holds=round(middle.holds[0]),
                    echo_holds=round(middle.holds[1]))


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
            measure_tail(load, master, echo, kind, rate, figures)
    finally:
        echo.stop()


def memory_of_machines(load, server):
    """Bytes for each connection alone, and for each connection with its Watch."""
    # The second come while the first are there: what those leave free would serve them.
    with load.holding("hold", server.address, server.pid, CONNECTED) as connection, \
            load.holding("watch", server.address, server.pid, CONNECTED) as machine:
        return connection, machine


def measure_connections(cluster, load, asked, figures):
    """What a connected machine holds is a connection with an idle Watch on it, at both servers."""
    echo = Echo(cluster, asked.benches, cluster.directory / "unchanged.reply")
    try:
        bare = memory_of_machines(load, echo)
    finally:
        echo.stop()
    # Where it enrolled them it would have room left of those connections.
    cluster.restart_master()
    ours = memory_of_machines(load, Master(cluster))
    for name, mine, least in zip(("connection", "connected_machine"), ours, bare):
        figures.at_most(f"{name}_memory_to_echo", mine / least, 1.1, "ratio",
                        master_kib=round(mine / 1024, 1), echo_kib=round(least / 1024, 1),
                        connections=CONNECTED)


def await_rest(server):
    """Until it is done with what came before: connections of thousands that all ended at once."""
    def rests():
        used = cpu_percent(server.pid, 1)
        return used < AT_REST_PERCENT, f"it takes {used:.0f} % of a core"
    wait_for("the master is at rest", rests, seconds=120)


def time_to_tell(load, server, tell):
    """Seconds from then until the last of the machines that hold a Watch has heard."""
    watching = load.watching(server.address)
    await_rest(server)
    clicked = time.time()
    tell()
    return watching.told() - clicked


def measure_told(cluster, load, asked, figures):
    """From the operator's command, beside a bare server that says it to as many."""
    echo = Echo(cluster, asked.benches, cluster.directory / "unchanged.reply")
    try:
        bare = time_to_tell(load, echo, echo.tell)
    finally:
        echo.stop()
    number = draft(cluster, "listener")
    machines_in_all = POLLING + CONNECTED + asked.machines
    told = time_to_tell(load, Master(cluster), lambda: start(cluster, number, machines_in_all))
    figures.at_most("click_to_all_told_to_bare", told / bare, TOLD_TO_BARE, "ratio",
                    machines=asked.machines, told_s=round(told, 2), bare_told_s=round(bare, 2))


def begin(cluster, asked):
    # One file for each connection, here and in the master that inherits it.
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    cluster.start_servers(asked.store, asked.cache)
    cluster.make_master()
    cluster.add_publisher()
    cluster.serve_master()


def measure_storm(source, asked, figures):
    """Nothing else."""
    cluster = Cluster(source, asked.programs, None)
    try:
        begin(cluster, asked)
        say(f"{asked.returning} machines enrol")
        load = enrol(cluster, asked.benches, "watching", asked.returning)
        # A release that runs meanwhile: the master has to judge what they report.
        start(cluster, draft(cluster, "exporter"), asked.returning)
        storm.measure(cluster, load, asked.returning, asked, figures)
    finally:
        cluster.stop(keep=False)


def measure(source, asked, figures):
    figures.run_bench(asked.benches / "bench_ring")
    figures.run_bench(asked.benches / "bench_release", "--store", asked.store,
                      "--cache", asked.cache)
    # Of a MariaDB of its own, whatever the master has: its measure is that server's bulk insert.
    figures.run_bench(asked.benches / "bench_ingest")
    cluster = Cluster(source, asked.programs, None)
    try:
        begin(cluster, asked)
        load = enrol(cluster, asked.benches, "polling", POLLING)
        say(f"{POLLING} machines poll, {asked.seconds} s a round")
        # So that there is a desired state to be answered with.
        start(cluster, draft(cluster, "exporter"), POLLING)
        for kind, least, most_cpu in KINDS:
            measure_kind(cluster, load, asked, figures, kind, least, most_cpu)
        connected = enrol(cluster, asked.benches, "connected", CONNECTED)
        measure_connections(cluster, connected, asked, figures)
        say(f"{asked.machines} machines enrol and listen")
        watching = enrol(cluster, asked.benches, "watching", max(asked.machines, asked.returning))
        measure_told(cluster, watching, asked, figures)
        storm.measure(cluster, watching, asked.returning, asked, figures)
    finally:
        cluster.stop(keep=False)
