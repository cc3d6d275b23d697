// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <thread>

#include "agent/integrity/integrity_scanner.h"

namespace ifrit::agent::integrity {

/// The thread "integrity", the last in line for processor and disk. Ends and joins in the
/// destructor, in the middle of a scan too. The scanner must outlive it.
class ScanThread {
public:
    explicit ScanThread(IntegrityScanner& scanner);
    ~ScanThread();
    ScanThread(const ScanThread&) = delete;
    ScanThread& operator=(const ScanThread&) = delete;

private:
    void run();

    IntegrityScanner& m_scanner;
    std::thread m_thread;
};

}  // namespace ifrit::agent::integrity
