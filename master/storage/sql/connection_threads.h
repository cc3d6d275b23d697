// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>
#include <absl/synchronization/notification.h>

#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "master/storage/sql/connection.h"

namespace ifrit::master::storage::sql {

/// Threads that each own one connection, since QtSql binds a connection to the thread that opened
/// it and our callers are threads of gRPC, which come and go. A call blocks until it was served,
/// in order of arrival. A lost connection is opened anew for the next call, and for one that found
/// it lost before its transaction began (it was idle for too long, or the server was restarted).
/// Thread-safe.
class ConnectionThreads {
public:
    using Open = std::function<absl::StatusOr<std::unique_ptr<Connection>>()>;
    using Work = std::function<absl::Status(Connection&)>;

    ConnectionThreads(Open open, std::size_t threads);
    /// Waits for the calls that run.
    ~ConnectionThreads();
    ConnectionThreads(const ConnectionThreads&) = delete;
    ConnectionThreads& operator=(const ConnectionThreads&) = delete;

    /// INTERNAL (NESTED_TRANSACTION) from one of our own threads: it would wait for itself.
    absl::Status run(const Work& work);

private:
    struct Job {
        const Work* work = nullptr;
        absl::Status result;
        absl::Notification done;
    };

    void serve();
    absl::Status serveOne(const Work& work, std::unique_ptr<Connection>& connection);
    Job* next();

    const Open m_open;
    absl::Mutex m_mutex;
    std::deque<Job*> m_jobs ABSL_GUARDED_BY(m_mutex);
    bool m_stopping ABSL_GUARDED_BY(m_mutex) = false;
    std::vector<std::thread> m_threads;
};

}  // namespace ifrit::master::storage::sql
