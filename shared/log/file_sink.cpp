// SPDX-License-Identifier: Apache-2.0
#include "shared/log/file_sink.h"

#include <spdlog/common.h>

#include <utility>

#include "shared/base/status.h"

namespace ifrit::log {
namespace {

std::unique_ptr<spdlog::details::file_helper> openFile(const std::string& path) {
    auto file = std::make_unique<spdlog::details::file_helper>();
    file->open(path);
    return file;
}

}  // namespace

FileSink::FileSink(std::string path) : m_path(std::move(path)), m_file(openFile(m_path)) {}

absl::Status FileSink::reopen() {
    std::unique_ptr<spdlog::details::file_helper> file;
    try {
        file = openFile(m_path);
    } catch (const spdlog::spdlog_ex& error) {
        return base::failedPrecondition(
            "LOG_FILE", m_path, "cannot open the log {} again, it goes on in the file before: {}",
            m_path, error.what());
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    // The last lines before; an error of the old file is no reason to stay with it.
    try {
        m_file->flush();
    } catch (const spdlog::spdlog_ex&) {
    }
    m_file = std::move(file);
    return absl::OkStatus();
}

void FileSink::sink_it_(const spdlog::details::log_msg& message) {
    spdlog::memory_buf_t formatted;
    formatter_->format(message, formatted);
    m_file->write(formatted);
}

void FileSink::flush_() {
    m_file->flush();
}

}  // namespace ifrit::log
