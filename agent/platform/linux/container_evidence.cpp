// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/linux/container_evidence.h"

#include <fmt/format.h>
#include <unistd.h>

#include <string_view>

#include "agent/platform/posix/small_file.h"

namespace ifrit::agent::platform {
namespace {

using namespace std::string_view_literals;

bool exists(const std::string& path) {
    return ::access(path.c_str(), F_OK) == 0;
}

// OpenVZ shows /proc/vz to host and containers, /proc/bc to the host alone. WSL has no file of its
// own, but names itself in the kernel's release.
std::string kernelEvidence(const std::string& root) {
    if (exists(root + "/proc/vz") && !exists(root + "/proc/bc")) return "/proc/vz exists (OpenVZ)";
    const std::string release =
        readSmallFile(root + "/proc/sys/kernel/osrelease").value_or(std::string());
    for (const auto word : {"Microsoft"sv, "WSL"sv}) {
        if (release.find(word) != std::string::npos)
            return fmt::format("the kernel's release names {} (WSL)", word);
    }
    return "";
}

std::string variableEvidence(const std::string& root, const std::string& ownVariable) {
    if (!ownVariable.empty()) return fmt::format("environment variable container={}", ownVariable);
    const std::string environment =
        '\0' + readSmallFile(root + "/proc/1/environ").value_or(std::string());
    constexpr std::string_view kName = "\0container="sv;
    const auto found = environment.find(kName);
    if (found == std::string::npos) return "";
    const std::size_t value = found + kName.size();
    const bool isEmpty = value >= environment.size() || environment[value] == '\0';
    return isEmpty ? "" : "process 1 has the environment variable container";
}

std::string groupEvidence(const std::string& root) {
    const std::string groups = readSmallFile(root + "/proc/1/cgroup").value_or(std::string());
    for (const auto word : {"docker"sv, "kubepods"sv, "containerd"sv, "libpod"sv, "lxc"sv}) {
        if (groups.find(word) != std::string::npos)
            return fmt::format("/proc/1/cgroup names {}", word);
    }
    // The true root of cgroup v2 has no cgroup.events: who sees one there sees a namespace's root.
    if (exists(root + "/sys/fs/cgroup/cgroup.controllers") &&
        exists(root + "/sys/fs/cgroup/cgroup.events"))
        return "/sys/fs/cgroup is not the root of its hierarchy";
    return "";
}

}  // namespace

std::string containerEvidence(const std::string& root, const std::string& ownVariable) {
    if (std::string found = kernelEvidence(root); !found.empty()) return found;
    for (const char* path : {"/run/host/container-manager", "/run/systemd/container", "/.dockerenv",
                             "/run/.containerenv"}) {
        if (exists(root + path)) return fmt::format("{} exists", path);
    }
    if (std::string found = variableEvidence(root, ownVariable); !found.empty()) return found;
    return groupEvidence(root);
}

}  // namespace ifrit::agent::platform
