// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/linux/proc_stat.h"

#include <charconv>

namespace ifrit::agent::platform {
namespace {

// Field numbers of proc(5), counted from 1.
constexpr int kState = 3;
constexpr int kParent = 4;
constexpr int kSession = 6;
constexpr int kUserTicks = 14;
constexpr int kSystemTicks = 15;
constexpr int kChildrenUserTicks = 16;
constexpr int kChildrenSystemTicks = 17;
constexpr int kThreads = 20;
constexpr int kStartTime = 22;
constexpr int kRssPages = 24;

template <typename Number>
bool parse(std::string_view text, Number& number) {
    return std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc();
}

bool takeField(int number, std::string_view text, ProcStat& stat) {
    switch (number) {
        case kState:
            stat.state = text.empty() ? '?' : text.front();
            return !text.empty();
        case kParent:
            return parse(text, stat.parentPid);
        case kSession:
            return parse(text, stat.sessionId);
        case kUserTicks:
            return parse(text, stat.userTicks);
        case kSystemTicks:
            return parse(text, stat.systemTicks);
        case kChildrenUserTicks:
            return parse(text, stat.childrenUserTicks);
        case kChildrenSystemTicks:
            return parse(text, stat.childrenSystemTicks);
        case kThreads:
            return parse(text, stat.threads);
        case kStartTime:
            return parse(text, stat.startTime);
        case kRssPages:
            return parse(text, stat.rssPages);
        default:
            return true;
    }
}

}  // namespace

std::optional<ProcStat> parseProcStat(std::string_view line) {
    // A program can call itself "a) R 1 (": only the last ')' ends the name.
    const auto nameEnd = line.rfind(')');
    if (nameEnd == std::string_view::npos || nameEnd + 2 > line.size()) return std::nullopt;
    std::string_view rest = line.substr(nameEnd + 2);
    ProcStat stat;
    for (int number = kState; number <= kRssPages; ++number) {
        const auto end = rest.find_first_of(" \n");
        if (!takeField(number, rest.substr(0, end), stat)) return std::nullopt;
        if (end == std::string_view::npos) {
            return number == kRssPages ? std::optional(stat) : std::nullopt;
        }
        rest.remove_prefix(end + 1);
    }
    return stat;
}

std::optional<std::uint32_t> parseRealUser(std::string_view status) {
    // The first line, with the program's name, may hold anything but the end of a line.
    constexpr std::string_view kUsers = "\nUid:\t";
    const auto at = status.find(kUsers);
    std::uint32_t user = 0;
    if (at == std::string_view::npos || !parse(status.substr(at + kUsers.size()), user))
        return std::nullopt;
    return user;
}

}  // namespace ifrit::agent::platform
