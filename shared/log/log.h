// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <spdlog/spdlog.h>

#include <optional>
#include <string>
#include <string_view>

namespace ifrit::log {

enum class Format { Text, Json };

struct Options {
    std::string program;  ///< in every JSON line
    Format format = Format::Text;
    spdlog::level::level_enum level = spdlog::level::info;
    std::string file;  ///< empty: standard error; journald gets it with priorities
};

/// Sets spdlog's default logger for the process. Call once, before threads. After it, code logs
/// with spdlog::info(...) and its like, which are thread-safe. Never log a secret.
absl::Status setUp(const Options& options);
/// Opens the file again by its name, for whoever moved it away (logrotate); nothing to do where the
/// log is no file. On an error the log goes on where it was. Later, on any thread.
absl::Status reopen();
/// Later, on any thread.
void setLevel(spdlog::level::level_enum level);

/// "trace", "debug", "info", "warning", "error", "off"; "text", "json". nullopt for other words.
std::optional<spdlog::level::level_enum> levelFromName(std::string_view name);
std::optional<Format> formatFromName(std::string_view name);
/// "error" also for what is worse.
std::string_view nameOf(spdlog::level::level_enum level);
std::string_view nameOf(Format format);

}  // namespace ifrit::log
