// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/connection_threads.h"

#include <exception>
#include <utility>

#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

thread_local bool onWorker = false;

absl::Status guarded(const ConnectionThreads::Work& work, Connection& connection) {
    try {
        return work(connection);
    } catch (const std::exception& error) {
        return base::makeError(absl::StatusCode::kInternal, "EXCEPTION", "",
                               fmt::format("a database call threw: {}", error.what()));
    }
}

}  // namespace

ConnectionThreads::ConnectionThreads(Open open, std::size_t threads) : m_open(std::move(open)) {
    for (std::size_t i = 0; i < threads; ++i)
        m_threads.emplace_back([this] { serve(); });
}

ConnectionThreads::~ConnectionThreads() {
    {
        absl::MutexLock lock(&m_mutex);
        m_stopping = true;
    }
    for (std::thread& thread : m_threads)
        thread.join();
}

absl::Status ConnectionThreads::run(const Work& work) {
    if (onWorker) {
        return base::makeError(absl::StatusCode::kInternal, "NESTED_TRANSACTION", "",
                               "a transaction was started inside another one");
    }
    Job job;
    job.work = &work;
    {
        absl::MutexLock lock(&m_mutex);
        m_jobs.push_back(&job);
    }
    job.done.WaitForNotification();
    return job.result;
}

ConnectionThreads::Job* ConnectionThreads::next() {
    absl::MutexLock lock(&m_mutex);
    const auto wanted = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex) {
        return !m_jobs.empty() || m_stopping;
    };
    m_mutex.Await(absl::Condition(&wanted));
    if (m_jobs.empty()) return nullptr;
    Job* job = m_jobs.front();
    m_jobs.pop_front();
    return job;
}

absl::Status ConnectionThreads::serveOne(const Work& work,
                                         std::unique_ptr<Connection>& connection) {
    const auto reopen = [&]() -> absl::Status {
        connection.reset();
        auto opened = m_open();
        if (opened.ok()) connection = *std::move(opened);
        return opened.status();
    };
    const bool used = connection != nullptr;
    if (!connection || connection->isLost()) IFRIT_RETURN_IF_ERROR(reopen());
    absl::Status status = guarded(work, *connection);
    if (used && connection->isLostBeforeBegin()) {
        IFRIT_RETURN_IF_ERROR(reopen());
        status = guarded(work, *connection);
    }
    return status;
}

void ConnectionThreads::serve() {
    onWorker = true;
    std::unique_ptr<Connection> connection;
    while (Job* job = next()) {
        job->result = serveOne(*job->work, connection);
        job->done.Notify();
    }
}

}  // namespace ifrit::master::storage::sql
