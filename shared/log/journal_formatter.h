// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <spdlog/formatter.h>

#include <memory>

namespace ifrit::log {

/// Lines for journald, which has the time itself: "<3>text", the number being syslog's priority
/// (sd-daemon(3)), so that `journalctl -p err` finds errors. A line break in the text would be
/// another entry without priority, and becomes " | ".
class JournalFormatter final : public spdlog::formatter {
public:
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override;
    std::unique_ptr<spdlog::formatter> clone() const override;
};

/// The standard error goes to journald: `journalStream` (JOURNAL_STREAM, "device:inode") names it.
bool isJournal(const char* journalStream);

}  // namespace ifrit::log
