# SPDX-License-Identifier: Apache-2.0
"""A Galera cluster of MariaDB nodes of the demo's own: each master has the node beside it, as on
hosts that carry both. The nodes speak with each other on loopback, clients use sockets."""
import os
import re
import shutil
import subprocess

from demo_cluster import machines, servers
from demo_cluster.terminal import Failure, wait_for

PROVIDER = "/usr/lib/galera/libgalera_smm.so"
NODES = 3  # two of three are a majority
# What Galera needs, and what ifrit needs of it: each read sees what other nodes committed before.
SETTINGS = ("--binlog-format=ROW", "--innodb-autoinc-lock-mode=2", "--wsrep-on=ON",
            f"--wsrep-provider={PROVIDER}", "--wsrep-cluster-name=ifrit", "--wsrep-sync-wait=1",
            "--wsrep-sst-method=missed")
# Nodes begin with the same files, so that one which joins lacks only what its peers still have in
# memory. MariaDB asks this script about a whole copy all the same, on both sides.
TRANSFER = """#!/bin/sh
while [ $# -gt 0 ]; do
    case "$1" in
        --role) role=$2 ;;
        --address) address=$2 ;;
        --datadir) data=$2 ;;
        --gtid) position=$2 ;;
        --bypass) missed=yes ;;
    esac
    shift
done
if [ "$role" = joiner ]; then
    rm -f "$data/position"
    mkfifo "$data/position"
    echo "ready $data"
    timeout 60 cat "$data/position"
else
    [ "$missed" = yes ] || exit 22  # it would need all
    echo "$position" >"$address/position"
    echo "done $position"
fi
"""


class GaleraNode(servers.Mariadb):
    def __init__(self, directory, number, addresses, missed, like):
        own = addresses[number]
        provider = (f"gmcast.listen_addr=tcp://{own};base_port={own.rpartition(':')[2]};"
                    f"ist.recv_addr={missed};ist.recv_bind={missed};gcache.size=32M")
        super().__init__(directory, [*SETTINGS, f"--wsrep-node-name=node-{number + 1}",
                                     f"--wsrep-node-address={own}",
                                     f"--wsrep-cluster-address=gcomm://{','.join(addresses)}",
                                     f"--wsrep-provider-options={provider}"], like)
        script = directory / "wsrep_sst_missed"
        script.write_text(TRANSFER)
        script.chmod(0o700)
        self.environment = dict(os.environ, PATH=f"{directory}:{os.environ['PATH']}")
        self.begins = number == 0  # the first time only: there is no cluster to join yet

    def start(self):
        log = self.directory / "log"
        seen = log.stat().st_size if log.exists() else 0
        usual = self.command
        self.command = [*usual, "--wsrep-new-cluster"] if self.begins else [*usual, *self.position()]
        try:
            super().start()
        finally:
            self.command = usual
        self.begins = False

        def joined():
            with open(log, encoding="utf-8", errors="replace") as lines:
                lines.seek(seen)
                text = lines.read()
                # A SIGTERM before the second is lost.
                return (" SYNCED (TO: " in text and "mariadbd: ready for connections" in text,
                        f"see {log}")
        wait_for(f"{self.directory.name} is in step with the others", joined, seconds=90)

    def position(self):
        """Up to where its own files have the cluster's history, as Debian's unit asks before a start."""
        log = self.directory / "recover.log"
        log.unlink(missing_ok=True)
        subprocess.run([*self.command, "--wsrep-recover", f"--log-error={log}"],
                       capture_output=True, check=False, timeout=60)
        found = re.findall(r"Recovered position:\s*(\S+)",
                           log.read_text(errors="replace") if log.exists() else "")
        if not found:
            raise Failure(f"{self.directory.name} does not know its position; see {log}")
        return [f"--wsrep-start-position={found[-1]}"]

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)

    def kill(self):
        self.process.kill()
        self.process.wait()


def make_nodes(directory):
    """Stopped ones, the first of which has to be started first. All begin with the first one's
    files, so that no node needs another's whole data to join."""
    directory.mkdir(mode=0o700)
    free = [f"127.0.0.1:{port}" for port in machines.free_ports(2 * NODES)]
    addresses, missed = free[:NODES], free[NODES:]
    nodes = []
    for number in range(NODES):
        nodes.append(GaleraNode(directory / f"node-{number + 1}", number, addresses,
                                missed[number], nodes[0] if nodes else None))
    nodes[0].start()
    nodes[0].stop()
    nodes[0].begins = True
    for node in nodes[1:]:
        shutil.rmtree(node.data)
        shutil.copytree(nodes[0].data, node.data)
        (node.data / "gvwstate.dat").unlink(missing_ok=True)
    return nodes
