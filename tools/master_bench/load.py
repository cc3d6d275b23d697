# SPDX-License-Identifier: Apache-2.0
"""Machines that are played by bench_load, and the bare server that they are compared on."""
import contextlib
import json
import subprocess

from agent_bench.figures import cpu_seconds, memory
from demo_cluster.terminal import Failure


class Echo:
    """bench_echo with the master's own certificate; ends with its standard input.

    In a session of its own like the master: the kernel shares the processor between sessions, and
    two that are not scheduled alike cannot be compared."""

    def __init__(self, cluster, benches, reply):
        self.command = [benches / "bench_echo", cluster.master_directory, reply]
        self.port = 0
        self.serve()
        self.address = f"127.0.0.1:{self.port}"

    def serve(self):
        """On the port of before, where there was one."""
        self.process = subprocess.Popen([*self.command, str(self.port)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.pid = self.process.pid
        self.port = int(self.process.stdout.readline())

    def tell(self):
        """All who hold a Watch, of a newer generation."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def kill(self):
        self.process.kill()
        self.process.wait(timeout=30)

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

    def beside(self, address, other, kind, seconds, per_second, slices):
        """Both servers at that rate, in slices that take turns: the medians of each."""
        return json.loads(self.do("beside", address, kind, seconds, per_second, other, slices))

    @contextlib.contextmanager
    def holding(self, verb, address, pid, count):
        """With all machines there: bytes that the server needs for each of them. `hold`: the
        connection alone, `watch`: with the Watch on it that each machine holds."""
        before = memory(pid)[0]
        held = subprocess.Popen([self.program, verb, address, self.ca, self.directory],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            if held.stdout.readline().strip() not in ("connected", "listening"):
                raise Failure(f"bench_load {verb}: not all machines could connect")
            yield (memory(pid)[0] - before) / count
        finally:
            held.terminate()
            held.wait(timeout=60)

    def storm(self, server, address, count, at_once):
        """bench_storm with the first `count` of the machines; server: master, bare."""
        return Storm(subprocess.Popen(
            [self.program.with_name("bench_storm"), server, address, self.ca, self.directory,
             str(count), str(at_once)], stdout=subprocess.PIPE, text=True))

    def watching(self, address):
        """All machines with their Watch open; call the result's told() for when all were told."""
        return Watching(subprocess.Popen(
            [self.program, "watch", address, self.ca, self.directory],
            stdout=subprocess.PIPE, text=True))


class Storm:
    def __init__(self, process):
        self.process = process

    def connected(self):
        if self.process.stdout.readline().strip() != "connected":
            self.process.wait(timeout=60)
            raise Failure("bench_storm: not all machines could connect")

    def ended(self):
        """Once each machine has its answer, or none in time: what became of them."""
        said = self.process.stdout.readline()
        self.process.wait(timeout=60)
        if not said:
            raise Failure(f"bench_storm ended with {self.process.returncode}")
        return json.loads(said)


class Watching:
    def __init__(self, process):
        self.process = process
        if process.stdout.readline().strip() != "listening":
            process.wait(timeout=60)
            raise Failure("bench_load could not open all watches")

    def told(self):
        """Unix time at which the last machine heard of a newer generation."""
        said = self.process.stdout.readline()
        self.process.wait(timeout=120)
        if not said:
            raise Failure("not all machines were told")
        return json.loads(said)["told_at"]


def enrol(cluster, benches, name, count):
    directory = cluster.directory / name
    directory.mkdir()
    tokens = cluster.run("ifrit-master", "join-token", "--dir", cluster.master_directory,
                         "--count", count).stdout
    load = Load(cluster, benches, directory)
    load.do("enrol", cluster.address, stdin=tokens)
    return load
