// SPDX-License-Identifier: Apache-2.0
#include "agent/integrity/scan_thread.h"

#include <spdlog/spdlog.h>

#include "agent/platform/background_thread.h"

namespace ifrit::agent::integrity {
namespace {

/// How late a new version is noticed at most; its first scan is not due sooner.
constexpr std::chrono::seconds kLongestWait{15};

}  // namespace

ScanThread::ScanThread(IntegrityScanner& scanner)
    : m_scanner(scanner), m_thread([this] { run(); }) {}

ScanThread::~ScanThread() {
    m_scanner.stop();
    m_thread.join();
}

void ScanThread::run() {
    if (const absl::Status status = platform::becomeBackgroundThread(); !status.ok()) {
        spdlog::info("integrity scans run at the usual priority: {}", base::messageOf(status));
    }
    while (!m_scanner.stopped())
        m_scanner.step(kLongestWait);
}

}  // namespace ifrit::agent::integrity
