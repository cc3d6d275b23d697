// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>
#include <ifrit/v1/machine_link.grpc.pb.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "master/storage/database.h"

namespace ifrit::tests {

/// A machine that reports as its agent does: the next report after the answer to the last, and the
/// same again where that was not acknowledged. Each brings an event of its own. One thread.
class Reporter {
public:
    struct Tally {
        std::atomic<int> made{0};
        std::atomic<int> stored{0};
        std::atomic<int> shed{0};   ///< RESOURCE_EXHAUSTED with a time to come again
        std::atomic<int> other{0};  ///< anything else: must not be
    };

    Reporter(std::string uuid, const std::shared_ptr<grpc::Channel>& channel, Tally& tally);
    ~Reporter() { awaitAnswer(); }

    const std::string& uuid() const { return m_uuid; }
    std::uint64_t acked() const { return m_acked; }
    void awaitAnswer();
    /// False: it still waits for its last answer.
    bool report();

private:
    void answered(const grpc::Status& how);

    const std::string m_uuid;
    const std::unique_ptr<v1::MachineLink::Stub> m_stub;
    Tally& m_tally;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_isRunning = false;
    std::atomic<std::uint64_t> m_acked{0};
    v1::SyncRequest m_request;
    v1::SyncResponse m_response;
    std::unique_ptr<grpc::ClientContext> m_context;
};

/// Machines that report in turn.
class Reporters {
public:
    void add(std::string uuid, const std::shared_ptr<grpc::Channel>& channel) {
        m_machines.push_back(std::make_unique<Reporter>(std::move(uuid), channel, tally));
    }
    /// So many more reports, of those that wait for no answer; how many that were.
    int offer(int count);
    void awaitAnswers();
    /// Machines of whose acknowledged reports `database` does not hold each, once; -1: it does not
    /// answer.
    int lost(master::storage::Database& database) const;

    Reporter::Tally tally;

private:
    std::vector<std::unique_ptr<Reporter>> m_machines;
    std::size_t m_next = 0;
};

}  // namespace ifrit::tests
