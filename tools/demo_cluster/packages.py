# SPDX-License-Identifier: Apache-2.0
"""Versions of a real agent, made from Debian's prometheus-node-exporter."""
import fcntl
import os
import pathlib
import subprocess
import sys
import tempfile

from demo_cluster.machines import AGENT
from demo_cluster.terminal import Failure, say

DEBIAN_PACKAGE = "prometheus-node-exporter"
PROGRAM = "usr/bin/prometheus-node-exporter"
LISTEN = "--web.listen-address=127.0.0.1:${vars.port}"

# Few collectors: a dozen machines are one here, and each probe is a scrape.
CHEAP = f"{PROGRAM} {LISTEN} --collector.disable-defaults --collector.loadavg"
TEXT = f"{CHEAP} --collector.textfile --collector.textfile.directory=${{root}}/etc/textfile"

# Version 2 changes flags and brings a configuration: one versioned unit of both. Version 3 cannot
# start: its program refuses the flag and exits. The fourth never collects garbage: each scrape of
# its probe leaves memory behind, and nothing but its cost shows it.
VERSIONS = {
    "v1": ("1.5.0", CHEAP, {}),
    "v2": ("1.5.1", TEXT,
           {"etc/textfile/demo.prom": "# from the package\nifrit_demo_version 2\n"}),
    "v3": ("1.5.2", f"{PROGRAM} {LISTEN} --no-such-flag", {}),
    "leak": ("1.5.3", TEXT,
             {"etc/textfile/demo.prom": "".join(f'ifrit_demo_row{{row="{row}"}} {row}\n'
                                                for row in range(500))}),
}
ENVIRONMENT = {"leak": ("GOGC=off",)}


def download(cluster):
    """The .deb, kept between runs of one build so that a second demo needs no network."""
    cache = cluster.source / "build" / "debian"
    if not (cluster.source / "CMakeLists.txt").exists():  # installed: nothing is written there
        base = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
        cache = pathlib.Path(base) / "ifrit" / "debian"
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / "lock", "w") as lock:  # another demo may be fetching it
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = sorted(cache.glob(f"{DEBIAN_PACKAGE}_*.deb"))
        if not found:
            say(f"downloading {DEBIAN_PACKAGE}")
            done = subprocess.run(["apt-get", "download", "-q", DEBIAN_PACKAGE], cwd=cache,
                                  capture_output=True, text=True, check=False)
            found = sorted(cache.glob(f"{DEBIAN_PACKAGE}_*.deb"))
            if not found:
                raise Failure(f"apt-get download {DEBIAN_PACKAGE}: {done.stderr.strip()}")
        return plain(found[-1])


def plain(deb):
    """The same .deb without its compression: each demo takes it apart for each version it makes,
    and with it that is a quarter of a second of work each time. The caller holds the lock."""
    kept = deb.parent / "plain" / deb.name
    if not kept.exists():
        with tempfile.TemporaryDirectory(dir=deb.parent) as folder:
            parts, made = pathlib.Path(folder, "parts"), pathlib.Path(folder, deb.name)
            for command in (["dpkg-deb", "--raw-extract", deb, parts],
                            ["dpkg-deb", "--root-owner-group", "-Znone", "--build", parts, made]):
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                if done.returncode != 0:
                    raise Failure(f"{' '.join(map(str, command))}: {done.stderr.strip()}")
            kept.parent.mkdir(exist_ok=True)
            made.rename(kept)
    return kept


def publish(cluster, deb, key, version, command, files=None, name=AGENT, port=9100):
    """Builds, signs and publishes one version of one agent."""
    source = cluster.directory / "packages" / key
    source.parent.mkdir(exist_ok=True)
    extra = []
    for path, text in (files or {}).items():
        written = source.parent / f"{key}-{path.replace('/', '-')}"
        written.write_text(text)
        extra += ["--file", f"{path}={written}"]
    for variable in ENVIRONMENT.get(key, ()):
        extra += ["--env", variable]
    done = subprocess.run(
        [sys.executable, cluster.source / "tools" / "package-from-deb", "--deb", deb, "--out", source,
         "--name", name, "--version", version, "--types", "LINUX,CONTAINER",
         "--var", f"port={port}", "--port", "${vars.port}", "--start", command,
         "--probe-http", "http://127.0.0.1:${vars.port}/metrics",
         "--probe-interval", "500ms", "--probe-timeout", "2s", "--probe-failures", "6",
         "--probation", "3s", *extra], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure(done.stderr.strip())
    package = source.with_suffix(".ifrit")
    cluster.run("ifritctl", "package", "build", source, "--key", cluster.publisher_key,
                "--out", package)
    cluster.ctl("package", "publish", package, "--reason", f"demo {key}")


def publish_all(cluster, keys=tuple(VERSIONS)):
    """Publishes these versions; gives {"v1": "1.5.0", ...} of them."""
    deb = download(cluster)
    published = {}
    for key in keys:
        published[key], command, files = VERSIONS[key]
        publish(cluster, deb, key, published[key], command, files)
    say(f"published {AGENT} " + ", ".join(published.values()))
    return published
