#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What an operator or an attacker gets wrong, against real programs: each is refused with an error
that names the thing, and changes nothing. Also: killing the master loses nothing acknowledged."""
import hashlib
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile

from cases import case, play_on
from demo_cluster import machines, packages, scenario
from demo_cluster.machines import AGENT
from demo_cluster.terminal import Failure, wait_for

def what_stands(cluster):
    """What no refused call may change: packages, releases, machines and what they run."""
    now = cluster.ctl_json("cluster", "show")
    return {"generation": now["generation"],
            "machines": sorted(m["uuid"] for m in cluster.ctl_json("machine", "list")),
            "packages": sorted(p["manifest_digest"] for p in cluster.ctl_json("package", "list")),
            "releases": {r["number"]: r["state"] for r in cluster.ctl_json("release", "list")},
            "processes": scenario.snapshot(cluster)}


def refused(cluster, code, words, *arguments, bundle=None):
    """The command ends with `code`, its error has all `words`, and everything is as before."""
    before = what_stands(cluster)
    done = cluster.run("ifritctl", "--bundle", bundle or cluster.admin_bundle, "--yes", *arguments,
                       check=False)
    missing = [word for word in words if word not in done.stderr]
    if done.returncode != code or missing:
        raise Failure(f"ifritctl {' '.join(map(str, arguments))}: exit {done.returncode}, expected "
                      f"{code}; lacks {missing}; said: {done.stderr.strip()}")
    after = what_stands(cluster)
    if before != after:
        raise Failure(f"ifritctl {' '.join(map(str, arguments))} was refused and changed "
                      f"{[key for key in before if before[key] != after[key]]}")


def draft(cluster, *extra):
    return ["release", "create", "--agent", AGENT, "--types", "LINUX,CONTAINER", *extra]


@case
def wrong_key(cluster):
    other = cluster.directory / "other.pem"
    cluster.run("ifritctl", "key", "generate", other)
    package = cluster.directory / "wrong-key.ifrit"
    cluster.run("ifritctl", "package", "build", cluster.directory / "packages" / "v1", "--key",
                other, "--out", package)
    refused(cluster, 5, ["PACKAGE_UNKNOWN_KEY", "not trusted"], "package", "publish", package)


@case
def changed_archive(cluster):
    good = (cluster.directory / "packages" / "v1.ifrit").read_bytes()
    changed = cluster.directory / "changed.ifrit"
    middle = len(good) // 2
    changed.write_bytes(good[:middle] + bytes([good[middle] ^ 1]) + good[middle + 1:])
    refused(cluster, 1, ["changed.ifrit", "PACKAGE_DIGEST"], "package", "publish", changed)


@case
def cut_archive(cluster):
    good = (cluster.directory / "packages" / "v1.ifrit").read_bytes()
    cut = cluster.directory / "cut.ifrit"
    cut.write_bytes(good[:len(good) // 2])
    refused(cluster, 1, ["cut.ifrit", "PACKAGE_ARCHIVE"], "package", "publish", cut)


@case
def unknown_and_missing_fields(cluster):
    source = cluster.directory / "bad-source"
    shutil.copytree(cluster.directory / "packages" / "v1", source)
    toml = source / "package.toml"
    text = toml.read_text()
    toml.write_text(text.replace("probation", "probaton"))
    refused(cluster, 1, ["package.toml", "probaton", "did you mean probation"], "package",
            "build", source, "--key", cluster.publisher_key)
    toml.write_text("\n".join(line for line in text.split("\n") if not line.startswith("name")))
    refused(cluster, 1, ["package.toml", "name: is missing"], "package", "build", source, "--key",
            cluster.publisher_key)


@case
def climbing_link(cluster):
    source = cluster.directory / "climbing"
    shutil.copytree(cluster.directory / "packages" / "v1", source)
    (source / "files" / "out").symlink_to("../../../etc/passwd")
    refused(cluster, 1, ["points out"], "package", "build", source, "--key",
            cluster.publisher_key)


def members(package):
    """{name: bytes} of a package file."""
    with tarfile.open(package) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}


def signed_by_hand(cluster, good, manifest, payload, out):
    """A package as a publisher's key could sign it whose owner does not use our tools."""
    key_id = members(good)["manifest.sig"].decode().split(" ")[1]
    text = cluster.directory / "manifest.toml"
    text.write_bytes(manifest)
    signature = subprocess.run(
        ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", cluster.publisher_key, "-in", text],
        capture_output=True, check=True).stdout
    with tarfile.open(out, "w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in (("manifest.toml", manifest),
                              ("manifest.sig",
                               f"ed25519 {key_id} {signature.hex()}\n".encode()),
                              ("payload.tar.zst", payload)):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


