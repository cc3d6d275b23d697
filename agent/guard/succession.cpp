// SPDX-License-Identifier: Apache-2.0
#include "agent/guard/succession.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "agent/guard/key_value_file.h"
#include "shared/base/atomic_file.h"

namespace ifrit::agent::guard {
namespace {

constexpr char kSuccessor[] = "guard-successor";
constexpr char kRefused[] = "guard-refused";
constexpr char kCurrentGuard[] = "current/bin/ifrit-guard";
constexpr std::size_t kMostBytes = 64 * 1024 * 1024;

std::string programIn(const std::string& file) {
    const auto values = readKeyValues(file);
    return values.ok() ? textOf(*values, "program") : "";
}

/// The same program in two places needs no succession.
bool haveSameBytes(const std::string& one, const std::string& other) {
    std::error_code error;
    const auto size = std::filesystem::file_size(one, error);
    if (error || size != std::filesystem::file_size(other, error) || error) return false;
    const auto first = base::readFile(one, kMostBytes);
    const auto second = base::readFile(other, kMostBytes);
    return first.ok() && second.ok() && *first == *second;
}

}  // namespace

Succession::Succession(std::string root, std::string self, const Slots& slots,
                       platform::Directories& directories)
    : m_root(std::move(root)),
      m_self(std::move(self)),
      m_slots(slots),
      m_directories(directories) {}

std::optional<std::string> Succession::successor() const {
    // A version on trial has not earned it yet, and the one before is no longer in `current`.
    if (m_slots.current().empty() || m_slots.trial()) return std::nullopt;
    std::error_code error;
    const std::string program = std::filesystem::canonical(path(kCurrentGuard), error).string();
    if (error || program == m_self || ::access(program.c_str(), X_OK) != 0) return std::nullopt;
    if (programIn(path(kRefused)) == program || haveSameBytes(program, m_self)) return std::nullopt;
    return program;
}

absl::Status Succession::prepare(const std::string& program, base::SteadyTime now) {
    const auto before = readKeyValues(path(kSuccessor));
    const bool again = before.ok() && textOf(*before, "program") == program;
    const int tries = again ? numberOf<int>(*before, "tries") : 0;
    if (tries >= kTries) {
        IFRIT_RETURN_IF_ERROR(refuse(program, "it did not come up"));
        return base::failedPrecondition("GUARD_REFUSED", program,
                                        "{} did not come up {} times and is not tried again",
                                        program, tries);
    }
    const auto since =
        std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
    return writeKeyValues(path(kSuccessor), {{"program", program},
                                             {"tries", std::to_string(tries + 1)},
                                             {"since_ms", std::to_string(since.count())}});
}

absl::Status Succession::refuse(const std::string& program, const std::string& why) {
    IFRIT_RETURN_IF_ERROR(writeKeyValues(path(kRefused), {{"program", program}, {"why", why}}));
    return m_directories.removeTree(path(kSuccessor));
}

bool Succession::isPending() const {
    return programIn(path(kSuccessor)) == m_self;
}

absl::Status Succession::stands() {
    return m_directories.removeTree(path(kSuccessor));
}

std::optional<base::SteadyTime> pendingSuccession(const std::string& root) {
    const auto values = readKeyValues(root + "/ifrit/" + kSuccessor);
    if (!values.ok()) return std::nullopt;
    return base::SteadyTime(std::chrono::milliseconds(numberOf<std::int64_t>(*values, "since_ms")));
}

}  // namespace ifrit::agent::guard
