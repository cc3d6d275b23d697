// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "master/rpc/relay.h"
#include "master/services/archive_store.h"

namespace ifrit::master::rpc {

/// Brings archives that were published at another master here, from whoever holds them, and keeps
/// what has the wanted digest alone. One at a time, on one thread; calls are thread-safe.
class PeerArchives {
public:
    using Done = std::function<void(const absl::Status&)>;

    PeerArchives(services::ArchiveStore& archives, Relay& relay)
        : m_archives(archives), m_relay(relay) {}
    ~PeerArchives();
    PeerArchives(const PeerArchives&) = delete;
    PeerArchives& operator=(const PeerArchives&) = delete;

    /// Until then there is no other master, and who waits is told at once that nobody has it.
    void start();
    /// Ends the thread; who waits is told.
    void stop();
    /// `done`, where it is given, once: when the archive is here, at once where it is already, or
    /// why it is not. On the fetching thread, or the caller's. Who waits for a digest counts before
    /// what nobody waits for.
    void want(const std::string& digest, std::uint64_t sizeBytes, Done done);

private:
    struct Wanted {
        std::uint64_t sizeBytes = 0;
        std::vector<Done> waiting;
    };

    void run();
    absl::Status fetch(const std::string& digest, std::uint64_t sizeBytes);
    absl::Status fetchFrom(const std::shared_ptr<grpc::Channel>& other, const std::string& digest,
                           std::uint64_t sizeBytes);
    bool isStopping() const;

    services::ArchiveStore& m_archives;
    Relay& m_relay;
    mutable absl::Mutex m_mutex;
    std::map<std::string, Wanted> m_wanted ABSL_GUARDED_BY(m_mutex);
    std::deque<std::string> m_queue ABSL_GUARDED_BY(m_mutex);
    grpc::ClientContext* m_running ABSL_GUARDED_BY(m_mutex) = nullptr;
    bool m_isServed ABSL_GUARDED_BY(m_mutex) = false;  ///< by m_thread
    bool m_stopping ABSL_GUARDED_BY(m_mutex) = false;
    std::thread m_thread;
};

}  // namespace ifrit::master::rpc
