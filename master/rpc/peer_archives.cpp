// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/peer_archives.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "master/rpc/archive_fetch.h"
#include "shared/base/status.h"

namespace ifrit::master::rpc {
namespace {

absl::Status stopping() {
    return absl::UnavailableError("the master is stopping");
}

absl::Status nobodyHasIt(const std::string& digest, const absl::Status& last) {
    return base::makeError(
        absl::StatusCode::kUnavailable, "ARCHIVE_MISSING", digest,
        fmt::format("no master that lives can give the archive {} now{}{}", digest,
                    last.ok() ? "" : ": ", last.ok() ? "" : base::messageOf(last)));
}

}  // namespace

PeerArchives::~PeerArchives() {
    stop();
}

void PeerArchives::start() {
    if (m_thread.joinable()) return;
    {
        const absl::MutexLock lock(&m_mutex);
        m_isServed = true;
    }
    m_thread = std::thread([this] { run(); });
}

void PeerArchives::stop() {
    std::map<std::string, Wanted> left;
    {
        absl::MutexLock lock(&m_mutex);
        m_stopping = true;
        if (m_running != nullptr) m_running->TryCancel();
    }
    if (m_thread.joinable()) m_thread.join();
    {
        absl::MutexLock lock(&m_mutex);
        left.swap(m_wanted);
    }
    for (const auto& [digest, wanted] : left) {
        for (const Done& done : wanted.waiting)
            done(stopping());
    }
}

bool PeerArchives::isStopping() const {
    absl::MutexLock lock(&m_mutex);
    return m_stopping;
}

void PeerArchives::want(const std::string& digest, std::uint64_t sizeBytes, Done done) {
    const auto held = m_archives.progress(digest);
    if (!held.ok() || held->complete) {
        if (done) done(held.status());
        return;
    }
    absl::Status refused;
    {
        absl::MutexLock lock(&m_mutex);
        if (m_stopping)
            refused = stopping();
        else if (!m_isServed)
            refused = nobodyHasIt(digest, absl::OkStatus());
        if (refused.ok()) {
            const bool isNew = m_wanted.count(digest) == 0;
            Wanted& wanted = m_wanted[digest];
            wanted.sizeBytes = sizeBytes;
            if (done) wanted.waiting.push_back(std::move(done));
            if (!wanted.waiting.empty()) {
                m_queue.erase(std::remove(m_queue.begin(), m_queue.end(), digest), m_queue.end());
                m_queue.push_front(digest);
            } else if (isNew) {
                m_queue.push_back(digest);
            }
        }
    }
    if (!refused.ok() && done) done(refused);
}

void PeerArchives::run() {
    while (true) {
        std::string digest;
        std::uint64_t sizeBytes = 0;
        {
            absl::MutexLock lock(&m_mutex);
            const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex) {
                return m_stopping || !m_queue.empty();
            };
            m_mutex.Await(absl::Condition(&ready));
            if (m_stopping) return;
            digest = std::move(m_queue.front());
            m_queue.pop_front();
            const auto wanted = m_wanted.find(digest);
            if (wanted == m_wanted.end()) continue;  // it came while it stood here twice
            sizeBytes = wanted->second.sizeBytes;
        }
        const absl::Status status = fetch(digest, sizeBytes);
        if (status.ok())
            spdlog::info("archive {} is here from another master", digest.substr(0, 12));
        else
            spdlog::warn("{}", base::messageOf(status));
        std::vector<Done> waiting;
        {
            absl::MutexLock lock(&m_mutex);
            const auto wanted = m_wanted.find(digest);
            if (wanted == m_wanted.end()) continue;
            waiting = std::move(wanted->second.waiting);
            m_wanted.erase(wanted);
        }
        for (const Done& done : waiting)
            done(status);
    }
}

absl::Status PeerArchives::fetch(const std::string& digest, std::uint64_t sizeBytes) {
    IFRIT_ASSIGN_OR_RETURN(const auto held, m_archives.progress(digest));
    if (held.complete) return absl::OkStatus();
    absl::Status last;
    for (const auto& other : m_relay.others()) {
        last = fetchFrom(other.channel, digest, sizeBytes);
        if (last.ok()) return last;
        if (isStopping()) return stopping();
    }
    return nobodyHasIt(digest, last);
}

absl::Status PeerArchives::fetchFrom(const std::shared_ptr<grpc::Channel>& other,
                                     const std::string& digest, std::uint64_t sizeBytes) {
    grpc::ClientContext context;
    {
        absl::MutexLock lock(&m_mutex);
        if (m_stopping) return stopping();
        m_running = &context;
    }
    const absl::Status fetched = fetchArchive(other, {digest, sizeBytes}, m_archives, context);
    absl::MutexLock lock(&m_mutex);
    m_running = nullptr;
    return fetched;
}

}  // namespace ifrit::master::rpc
