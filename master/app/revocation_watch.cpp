// SPDX-License-Identifier: Apache-2.0
#include "master/app/revocation_watch.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <utility>

#include "shared/base/status.h"

namespace ifrit::master::app {
namespace {

constexpr std::chrono::hours kTidyInterval{1};
constexpr std::chrono::seconds kRefreshInterval{5};

}  // namespace

RevocationWatch::RevocationWatch(auth::Revocations& revocations, DatabaseIdentities& identities,
                                 storage::Database& database, const base::Clock& clock,
                                 Leading leading)
    : m_revocations(revocations),
      m_identities(identities),
      m_database(database),
      m_clock(clock),
      m_leading(std::move(leading)),
      m_thread([this] { run(); }) {}

RevocationWatch::~RevocationWatch() {
    {
        const absl::MutexLock lock(&m_mutex);
        m_stopping = true;
        m_changed.wakeAll();
    }
    m_thread.join();
}

bool RevocationWatch::waitForNext() {
    const auto next = std::chrono::steady_clock::now() + kRefreshInterval;
    const absl::MutexLock lock(&m_mutex);
    while (!m_stopping && std::chrono::steady_clock::now() < next)
        m_changed.waitUntil(m_mutex, next);
    return !m_stopping;
}

void RevocationWatch::run() {
    while (waitForNext()) {
        // Who may freeze the cluster has to be known when the database is away.
        absl::Status status = m_identities.refresh();
        status.Update(m_revocations.refresh());
        if (!status.ok()) spdlog::warn("revocations are old: {}", base::messageOf(status));
        if (m_clock.steadyNow() < m_nextTidy) continue;
        const std::optional<Lead> lead = m_leading();
        if (!lead) continue;
        m_nextTidy = m_clock.steadyNow() + kTidyInterval;
        const absl::Status tidied = tidy(m_database, m_clock.now(), *lead);
        if (!tidied.ok()) spdlog::warn("old rows stay for now: {}", base::messageOf(tidied));
    }
}

}  // namespace ifrit::master::app