@case
def climbing_archive_of_a_trusted_key(cluster):
    good = cluster.directory / "packages" / "v1.ifrit"
    parts = members(good)
    raw = subprocess.run(["zstd", "-dc"], input=parts["payload.tar.zst"], capture_output=True,
                         check=True).stdout
    climbing = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(raw)) as source, \
            tarfile.open(fileobj=climbing, mode="w") as target:
        for member in source:
            target.addfile(member, source.extractfile(member) if member.isfile() else None)
        stranger = tarfile.TarInfo("../../climbed")
        stranger.size = 4
        target.addfile(stranger, io.BytesIO(b"evil"))
    payload = subprocess.run(["zstd", "-c"], input=climbing.getvalue(), capture_output=True,
                             check=True).stdout
    manifest = re.sub(r'(?s)\[archive\]\nsha256 = "[0-9a-f]+"\nsize = \d+',
                      f'[archive]\nsha256 = "{hashlib.sha256(payload).hexdigest()}"\n'
                      f"size = {len(payload)}", parts["manifest.toml"].decode())
    manifest = manifest.replace(packages.VERSIONS["v1"][0], "climbing")
    package = cluster.directory / "climbing.ifrit"
    signed_by_hand(cluster, good, manifest.encode(), payload, package)
    refused(cluster, 1, ["climbing.ifrit", "PACKAGE_ARCHIVE", "climbed"], "package", "publish",
            package)


@case
def duplicate_version(cluster):
    source = cluster.directory / "again"
    shutil.copytree(cluster.directory / "packages" / "v1", source)
    (source / "files" / "extra").write_text("other content")
    package = cluster.directory / "again.ifrit"
    cluster.run("ifritctl", "package", "build", source, "--key", cluster.publisher_key, "--out",
                package)
    refused(cluster, 5, [AGENT, packages.VERSIONS["v1"][0]], "package", "publish", package)


@case
def unknown_machine_and_version(cluster):
    refused(cluster, 3, ["demo-99"], *draft(cluster, "--version", packages.VERSIONS["v1"][0],
                                            "--gray-uuid", "demo-99"))
    refused(cluster, 3, ["9.9.9"], *draft(cluster, "--version", "9.9.9"))
    refused(cluster, 3, ["4711"], "release", "show", "4711")


@case
def removing_ifrit_agent(cluster):
    for action in "uninstall", "uninstall-purge":
        refused(cluster, 2, ["ifrit-agent", "own package manager"], "release", "create", "--agent",
                "ifrit-agent", "--types", "LINUX", "--action", action)


@case
def the_cluster_shows_itself(cluster):
    shown = cluster.ctl_json("cluster", "show")
    if sorted(shown["machine_types"]) != ["CONTAINER", "LINUX"] or shown["machines"] != 4:
        raise Failure(f"cluster show: {shown}")


@case
def wrong_bundle(cluster):
    bundle = cluster.directory / "bad.bundle"
    bundle.write_text(cluster.admin_bundle.read_text().replace("format = 1", "format = 1\nx = 2"))
    refused(cluster, 1, ["bad.bundle"], "machine", "list", bundle=bundle)
    other = cluster.directory / "other-master"
    cluster.run("ifrit-master", "init", "--dir", other, "--cluster", "other", "--address",
                cluster.address)
    refused(cluster, 8, ["certificate"], "machine", "list", bundle=other / "admin.bundle")


