// SPDX-License-Identifier: Apache-2.0
#include "shared/log/log.h"

#include <spdlog/sinks/stdout_sinks.h>

#include <cstdlib>
#include <memory>
#include <utility>

#include "shared/base/status.h"
#include "shared/log/file_sink.h"
#include "shared/log/journal_formatter.h"
#include "shared/log/json_formatter.h"

namespace ifrit::log {
namespace {

constexpr std::pair<std::string_view, spdlog::level::level_enum> kLevels[] = {
    {"trace", spdlog::level::trace}, {"debug", spdlog::level::debug},
    {"info", spdlog::level::info},   {"warning", spdlog::level::warn},
    {"error", spdlog::level::err},   {"off", spdlog::level::off}};
constexpr std::pair<std::string_view, Format> kFormats[] = {{"text", Format::Text},
                                                            {"json", Format::Json}};

template <typename Value, std::size_t count>
std::optional<Value> valueOf(const std::pair<std::string_view, Value> (&names)[count],
                             std::string_view name) {
    for (const auto& [candidate, value] : names) {
        if (candidate == name) return value;
    }
    return std::nullopt;
}

}  // namespace

absl::Status setUp(const Options& options) {
    std::shared_ptr<spdlog::sinks::sink> sink;
    try {
        if (options.file.empty()) {
            sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
        } else {
            sink = std::make_shared<FileSink>(options.file);
        }
    } catch (const spdlog::spdlog_ex& error) {
        return base::failedPrecondition("LOG_FILE", options.file, "cannot open the log {}: {}",
                                        options.file, error.what());
    }
    auto logger = std::make_shared<spdlog::logger>(options.program, std::move(sink));
    logger->set_level(options.level);
    logger->flush_on(spdlog::level::info);
    if (options.format == Format::Json) {
        logger->set_formatter(std::make_unique<JsonFormatter>());
    } else if (options.file.empty() && isJournal(std::getenv("JOURNAL_STREAM"))) {
        logger->set_formatter(std::make_unique<JournalFormatter>());
    } else {
        logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    }
    spdlog::set_default_logger(std::move(logger));
    return absl::OkStatus();
}

absl::Status reopen() {
    for (const auto& sink : spdlog::default_logger()->sinks()) {
        if (const auto file = std::dynamic_pointer_cast<FileSink>(sink))
            IFRIT_RETURN_IF_ERROR(file->reopen());
    }
    return absl::OkStatus();
}

void setLevel(spdlog::level::level_enum level) {
    spdlog::set_level(level);
}

std::optional<spdlog::level::level_enum> levelFromName(std::string_view name) {
    return valueOf(kLevels, name);
}

std::optional<Format> formatFromName(std::string_view name) {
    return valueOf(kFormats, name);
}

std::string_view nameOf(spdlog::level::level_enum level) {
    for (const auto& [name, candidate] : kLevels) {
        if (candidate == level) return name;
    }
    return "error";
}

std::string_view nameOf(Format format) {
    return format == Format::Json ? "json" : "text";
}

}  // namespace ifrit::log
