# SPDX-License-Identifier: Apache-2.0
"""One machine with a real guard, ifrit-agent and node_exporters, at rest."""
import http.client
import pathlib
import subprocess
import time

from agent_bench.figures import cpu_percent, memory
from demo_cluster import machines, packages
from demo_cluster.cluster import Cluster, finish, terminate
from demo_cluster.terminal import Failure, say, wait_for

MIB = 1024 * 1024
MANAGED_AGENTS = 10
POLL_MS = 30_000
SETTLE_SECONDS = 30  # after the last work: reports and freed memory are over by then
FIRST_SCAN_SECONDS = 660
VERSION = "1.5.0"


class IdleMachine(machines.Machine):
    """Polls as in operation: the demo's machines come every second."""

    def config(self, *arguments):
        return super().config(*arguments).replace("max_poll_ms = 1000", f"max_poll_ms = {POLL_MS}")


def publish(cluster, name, port):
    """A package of node_exporter under an own name and port, with a probe each 10 s."""
    source = cluster.directory / "packages" / name
    source.parent.mkdir(exist_ok=True)
    done = subprocess.run(
        [cluster.source / "tools/package-from-deb", "--deb", packages.download(cluster), "--out",
         source, "--name", name, "--version", VERSION, "--types", "LINUX", "--start",
         f"{packages.PROGRAM} --web.listen-address=127.0.0.1:{port}",
         "--probe-http", f"http://127.0.0.1:{port}/", "--probe-interval", "10s",
         "--probation", "3s"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure(done.stderr.strip())
    package = source.with_suffix(".ifrit")
    cluster.run("ifritctl", "package", "build", source, "--key", cluster.publisher_key, "--out",
                package)
    cluster.ctl("package", "publish", package, "--reason", "bench")


def install(cluster, ports):
    """Releases one agent for each port, and waits until all of them answer and are settled."""
    numbers = []
    for port in ports:
        name = f"exporter-{port}"
        publish(cluster, name, port)
        number = str(cluster.ctl_json("release", "create", "--agent", name, "--types", "LINUX",
                                      "--version", VERSION, "--deadline", "2m", "--reason",
                                      "bench")["number"])
        cluster.ctl("release", "start", number, "--confirm-count", 1, "--reason", "bench")
        numbers.append(number)

    def settled():
        silent = [port for port in ports if not answers(port)]
        states = {n: cluster.ctl_json("release", "show", n)["state"] for n in numbers}
        open_ones = [n for n, state in states.items() if state != "done"]
        return not silent and not open_ones, f"silent: {silent}, releases: {states}"
    wait_for(f"{len(ports)} agent(s) run", settled, seconds=120, every=0.5)


def settle():
    """Until nothing is left of the installations."""
    time.sleep(SETTLE_SECONDS)


def await_scan(cluster, machine):
    """Until all files were read as a whole once: 5 to 10 minutes after the installation."""
    def scanned():
        agents = cluster.ctl_json("machine", "show", machine.uuid)["agents"]
        states = {agent["agent"]: agent["integrity"] for agent in agents}
        return bool(states) and set(states.values()) == {"intact"}, states
    say("the first scan of its files comes 5 to 10 minutes after the installation")
    wait_for("all files are scanned", scanned, seconds=FIRST_SCAN_SECONDS, every=2)


def answers(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def agent_pid(machine):
    children = pathlib.Path(f"/proc/{machine.guard.pid}/task/{machine.guard.pid}/children")
    for pid in children.read_text().split():
        if pathlib.Path(f"/proc/{pid}/comm").read_text().strip() == "ifrit-agent":
            return int(pid)
    raise Failure(f"guard {machine.guard.pid} has no ifrit-agent")


def bare_client_memory(cluster, benches):
    """Resident bytes of a gRPC program that does nothing but ask this master for its health."""
    client = subprocess.Popen([benches / "bench_grpc_client", cluster.address,
                               cluster.master_directory / "ca.pem", str(POLL_MS)],
                              stdout=subprocess.PIPE, text=True)
    try:
        if client.stdout.readline().strip() != "serving":
            raise Failure("bench_grpc_client got no answer from the master")
        return memory(client.pid)[0]
    finally:
        terminate(client)
        finish(client)


def measure(source, asked, figures):
    ports = machines.free_ports(MANAGED_AGENTS)
    machine = IdleMachine(uuid="bench-1", pin="bench", machine_type="LINUX", zone="a", port=0)
    cluster = Cluster(source, asked.programs, None)
    try:
        cluster.make_master()
        cluster.add_publisher()
        cluster.serve_master()
        cluster.start_machines([machine])
        pid = agent_pid(machine)

        install(cluster, ports[:1])
        await_scan(cluster, machine)
        settle()
        resident, anonymous = memory(pid)
        bare = bare_client_memory(cluster, asked.benches)
        figures.at_most("agent_idle_rss", resident / MIB, 24, "MiB", managed_agents=1)
        figures.at_most("agent_idle_anonymous", anonymous / MIB, 8, "MiB", managed_agents=1)
        figures.at_most("guard_rss", memory(machine.guard.pid)[0] / MIB, 3, "MiB")
        figures.at_most("agent_rss_to_bare_grpc_client", resident / bare, 1.5, "ratio",
                        bare_mib=round(bare / MIB, 2))

        install(cluster, ports[1:])
        settle()
        used = cpu_percent(pid, asked.seconds)
        if agent_pid(machine) != pid:
            raise Failure("ifrit-agent was restarted while it was measured")
        figures.at_most("agent_idle_cpu", used, 0.1, "% of a core", managed_agents=MANAGED_AGENTS,
                        poll_ms=POLL_MS, probe_ms=10_000, seconds=asked.seconds)
        figures.at_most("agent_rss_10_agents", memory(pid)[0] / MIB, 24, "MiB",
                        managed_agents=MANAGED_AGENTS)
    finally:
        cluster.stop(keep=False)
