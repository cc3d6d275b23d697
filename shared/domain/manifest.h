// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ifrit::domain {

/// One installed file of a package. Directories are implied by their files.
struct FileEntry {
    enum class Kind { Regular, Symlink };
    std::string path;  ///< relative to the version's root, checkRelativePath()
    Kind kind = Kind::Regular;
    std::uint64_t sizeBytes = 0;
    std::string sha256;      ///< lower-case hex; empty for a symlink
    std::uint32_t mode = 0;  ///< permission bits only (at most 0755; no setuid, setgid, sticky)
    std::string linkTarget;  ///< symlinks: relative, stays inside the root
    bool operator==(const FileEntry&) const = default;
};

/// How liveness is asked. Exactly one of the kinds.
struct Probe {
    enum class Kind { Exec, Tcp, Http };
    Kind kind = Kind::Tcp;
    std::vector<std::string> command;  ///< Exec: argv, exit 0 is healthy
    std::string address;               ///< Tcp: "host:port"
    std::string url;                   ///< Http: "http://host:port/path", 2xx is healthy
    std::chrono::milliseconds interval{10'000};
    std::chrono::milliseconds timeout{3'000};
    std::uint32_t failureThreshold = 3;  ///< consecutive failures until unhealthy
    bool operator==(const Probe&) const = default;
};

/// A program run at a step of the life cycle, argv with variables, killed at the time limit.
struct Hook {
    std::vector<std::string> command;
    std::chrono::milliseconds timeout{30'000};
    bool operator==(const Hook&) const = default;
};

struct Hooks {
    std::optional<Hook> preInstall;
    std::optional<Hook> postInstall;
    std::optional<Hook> preStart;
    std::optional<Hook> postStop;
    std::optional<Hook> preUninstall;
    bool operator==(const Hooks&) const = default;
};

/// Zero means no limit.
struct Limits {
    std::uint64_t memoryBytes = 0;
    std::uint32_t cpuPercent = 0;  ///< of one core: 150 is one and a half cores
    std::uint32_t pids = 0;
    std::uint32_t openFiles = 0;
    bool operator==(const Limits&) const = default;
};

/// What must hold on the machine before anything is downloaded.
struct Preflight {
    std::uint64_t diskBytes = 0;  ///< free beside the archive and the unpacked files
    std::vector<std::string>
        ports;              ///< "${vars.port}" or numbers, TCP, free unless held by the old version
    std::string minKernel;  ///< "5.10", empty: any
    std::string minGlibc;   ///< "2.36", empty: any
    std::vector<std::string> conflicts;  ///< agents that must not be installed
    bool operator==(const Preflight&) const = default;
};

struct Start {
    std::vector<std::string>
        command;  ///< argv with variables; [0] relative to the version's root or absolute
    std::map<std::string, std::string> environment;  ///< values with variables
    std::string user;                                ///< empty: the user that ifrit-agent runs as
    bool operator==(const Start&) const = default;
};

struct Stop {
    std::string signal = "SIGTERM";
    std::chrono::milliseconds grace{10'000};  ///< then SIGKILL to the whole group
    bool operator==(const Stop&) const = default;
};

/// The signed description of a package: one version of one agent for one or more machine types.
/// Its identity is the SHA-256 of the exact signed bytes (docs/package-format.md).
struct Manifest {
    std::uint32_t format = 1;
    std::string name;
    std::string version;
    std::string description;
    std::vector<std::string> machineTypes;
    std::string archiveSha256;  ///< of payload.tar.zst
    std::uint64_t archiveSizeBytes = 0;
    std::uint64_t unpackedSizeBytes = 0;  ///< sum of the files, cap while unpacking
    std::vector<FileEntry> files;         ///< sorted by path, unique also when case is ignored
    Start start;
    Stop stop;
    std::optional<Probe> probe;
    Hooks hooks;
    Limits limits;
    Preflight preflight;
    std::chrono::milliseconds probation{10'000};  ///< how long a new version must stay healthy
    std::map<std::string, std::string> vars;  ///< defaults of ${vars.*}, overridable per machine
    std::uint64_t index = 0;                  ///< the publisher's count of this agent's packages
    /// A machine on which this package has proved itself never again takes one of this agent with a
    /// lower index. At most `index`.
    std::uint64_t withdrawsBelow = 0;
    bool operator==(const Manifest&) const = default;
};

}  // namespace ifrit::domain