@case
def expired_and_reused_tokens(cluster):
    machine = cluster.machines[0]
    used = next(line.split('"')[1] for line in (machine.root / "agent.toml").read_text().split("\n")
                if line.startswith("join_token"))
    expired = cluster.run("ifrit-master", "join-token", "--dir", cluster.master_directory, "--ttl",
                          "1ms").stdout.strip()
    for token, words in ((used, "was used by machine"), (expired, "has expired"),
                         ("nonsense", "is not a join token")):
        stranger = machines.plan(1)[0]
        stranger.uuid = f"stranger-{words.split()[-1]}"
        stranger.root = cluster.directory / "machines" / stranger.uuid
        stranger.root.mkdir(parents=True)
        config = stranger.root / "agent.toml"
        config.write_text(stranger.config([cluster.address], "demo",
                                          cluster.master_directory / "ca.pem", token,
                                          cluster.keys))
        done = cluster.run("ifrit-agent", "enrol", "--config", config, check=False)
        if done.returncode == 0 or words not in done.stderr:
            raise Failure(f"a token that {words}: exit {done.returncode}, said: {done.stderr.strip()}")
    known = {m["uuid"] for m in cluster.ctl_json("machine", "list")}
    if known != {m.uuid for m in cluster.machines}:
        raise Failure(f"a refused machine is known: {known}")


@case
def denied_calls_are_audited(cluster):
    bundle = cluster.directory / "eve.bundle"
    cluster.ctl("user", "create", "eve", "--role", "reader", "--reason", "looks only")
    cluster.ctl("user", "issue", "eve", "--out", bundle, "--reason", "looks only",
                "--confirm-count", 1)
    refused(cluster, 4, ["eve"], *draft(cluster, "--version", packages.VERSIONS["v1"][0],
                                        "--reason", "not mine"), bundle=bundle)
    rows = cluster.ctl_json("audit", "list")
    denied = [row for row in rows if row["result"] == "denied" and row["actor"] == "eve"]
    if [row["verb"] for row in denied] != ["release.create"]:
        raise Failure(f"eve's call is not in the audit as denied: {denied}")
    results = {row["result"] for row in rows}
    if not {"allowed", "failed"} <= results:
        raise Failure(f"the audit shows only {results}")
    cluster.ctl("audit", "verify")


@case
def a_killed_master_forgets_nothing(cluster):
    number = str(cluster.ctl_json(*draft(cluster, "--version", packages.VERSIONS["v1"][0],
                                         "--reason", "before the kill"))["number"])
    before = scenario.snapshot(cluster)
    cluster.kill_master()
    cluster.serve_master()
    if cluster.ctl_json("release", "show", number)["state"] != "draft":
        raise Failure("the acknowledged draft is gone")
    cluster.ctl("audit", "verify")
    cluster.ctl("release", "start", number, "--confirm-count", len(cluster.machines),
                "--reason", "after the kill")
    scenario.converged(cluster, packages.VERSIONS["v1"][0], cluster.machines)
    cluster.kill_master()
    running = scenario.snapshot(cluster)
    if any(found is None for found in running.values()) or before == running:
        raise Failure("managed agents did not outlive the master")
    cluster.serve_master()
    scenario.ended(cluster, number, "done")


@case
def a_killed_agent_adopts_what_runs(cluster):
    machine = cluster.machines[0]
    before = machines.exporter(machine)
    agents = [pid for pid, command in machines.processes_under(machine.root).items()
              if "ifrit-agent" in command and "ifrit-guard" not in command]
    if len(agents) != 1:
        raise Failure(f"expected one ifrit-agent, found {agents}")
    os.kill(agents[0], signal.SIGKILL)

    def back():
        now = [pid for pid, command in machines.processes_under(machine.root).items()
               if "ifrit-agent" in command and "ifrit-guard" not in command]
        return bool(now) and now != agents, now
    wait_for("guard starts ifrit-agent again", back, seconds=20)
    if machines.exporter(machine) != before:
        raise Failure("the managed agent was restarted with ifrit-agent")


def main():
    return play_on(machines.plan(4))


if __name__ == "__main__":
    sys.exit(main())
