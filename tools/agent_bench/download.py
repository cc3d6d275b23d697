# SPDX-License-Identifier: Apache-2.0
"""An archive from a mirror on this machine, by ifrit and by curl into sha256sum."""
import hashlib
import os
import pathlib
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from demo_cluster.terminal import Failure

ROUNDS = 5
MEGABYTES = 200
LEAST_RATIO = 0.7


def checked(command, **more):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    if done.returncode != 0:
        raise Failure(f"{command} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


class Mirror:
    """The tests' https server over one file of random bytes; an own certificate."""

    def __init__(self, source, directory):
        content = os.urandom(MEGABYTES * 1024 * 1024)
        self.size = len(content)
        self.sha256 = hashlib.sha256(content).hexdigest()
        served = directory / "served"
        served.mkdir()
        (served / f"{self.sha256}.tar.zst").write_bytes(content)
        self.certificate = directory / "mirror.pem"
        key = directory / "mirror.key"
        checked(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                 "-nodes", "-days", "1", "-subj", "/CN=mirror", "-addext",
                 "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", self.certificate])
        self.process = subprocess.Popen(
            [sys.executable, source / "tests/support/mirror_server.py", served, self.certificate,
             key], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.address = f"https://127.0.0.1:{self.process.stdout.readline().strip()}/good"

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)


def ours(asked, mirror, directory):
    cache = directory / "cache"
    shutil.rmtree(cache, ignore_errors=True)
    cache.mkdir()
    return float(checked([asked.benches / "bench_fetch", asked.programs / "ifrit-fetch",
                          mirror.address, mirror.certificate, mirror.sha256, str(mirror.size),
                          cache]))


def plain(mirror):
    url = f"{mirror.address}/{mirror.sha256}.tar.zst"
    began = time.monotonic()
    seen = checked(["bash", "-o", "pipefail", "-c",
                    f"curl -sSf --cacert {shlex.quote(str(mirror.certificate))} -r 0- "
                    f"{shlex.quote(url)} | sha256sum"])
    took = time.monotonic() - began
    if seen.split()[0] != mirror.sha256:
        raise Failure("curl brought other bytes than were served")
    return took


def measure(source, asked, figures):
    directory = pathlib.Path(tempfile.mkdtemp(prefix="ifrit-bench-"))
    mirror = None
    try:
        mirror = Mirror(source, directory)
        # In turn, so that what else the machine does meets both alike.
        times = [(plain(mirror), ours(asked, mirror, directory)) for _ in range(ROUNDS)]
        rates = [mirror.size / 1e6 / statistics.median(column) for column in zip(*times)]
        figures.at_least("download_and_verify", rates[1] / rates[0], LEAST_RATIO, "ratio",
                         bytes=mirror.size, plain_mb_s=round(rates[0]),
                         ifrit_mb_s=round(rates[1]))
    finally:
        if mirror is not None:
            mirror.stop()
        shutil.rmtree(directory, ignore_errors=True)
