# SPDX-License-Identifier: Apache-2.0
"""The machines of the demo: names, pins, types, labels, and what the operating system shows of them."""
import dataclasses
import http.client
import os
import pathlib
import random
import socket

from demo_cluster.terminal import Failure

AGENT = "node-exporter"
EPHEMERAL = pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range")
RANGES = 20  # of ports: so many clusters beside each other
CLAIMS = []  # the socket that holds this process's range; never closed
PORTS = []  # of that range, those not given out yet


@dataclasses.dataclass
class Machine:
    uuid: str
    pin: str
    machine_type: str
    zone: str
    port: int
    root: pathlib.Path = None
    guard: object = None

    def config(self, masters, cluster, ca, join_token, keys):
        addresses = ", ".join(f'"{address}"' for address in masters)
        return f'''# ifrit-agent of {self.uuid}
root = "{self.root}"
cluster = "{cluster}"
masters = [{addresses}]
ca_file = "{ca}"
join_token = "{join_token}"
uuid = "{self.uuid}"
machine_type = "{self.machine_type}"
pin = "{self.pin}"
trusted_keys = "{keys}"
max_poll_ms = 1000

[labels]
zone = "{self.zone}"

[vars]
port = "{self.port}"
'''


def own_ports():
    """A range of ports that no other process asks for as long as this one lives: what runs beside us
    may choose its ports between our choosing one and our program's listening on it."""
    first = int(EPHEMERAL.read_text().split()[0])
    lowest = max(1_024, first - 20_000)
    size = (first - lowest) // RANGES
    for number in random.sample(range(RANGES), RANGES):
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0ifrit-demo-ports-{number}")  # a name, not a file: gone with the process
        except OSError:
            claim.close()
            continue
        CLAIMS.append(claim)
        return range(lowest + number * size, lowest + (number + 1) * size)
    raise Failure(f"{RANGES} clusters run on this machine")


def free_ports(count):
    """Ports of 127.0.0.1 that nobody listens on now, and that are given out once. Below those that
    the system hands out by itself, so that a program which is stopped for a while finds its port
    free when it comes back."""
    if not CLAIMS:
        PORTS.extend(own_ports())
    held = []
    try:
        for port in random.sample(PORTS, len(PORTS)):
            try:
                held.append(socket.create_server(("127.0.0.1", port)))
            except OSError:
                continue  # somebody's already
            if len(held) == count:
                chosen = [listener.getsockname()[1] for listener in held]
                for port in chosen:
                    PORTS.remove(port)
                return chosen
        raise Failure(f"127.0.0.1 has no {count} free ports among those of this cluster")
    finally:
        for listener in held:
            listener.close()


def plan(count, prefix="demo"):
    """`count` machines: two pins, every third a CONTAINER."""
    ports = free_ports(count)
    return [Machine(uuid=f"{prefix}-{number + 1:02}", pin=("acme", "zed")[number % 2],
                    machine_type="CONTAINER" if number % 3 == 2 else "LINUX",
                    zone="abc"[number % 3], port=ports[number]) for number in range(count)]


def answers(machine):
    """True when something serves node_exporter's metrics on the machine's port."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", machine.port, timeout=2)
        connection.request("GET", "/metrics")
        reply = connection.getresponse()
        return reply.status == 200 and b"node_exporter_build_info" in reply.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def processes():
    """(pid, program, command line) of every live process but this one, from one look at /proc."""
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or int(entry) == os.getpid():
            continue
        try:
            program = os.readlink(f"/proc/{entry}/exe")  # the system's own and the dead have none
            with open(f"/proc/{entry}/cmdline", "rb") as words:
                command = words.read().decode(errors="replace").replace("\0", " ").strip()
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as numbers:
                state = numbers.read().rsplit(")", 1)[1].split()[0]
        except (OSError, IndexError):
            continue
        if state != "Z":
            yield int(entry), program, command


def processes_under(directory):
    """{pid: command line} of every live process whose program or arguments lie in `directory`."""
    prefix = str(directory) + "/"
    return {pid: command for pid, program, command in processes()
            if program.startswith(prefix) or prefix in command}


def exporters(which):
    """{uuid: (pid, command line) of the machine's node_exporter, or None}. Read from /proc, not
    reported; one look for all of them, since each is at a hundred processes and more."""
    prefixes = {machine.uuid: f"{machine.root / 'agents' / AGENT}/" for machine in which}
    found = dict.fromkeys(prefixes)
    for pid, program, command in processes():
        if "--web.listen-address" not in command and "node-exporter" not in command.split(" ")[0]:
            continue
        for uuid, prefix in prefixes.items():
            if found[uuid] is None and (program.startswith(prefix) or prefix in command):
                found[uuid] = pid, command
    return found


def exporter(machine):
    """As exporters(), of one machine."""
    return exporters([machine])[machine.uuid]


def version_of_process(machine, agent, pid):
    """The installed version whose directory the running program lies in, from /proc; None: the
    process is gone, or its program came from elsewhere."""
    try:
        program = pathlib.Path(os.readlink(f"/proc/{pid}/exe"))
    except OSError:
        return None
    versions = machine.root.resolve() / "agents" / agent / "versions"
    if versions not in program.parents:
        return None
    return program.relative_to(versions).parts[0].rsplit("-", 1)[0]
