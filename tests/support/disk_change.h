// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <linux/filter.h>
#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ifrit::tests {

/// What a system call can fail with, and so which errors may be made of it.
enum class ChangeKind {
    Space,       ///< takes room on the disk: open for writing, write, mkdir, rename, link
    Other,       ///< another change of the disk: unlink, chmod, fsync
    Process,     ///< makes, frees or signals a process
    Descriptor,  ///< makes a descriptor and changes nothing
};

struct SystemCall {
    std::uint64_t number = 0;
    std::array<std::uint64_t, 6> arguments{};
};

struct Change {
    ChangeKind kind = ChangeKind::Other;
    std::string text;  ///< for people: "rename /root/state/journal.toml"
};

enum class Traced { Changes, ChangesAndDescriptors };

/// A seccomp program that hands every call to the tracer that may be a change. The rest of the
/// program runs at full speed.
std::vector<sock_filter> changeFilter(Traced traced);

/// What a thread that is stopped before this call is about to change below `root`, or to do to a
/// process; nullopt: neither.
std::optional<Change> changeOf(pid_t thread, const SystemCall& call, const std::string& root);

}  // namespace ifrit::tests
