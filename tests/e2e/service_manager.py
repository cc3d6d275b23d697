#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ifrit-master under a service manager, which is played here: it says when it is ready, alive and
stopping; and it accepts on a socket that outlives it, so that who connects meanwhile is answered."""
import fcntl
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(sys.argv[1])
PROGRAMS = pathlib.Path(sys.argv[2])
sys.path.insert(0, str(SOURCE / "tools"))

from demo_cluster.terminal import Failure  # noqa: E402

PATIENCE_S = 60
WATCHDOG_USEC = 400_000


def run(program, *arguments, check=True):
    done = subprocess.run([PROGRAMS / program, *map(str, arguments)], capture_output=True,
                          text=True, check=False, timeout=PATIENCE_S)
    if check and done.returncode != 0:
        raise Failure(f"{program} {arguments[0]} ended with {done.returncode}: {done.stderr}")
    return done


class Manager:
    """What systemd is to a service of Type=notify with a socket."""

    def __init__(self, directory, listeners):
        self.directory = directory
        self.listeners = listeners
        self.path = directory / "notify"
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notices.bind(str(self.path))
        self.notices.settimeout(PATIENCE_S)
        self.process = None

    def start(self):
        child = os.fork()
        if child == 0:
            # Out of the way first: they may have each other's numbers.
            held = [fcntl.fcntl(one.fileno(), fcntl.F_DUPFD, 100) for one in self.listeners]
            for number, descriptor in enumerate(held, 3):
                os.dup2(descriptor, number, inheritable=True)
            log = os.open(self.directory / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(log, 2)
            os.environ.update(NOTIFY_SOCKET=str(self.path), LISTEN_PID=str(os.getpid()),
                              LISTEN_FDS=str(len(self.listeners)),
                              WATCHDOG_USEC=str(WATCHDOG_USEC), WATCHDOG_PID=str(os.getpid()))
            os.execv(PROGRAMS / "ifrit-master",
                     ["ifrit-master", "serve", "--dir", str(self.directory / "master")])
        self.process = child

    def hear(self, word):
        while True:
            try:
                said = self.notices.recv(4096).decode()
            except TimeoutError as error:
                log = (self.directory / "log").read_text()
                raise Failure(f"{word} was not said within {PATIENCE_S} s\n{log}") from error
            if said.startswith(word + "=1"):
                return said

    def end(self, number=signal.SIGTERM):
        os.kill(self.process, number)
        return self.wait()

    def wait(self):
        code = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        self.process = None
        return code


def expect(what, found, wanted):
    if found != wanted:
        raise Failure(f"{what}: {found}, not {wanted}")


def walk(directory):
    listener = socket.create_server(("127.0.0.1", 0), backlog=16)
    address = f"127.0.0.1:{listener.getsockname()[1]}"
    run("ifrit-master", "init", "--dir", directory / "master", "--cluster", "managed", "--address",
        address)
    # No fixed port.
    config = directory / "master" / "master.toml"
    config.write_text(config.read_text().replace('listen = "127.0.0.1:7444"', 'listen = ""'))
    bundle = directory / "master" / "admin.bundle"
    manager = Manager(directory, [listener])

    # Asked before anybody runs: the question waits in the socket's queue.
    early = subprocess.Popen([PROGRAMS / "ifritctl", "--bundle", bundle, "cluster", "show"],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    manager.start()
    try:
        if "cluster managed: 0 machines" not in manager.hear("READY"):
            raise Failure("READY came without a status")
        out, error = early.communicate(timeout=PATIENCE_S)
        expect(f"a question before the start ({error})", early.returncode, 0)
        if "managed" not in out:
            raise Failure(f"cluster show printed: {out}")
        manager.hear("WATCHDOG")
        manager.hear("WATCHDOG")
        os.kill(manager.process, signal.SIGHUP)
        manager.hear("RELOADING")
        manager.hear("READY")
        os.kill(manager.process, signal.SIGTERM)
        manager.hear("STOPPING")
        expect("exit code when asked to stop", manager.wait(), 0)

        # Between two masters, and after one that was killed.
        between = subprocess.Popen([PROGRAMS / "ifritctl", "--bundle", bundle, "cluster", "show"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        manager.start()
        manager.hear("READY")
        error = between.communicate(timeout=PATIENCE_S)[1]
        expect(f"a question between two masters ({error})", between.returncode, 0)
        expect("a killed master", manager.end(signal.SIGKILL), -signal.SIGKILL)
        manager.start()
        manager.hear("READY")
        run("ifritctl", "--bundle", bundle, "cluster", "show")
        expect("exit code when asked to stop", manager.end(), 0)

        # Nothing that it could listen on.
        manager.listeners = [listener, listener]
        manager.start()
        expect("exit code with two sockets", manager.wait(), 78)
        plain = socket.socket()
        manager.listeners = [plain]
        manager.start()
        expect("exit code with a socket that does not listen", manager.wait(), 78)
        if "ListenStream=" not in (directory / "log").read_text():
            raise Failure("what is wrong with the sockets is not said")
    finally:
        if manager.process is not None:
            manager.end(signal.SIGKILL)


def main():
    with tempfile.TemporaryDirectory(prefix="ifrit-managed-") as directory:
        walk(pathlib.Path(directory))
    print("service manager: ready, watchdog, reload, stop, three starts on one socket")


if __name__ == "__main__":
    main()
