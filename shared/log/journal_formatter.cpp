// SPDX-License-Identifier: Apache-2.0
#include "shared/log/journal_formatter.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string_view>

namespace ifrit::log {
namespace {

char priorityOf(spdlog::level::level_enum level) {
    switch (level) {
        case spdlog::level::critical:
            return '2';
        case spdlog::level::err:
            return '3';
        case spdlog::level::warn:
            return '4';
        case spdlog::level::info:
            return '6';
        default:
            return '7';
    }
}

}  // namespace

void JournalFormatter::format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) {
    constexpr std::string_view kBreak = " | ";
    out.push_back('<');
    out.push_back(priorityOf(message.level));
    out.push_back('>');
    for (const char c : message.payload) {
        if (c == '\n') {
            out.append(kBreak.data(), kBreak.data() + kBreak.size());
        } else {
            out.push_back(c);
        }
    }
    out.push_back('\n');
}

std::unique_ptr<spdlog::formatter> JournalFormatter::clone() const {
    return std::make_unique<JournalFormatter>();
}

bool isJournal(const char* journalStream) {
    if (journalStream == nullptr) return false;
    struct stat found {};
    // Inherited by processes whose standard error was led elsewhere: the name must fit.
    return ::fstat(STDERR_FILENO, &found) == 0 &&
           fmt::format("{}:{}", found.st_dev, found.st_ino) == journalStream;
}

}  // namespace ifrit::log
