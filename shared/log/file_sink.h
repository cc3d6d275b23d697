// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <spdlog/details/file_helper.h>
#include <spdlog/sinks/base_sink.h>

#include <memory>
#include <mutex>
#include <string>

namespace ifrit::log {

/// Appends to a file, which can be opened again by its name: for whoever moved it away to rotate
/// it. Thread-safe.
class FileSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    /// Throws spdlog_ex when the file cannot be opened. `path` is best absolute.
    explicit FileSink(std::string path);

    /// From here on lines go to the file that has the name now; it is made when there is none. On
    /// an error (FAILED_PRECONDITION LOG_FILE) they go on into the old one. No line is lost.
    absl::Status reopen();

protected:
    void sink_it_(const spdlog::details::log_msg& message) override;
    void flush_() override;

private:
    const std::string m_path;
    std::unique_ptr<spdlog::details::file_helper> m_file;  ///< under base_sink's mutex_
};

}  // namespace ifrit::log
