# SPDX-License-Identifier: Apache-2.0
"""Real servers of the demo's own, for a master that keeps its truth in MariaDB or its cache in Redis.
Everything of them lies in the demo's directory; they listen on sockets there and on no port."""
import os
import pathlib
import secrets
import socket
import subprocess

from demo_cluster.terminal import Failure, wait_for

MARIADBD = "/usr/sbin/mariadbd"
SYSTEM_TABLES = pathlib.Path("/usr/share/mysql/mysql_system_tables.sql")
# Debian's redis-tools has the server under this name, without its service.
REDIS = "/usr/bin/redis-check-rdb"


class Server:
    """A process with a socket in a directory of its own. `section` is its part of master.toml."""

    section = ""

    def __init__(self, directory):
        # The path of a socket has 107 characters at most.
        self.directory = directory
        self.socket = directory / "socket"
        self.password_file = directory / "password"
        self.password = secrets.token_hex(12)
        self.command = []
        self.process = None
        self.environment = None  # its own, where it is not ours
        directory.mkdir(mode=0o700)
        self.password_file.touch(mode=0o600)
        self.password_file.write_text(self.password + "\n")

    def start(self):
        command = self.command
        if len(str(self.socket)) > 100:
            raise Failure(f"{self.socket} is too long for a socket; name a shorter --dir")
        log = self.directory / "log"
        with open(log, "ab") as output:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output,
                                            stderr=output, start_new_session=True,
                                            cwd=self.directory, env=self.environment)

        def answers():
            if self.process.poll() is not None:
                raise Failure(f"{command[0]} ended with {self.process.returncode}; see {log}")
            with socket.socket(socket.AF_UNIX) as client:
                return client.connect_ex(str(self.socket)) == 0, "its socket is not there"
        wait_for(f"{pathlib.Path(command[0]).name} listens", answers, seconds=60)


class Mariadb(Server):
    """`options` go to it beside its own; `like`: its users have the same password as that one's."""

    def __init__(self, directory, options=(), like=None):
        super().__init__(directory)
        if like:
            self.password = like.password
            self.password_file.write_text(self.password + "\n")
        self.data = directory / "data"
        self.data.mkdir()
        # Of its own: a server that starts removes the temporary tables of others in a shared one.
        temporary = directory / "tmp"
        temporary.mkdir()
        common = [MARIADBD, "--no-defaults", f"--datadir={self.data}", f"--tmpdir={temporary}",
                  "--innodb-log-file-size=8M"]
        if os.getuid() == 0:
            common.append("--user=root")
        made = subprocess.run([*common, "--bootstrap"], capture_output=True, text=True, check=False,
                              input="CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket = NULL;\n"
                              + SYSTEM_TABLES.read_text())
        if made.returncode != 0:
            raise Failure(f"mariadbd --bootstrap: {made.stderr[-500:]}")
        users = directory / "users.sql"
        users.touch(mode=0o600)
        users.write_text("CREATE DATABASE IF NOT EXISTS ifrit;\n"
                         "CREATE OR REPLACE USER 'ifrit'@'localhost' IDENTIFIED BY "
                         f"'{self.password}';\nGRANT ALL ON ifrit.* TO 'ifrit'@'localhost';\n")
        self.command = [*common, f"--socket={self.socket}", f"--pid-file={directory / 'pid'}",
                        "--skip-networking", f"--init-file={users}", *options]
        self.section = (f'[store]\nkind = "mariadb"\nsocket = "{self.socket}"\ndatabase = "ifrit"\n'
                        f'user = "ifrit"\npassword_file = "{self.password_file}"\n')


class Redis(Server):
    def __init__(self, directory):
        super().__init__(directory)
        program = directory / "redis-server"
        program.symlink_to(REDIS)
        config = directory / "redis.conf"
        config.touch(mode=0o600)
        config.write_text(f'port 0\nunixsocket "{self.socket}"\ndir "{directory}"\nsave ""\n'
                          f"requirepass {self.password}\n")
        self.command = [program, config]
        self.section = (f'[cache]\nkind = "redis"\nsocket = "{self.socket}"\n'
                        f'password_file = "{self.password_file}"\n')
