# SPDX-License-Identifier: Apache-2.0
"""A whole cluster as processes of this machine, in one directory, that ends as a whole."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

from demo_cluster import galera, machines, servers
from demo_cluster.terminal import Failure, say, wait_for

NAME = "demo"
BATCHES = 4


class Cluster:
    """Owns every process that it starts. stop() ends them all and checks that none is left."""

    def __init__(self, source, programs, directory, masters=1, name=NAME,
                 kind="development"):
        self.source = source
        self.name = name
        self.kind = kind
        self.programs = programs
        self.made_directory = directory is None
        if directory is None:
            directory = pathlib.Path(tempfile.mkdtemp(prefix="ifrit-demo-"))
        directory = directory.resolve()
        if directory.exists() and any(directory.iterdir()):
            raise Failure(f"{directory} is not empty; name a new directory with --dir")
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.master_directory = directory / "master"
        self.admin_bundle = self.master_directory / "admin.bundle"
        self.publisher_key = directory / "publisher.pem"
        self.keys = directory / "trusted-keys"
        self.machines = []
        self.servers = []
        self.nodes = []  # the database node beside each master, where each has one of its own
        self.addresses = [f"127.0.0.1:{port}" for port in machines.free_ports(masters)]
        self.master_directories = [self.master_directory, *(
            directory / f"master-{number}" for number in range(2, masters + 1))]
        self.masters = [None] * masters

    @property
    def address(self):
        return self.addresses[0]

    def run(self, program, *arguments, check=True):
        """Runs one of our programs to its end and gives what it printed."""
        done = subprocess.run([self.programs / program, *map(str, arguments)],
                              capture_output=True, text=True, check=False)
        if check and done.returncode != 0:
            raise Failure(f"{program} {' '.join(map(str, arguments))} ended with "
                          f"{done.returncode}: {done.stderr.strip()}")
        return done

    def ctl(self, *arguments):
        return self.run("ifritctl", "--bundle", self.admin_bundle, "--yes", *arguments)

    def ctl_json(self, *arguments):
        return json.loads(self.ctl("-o", "json", *arguments).stdout)

    def reached(self, verb, number):
        """How many machines a verb of the release reaches: what is asked for before it."""
        return self.ctl_json("release", "show", number)["reached"][verb]

    def act(self, verb, number, reason):
        self.ctl("release", verb, number, "--reason", reason, "--confirm-count",
                 self.reached(verb, number))

    def start(self, log, program, *arguments):
        with open(log, "ab") as output:
            return subprocess.Popen([self.programs / program, *map(str, arguments)],
                                    stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                    start_new_session=True, cwd=self.directory)

    def start_servers(self, store, cache):
        """Those that the master shall keep its truth and its composed state in; none by default."""
        if store == "mariadb":
            self.servers.append(servers.Mariadb(self.directory / "mariadb"))
        if store == "galera":
            self.nodes = galera.make_nodes(self.directory / "galera")
            self.servers += self.nodes
        if cache == "redis":
            self.servers.append(servers.Redis(self.directory / "redis"))
        for server in self.servers:
            server.start()
        if self.servers:
            say("private servers: " + ", ".join(type(server).__name__ for server in self.servers))

    def make_master(self):
        arguments = []
        if self.servers:
            config = self.directory / "master.toml"
            sections = [server.section for server in self.servers if server not in self.nodes[1:]]
            config.write_text(f'listen = "{self.addresses[0]}"\n\n' + "\n".join(sections))
            arguments = ["--config", config]
        self.run("ifrit-master", "init", "--dir", self.master_directory, "--cluster", self.name,
                 *(word for address in self.addresses for word in ("--address", address)),
                 "--kind", self.kind, "--batches", BATCHES, *arguments)
        # Several clusters may run on this machine: no fixed port for the pages of monitoring.
        config = self.master_directory / "master.toml"
        config.write_text(config.read_text().replace('listen = "127.0.0.1:7444"', 'listen = ""'))
        for address, directory in zip(self.addresses[1:], self.master_directories[1:], strict=True):
            self.run("ifrit-master", "add-master", "--dir", self.master_directory, "--address",
                     address, "--out", directory)
        for node, directory in zip(self.nodes, self.master_directories, strict=False):
            config = directory / "master.toml"
            config.write_text(config.read_text().replace(str(self.nodes[0].socket), str(node.socket)))

    def serve_masters(self):
        for index in range(len(self.masters)):
            self.serve_master(index)

    def serve_master(self, index=0):
        directory = self.master_directories[index]
        log = directory.with_suffix(".log")
        if self.nodes and self.nodes[index].process.poll() is not None:
            self.nodes[index].start()
        # A master that is killed leaves it, with the address that it had.
        endpoint = directory / "run" / "endpoint"
        endpoint.unlink(missing_ok=True)
        master = self.start(log, "ifrit-master", "serve", "--dir", directory, "--listen",
                            self.addresses[index])
        self.masters[index] = master

        def serving():
            if master.poll() is not None:
                raise Failure(f"ifrit-master ended with {master.returncode}; see {log}")
            return endpoint.exists(), "it has no endpoint yet"
        wait_for(f"master {index + 1} serves", serving, seconds=30)

    def restart_master(self, index=0):
        terminate(self.masters[index])
        finish(self.masters[index])
        self.serve_master(index)

    def leader(self):
        """The index of the master that leads, as the newest line of each log says."""
        leading = None
        token = -1
        for index, directory in enumerate(self.master_directories):
            for line in directory.with_suffix(".log").read_text(errors="replace").splitlines():
                _, found, number = line.partition("this master leads, with token ")
                if found and int(number) > token:
                    leading, token = index, int(number)
        return leading

    def kill_master(self, index=0):
        """SIGKILL, with the database node beside it as where their host dies; serve_master() starts
        both anew."""
        self.masters[index].kill()
        self.masters[index].wait()
        if self.nodes:
            self.nodes[index].kill()

    def add_publisher(self):
        self.run("ifritctl", "key", "generate", self.publisher_key)
        self.keys.mkdir()
        public = self.publisher_key.with_name(self.publisher_key.name + ".pub.pem")
        shutil.copy(public, self.keys / "publisher.pub.pem")
        self.run("ifrit-master", "publisher-key", "add", "--dir", self.master_directory, "--name",
                 "demo publisher", public)

    def start_machines(self, planned):
        tokens = self.run("ifrit-master", "join-token", "--dir", self.master_directory, "--count",
                          len(planned)).stdout.split()
        for machine, token in zip(planned, tokens, strict=True):
            self.start_machine(machine, token)
        self.machines = planned

        def enrolled():
            known = {m["uuid"] for m in self.ctl_json("machine", "list")}
            missing = sorted({m.uuid for m in planned} - known)
            return not missing, f"missing: {', '.join(missing)}"
        _, took = wait_for("all machines enrol", enrolled, seconds=60)
        say(f"{len(planned)} machines enrolled in {took:.1f} s")

    def start_machine(self, machine, token):
        machine.root = self.directory / "machines" / machine.uuid
        machine.root.mkdir(parents=True)
        config = machine.root / "agent.toml"
        config.write_text(machine.config(self.addresses, self.name, self.master_directory / "ca.pem",
                                         token, self.keys))
        config.chmod(0o600)
        machine.guard = self.start(machine.root / "ifrit.log", "ifrit-guard", "--root",
                                   machine.root, "--agent", self.programs / "ifrit-agent", "--",
                                   "run", "--config", config)

    def stop(self, keep):
        """Guards first, so that nothing restarts; then managed agents, by their own stop; then the
        master. What is left after that is a defect and is said, and then ended."""
        for machine in self.machines:
            terminate(machine.guard)
        for machine in self.machines:
            finish(machine.guard)
        # Where guard has not come that far there is nothing to stop.
        stopping = [(machine, subprocess.Popen(
            [self.programs / "ifrit-agent", "stop-all", "--config", machine.root / "agent.toml"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True))
            for machine in self.machines if (machine.root / "state").is_dir()]
        unstopped = []
        for machine, process in stopping:
            _, said = process.communicate(timeout=60)
            if process.returncode != 0:
                unstopped.append(f"{machine.uuid}: {said.strip()}")
        for master in self.masters:
            terminate(master)
        for master in self.masters:
            finish(master)
        for server in self.servers:
            terminate(server.process)
            finish(server.process)
        left = {pid: command for pid, command in machines.processes_under(self.directory).items()
                if pid != os.getppid()}
        for pid, command in left.items():
            say(f"still running, ending it: {pid} {command}")
            os.kill(pid, signal.SIGKILL)
        if self.made_directory and not keep:
            shutil.rmtree(self.directory, ignore_errors=True)
        else:
            say(f"everything is stopped; the directory stays: {self.directory}")
        if left:
            raise Failure(f"{len(left)} process(es) outlived the cluster")
        if unstopped:
            raise Failure("stop-all failed on " + "; ".join(unstopped))


def terminate(process):
    if process is not None and process.poll() is None:
        process.terminate()


def finish(process):
    if process is None:
        return
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
