// SPDX-License-Identifier: Apache-2.0
#include "agent/app/advice.h"

#include <algorithm>
#include <iterator>

namespace ifrit::agent::app {
namespace {

struct Advice {
    std::string_view reason;
    std::string_view text;
};

constexpr Advice kAdvice[] = {
    {"AGENT_UNKNOWN", "`ifrit-agent status` names those that there are"},
    {"BAD_RUN_SPEC", "build the package anew; ifritctl package verify says what is wrong in it"},
    {"BAD_SIGNAL", "was the package made for a newer ifrit-agent? upgrade that first"},
    {"CERTIFICATE_REVOKED",
     "make a token that names this machine (ifrit-master join-token --uuid) and put it into "
     "join_token_file; ifrit-agent enrols with it by itself"},
    {"CLONED_IDENTITY",
     "if this is the copy: stop ifrit-guard, remove state/identity.pem and state/journal.toml, "
     "give this machine its own uuid and a new join token, start it again"},
    {"CONFIG_DENIED", "run it as root"},
    {"CONFIG_MISSING", "name the machine's agent.toml with --config"},
    {"CUT_OFF", "nothing: it asks again by itself, where there are several masters at the next"},
    {"DOWNLOAD_FAILED", "look at the network to the mirrors and masters; it is tried again"},
    {"DOWNLOAD_TOO_LONG", "the source sends more than was signed: look for a broken proxy"},
    {"DOWNLOAD_TOO_SLOW", "look at the network to the mirrors and masters; it is tried again"},
    {"EXITED_AT_START",
     "read its log (below log/ of ifrit's root); then mend it, or release "
     "another version"},
    {"HOOK_FAILED", "the message holds the hook's last output"},
    {"HUNG", "the new ifrit-agent stood still: release another version"},
    {"IDENTITY_DAMAGED",
     "remove state/identity.pem and enrol again with a token that names this "
     "machine (ifrit-master join-token --uuid)"},
    {"LIMIT_EXCEEDED", "raise the limit in its manifest, or mend the leak"},
    {"GENERATION_BACKWARDS",
     "was a master's database put back to an older one? ifrit-master backup, and ifrit-master "
     "restore of that, raise the generation above what machines hold"},
    {"JOURNAL_DAMAGED", "it was rebuilt from the disk; look at the disk"},
    {"JOURNAL_TOO_NEW", "upgrade the machine's ifrit-agent package to the version that wrote it"},
    {"MACHINE_ENROLLED", "make a token that names this machine: ifrit-master join-token --uuid"},
    {"MACHINE_EXHAUSTED",
     "find out who uses up descriptors, memory or processes (ulimit -n; systemctl show "
     "ifrit-guard); it goes on by itself"},
    {"LOCAL_ANSWER", "use the program that runs: ifrit/current below ifrit's root"},
    {"LOCAL_DENIED", "run it as root: ifrit-agent answers root and whom it runs as"},
    {"LOCAL_REQUEST", "use the program that runs: ifrit/current below ifrit's root"},
    {"LOCAL_TIMEOUT",
     "managed agents run on. ifrit-guard starts ifrit-agent again when it has stood still for 5 "
     "minutes (--hung-after); at once: systemctl restart ifrit-guard"},
    {"LOCAL_TOO_LONG", "use the program that runs: ifrit/current below ifrit's root"},
    {"MACHINE_UNNAMED", "set uuid in agent.toml"},
    {"MANIFEST_LOST", "look at the disk; it is tried again by itself, ever later"},
    {"MANIFEST_UNAVAILABLE", "it is tried again; is the package published?"},
    {"MASTER_NOT_REACHED",
     "can the new version reach the masters (name, port, CA)? a known bad one is cleared by "
     "ifrit-agent reset-bad"},
    {"NOT_ENROLLED",
     "ifrit-agent enrols by itself, and `ifrit-agent status` says what is in its way; where "
     "ifrit-guard is stopped, `ifrit-agent enrol` does"},
    {"NO_ADDRESS", "bring the network up; it starts by itself then"},
    {"NO_ANSWER",
     "look at ifrit-master there (systemctl status ifrit-master, its log), or at a proxy on the "
     "way"},
    {"NO_CA", "put the cluster's ca.pem on this machine and name it as ca_file in agent.toml"},
    {"NO_IFRIT_AGENT", "name the agent.toml of this machine with --config; its root is another"},
    {"NO_JOIN_TOKEN", "make a token with ifrit-master join-token and put it into join_token_file"},
    {"NOT_KNOWN_BAD", "nothing is in the way of a next try"},
    {"NO_SUCH_USER", "make the user, or name another in the manifest's [start]"},
    {"NO_VERDICT",
     "the message says what was missing; look also at what the version itself uses up. It is tried "
     "again by itself when 'attempts' says: after 10 minutes, then ever later, once a day at last"},
    {"PACKAGE_ARCHIVE", "publish the package again; a proxy or a disk may be damaged"},
    {"PACKAGE_DIGEST", "publish the package again; a proxy or a disk may be damaged"},
    {"PACKAGE_INVALID", "publish the package again; a proxy or a disk may be damaged"},
    {"PACKAGE_MANIFEST", "build and publish the package anew; ifritctl package verify says why"},
    {"PACKAGE_MISMATCH", "the master's store is wrong; nothing was installed"},
    {"PACKAGE_NO_KEYS", "put the publisher's public key into the keys folder that is named"},
    {"PACKAGE_SIGNATURE",
     "put the publisher's public key into the keys folder, or find out who "
     "changed the package"},
    {"PACKAGE_TOO_LARGE", "build the package with less in its manifest"},
    {"PACKAGE_UNKNOWN_KEY",
     "put the publisher's public key into the keys folder, or find out who "
     "signed the package"},
    {"PACKAGE_WITHDRAWN", "release a newer package"},
    {"PERMIT_REFUSED",
     "nothing here: the message begins with what it waits for: the release (paused, halted, over), "
     "its window, a freeze, or others that switch just now"},
    {"PERMIT_UNAVAILABLE", "nothing is switched without a master; see the checks of the masters"},
    {"PREFLIGHT_CONFLICT", "remove what the message names, or release it elsewhere"},
    {"PREFLIGHT_DISK", "free space below ifrit's root"},
    {"PREFLIGHT_GUARD", "let init start ifrit-guard, which starts ifrit-agent"},
    {"PREFLIGHT_KERNEL", "the package is not for this kernel"},
    {"PREFLIGHT_LIBC", "the package is not for this C library"},
    {"PREFLIGHT_PORT", "find out who holds the port (ss -ltnp) and stop it, or set another"},
    {"PREFLIGHT_TYPE", "the package is not for this machine type"},
    {"PROBE_FAILED", "it runs and does not answer: is its probe's address right?"},
    {"PROGRAM_CHANGED", "its files are put back by themselves; find out who writes there"},
    {"PROGRAM_SWAPPED", "its files are put back by themselves; find out who writes there"},
    {"REPAIR_BLOCKED", "remove what the message names"},
    {"REPAIR_FAILED", "free space, or mend the disk; it is tried again"},
    {"REPORT_NUMBER", "that master's database is damaged: restore it; this machine goes on"},
    {"SELF_CHECK_FAILED", "the message says what the new ifrit-agent lacks here"},
    {"SELF_UNINSTALL", "remove ifrit-agent with the machine's package manager"},
    {"START_FAILED", "the message says why it cannot be executed"},
    {"START_HANGS",
     "see whether what is mounted at that directory answers (ls, dmesg); it is tried again by "
     "itself"},
    {"STOP_FAILED", "a process does not end, also by SIGKILL: look at the disk or NFS"},
    {"TLS_FAILED", "is that a master's port, or does something on the way answer in its place?"},
    {"TLS_UNTRUSTED",
     "is ca_file that of this cluster, and does the master's certificate name what agent.toml "
     "calls it (masters, server_name)? is the clock right?"},
    {"TOKEN_EXPIRED", "make a new token with ifrit-master join-token"},
    {"TOKEN_MALFORMED", "join_token_file must hold what ifrit-master join-token printed"},
    {"TOKEN_OTHER_CLUSTER", "token and agent.toml must be of one cluster"},
    {"TOKEN_OTHER_MACHINE", "the token names another machine; make one for this uuid"},
    {"TOKEN_UNKNOWN", "make a new token with ifrit-master join-token"},
    {"TOKEN_USED", "make a new token with ifrit-master join-token"},
    {"UNREACHABLE",
     "is ifrit-master running there, is the address in agent.toml right, and does a firewall let "
     "the port through? `ifrit-agent doctor` says how far the line holds"},
    {"UNPACK_FAILED", "free space; else publish the package again"},
    {"VARIABLE_SYNTAX", "build the package anew; ifritctl package verify says what is wrong in it"},
    {"VARIABLE_UNKNOWN", "was the package made for a newer ifrit-agent? upgrade that first"},
};

}  // namespace

std::string_view adviceFor(std::string_view reason) {
    const auto found = std::find_if(std::begin(kAdvice), std::end(kAdvice),
                                    [&](const Advice& one) { return one.reason == reason; });
    return found == std::end(kAdvice) ? std::string_view() : found->text;
}

}  // namespace ifrit::agent::app
