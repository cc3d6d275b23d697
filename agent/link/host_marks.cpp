// SPDX-License-Identifier: Apache-2.0
#include "agent/link/host_marks.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <sstream>

#include "shared/crypto/sha256.h"

namespace ifrit::agent::link {
namespace {

constexpr std::size_t kMarkDigits = 16;
constexpr std::array<const char*, 2> kStrong{"instance", "board"};
constexpr std::array<const char*, 2> kWeak{"machine-id", "network"};

/// nullopt where one of them does not have it.
std::optional<bool> agree(const HostMarks& a, const HostMarks& b, const std::string& kind) {
    const auto inA = a.find(kind);
    const auto inB = b.find(kind);
    if (inA == a.end() || inB == b.end()) return std::nullopt;
    return inA->second == inB->second;
}

}  // namespace

std::string hostMark(std::string_view kind, std::string_view value) {
    return crypto::sha256Hex(fmt::format("ifrit host\n{}\n{}", kind, value)).substr(0, kMarkDigits);
}

Likeness likeness(const HostMarks& before, const HostMarks& now) {
    bool compared = false;
    for (const char* kind : kStrong) {
        const auto same = agree(before, now, kind);
        if (same && !*same) return Likeness::Other;
        compared = compared || same.has_value();
    }
    if (compared) return Likeness::Same;
    std::size_t changed = 0;
    for (const char* kind : kWeak) {
        const auto same = agree(before, now, kind);
        if (same && *same) return Likeness::Same;
        changed += same ? 1 : 0;
    }
    return changed == kWeak.size() ? Likeness::Other : Likeness::Unknown;
}

std::string formatHostMarks(const HostMarks& marks) {
    std::string out;
    for (const auto& [kind, digest] : marks)
        out += fmt::format("# {}={}\n", kind, digest);
    return out;
}

HostMarks parseHostMarks(std::string_view text) {
    HostMarks marks;
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        const std::size_t equals = line.find('=');
        if (line.rfind("# ", 0) != 0 || equals == std::string::npos) continue;
        const std::string digest = line.substr(equals + 1);
        if (digest.size() != kMarkDigits ||
            digest.find_first_not_of("0123456789abcdef") != std::string::npos)
            continue;
        marks[line.substr(2, equals - 2)] = digest;
    }
    return marks;
}

}  // namespace ifrit::agent::link
