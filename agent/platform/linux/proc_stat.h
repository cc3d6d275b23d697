// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ifrit::agent::platform {

/// The fields of /proc/<pid>/stat that are used (proc(5)).
struct ProcStat {
    char state = '?';
    std::int32_t parentPid = 0;
    std::int32_t sessionId = 0;
    std::uint64_t userTicks = 0;
    std::uint64_t systemTicks = 0;
    std::uint64_t childrenUserTicks = 0;  ///< of children that were waited for, and theirs
    std::uint64_t childrenSystemTicks = 0;
    std::uint32_t threads = 1;
    std::uint64_t startTime = 0;
    std::uint64_t rssPages = 0;
};

/// nullopt for text that is not such a line. The program's name in it may hold blanks and ')'.
std::optional<ProcStat> parseProcStat(std::string_view line);

/// The real user id in the text of /proc/<pid>/status; nullopt where there is none.
std::optional<std::uint32_t> parseRealUser(std::string_view status);

}  // namespace ifrit::agent::platform
