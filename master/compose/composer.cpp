// SPDX-License-Identifier: Apache-2.0
#include "master/compose/composer.h"

#include <absl/time/time.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

#include "shared/base/status.h"

namespace ifrit::master::compose {

Composer::Composer(const Parts& parts, std::chrono::milliseconds interval)
    : m_parts(parts), m_interval(interval) {}

Composer::~Composer() {
    stop();
}

void Composer::start() {
    if (!m_thread.joinable()) m_thread = std::thread([this] { run(); });
}

void Composer::stop() {
    {
        absl::MutexLock lock(&m_mutex);
        m_stopping = true;
    }
    if (m_thread.joinable()) m_thread.join();
}

void Composer::poke() {
    absl::MutexLock lock(&m_mutex);
    m_poked = true;
}

void Composer::run() {
    while (true) {
        {
            absl::MutexLock lock(&m_mutex);
            const auto wanted = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex) {
                return m_poked || m_stopping;
            };
            m_mutex.AwaitWithTimeout(absl::Condition(&wanted), absl::FromChrono(m_interval));
            if (m_stopping) return;
            m_poked = false;
        }
        const bool wasFresh = !staleSince().has_value();
        const absl::Status status = composeNow();
        if (!status.ok() && wasFresh) {
            spdlog::error("desired state cannot be composed, machines are served the last one: {}",
                          base::messageOf(status));
        }
        if (status.ok() && !wasFresh) spdlog::info("desired state is fresh again");
    }
}

absl::Status Composer::composeNow() {
    absl::MutexLock lock(&m_composing);
    const absl::Status status = composeLocked();
    if (status.ok()) {
        m_staleSinceMs = 0;
    } else if (m_staleSinceMs == 0) {
        m_staleSinceMs = base::toUnixMillis(m_parts.clock.now());
    }
    return status;
}

absl::Status Composer::composeLocked() {
    IFRIT_ASSIGN_OR_RETURN(const std::uint64_t generation, m_parts.source.generation());
    const bool current = m_cached != nullptr && m_cached->generation() == generation;
    if (current && m_parts.published.generation() == generation) return absl::OkStatus();
    IFRIT_ASSIGN_OR_RETURN(const DesiredRows rows, m_parts.source.read());
    auto next = std::make_shared<const Snapshot>(rows.generation, m_parts.clock.now(), rows.rows);
    if (!m_parts.published.publish(next)) {
        return base::failedPrecondition(
            "GENERATION_WENT_BACK", "",
            "the database says generation {}, machines were already served {}: was an older "
            "backup restored? Raise the generation with ifrit-master restore",
            rows.generation, m_parts.published.generation());
    }
    // Machines are already served the new state; a cache that is away only delays other masters.
    const absl::Status cached = writeCache(*next);
    if (!cached.ok()) {
        m_cached = nullptr;
        return base::annotate(cached, "writing composed state to the cache");
    }
    m_cached = std::move(next);
    return absl::OkStatus();
}

absl::Status Composer::writeCache(const Snapshot& next) {
    cache::CacheChange change;
    change.generation = next.generation();
    if (m_cached == nullptr) {
        IFRIT_ASSIGN_OR_RETURN(const auto held, m_parts.cache.getAll());
        for (const auto& [key, value] : held) {
            if (next.fragments().count(key) == 0) change.erases.push_back(key);
        }
    } else {
        for (const auto& [key, fragment] : m_cached->fragments()) {
            if (next.fragments().count(key) == 0) change.erases.push_back(key);
        }
    }
    for (const auto& [key, fragment] : next.fragments()) {
        if (m_cached != nullptr) {
            const auto before = m_cached->fragments().find(key);
            if (before != m_cached->fragments().end() && before->second.etag == fragment.etag)
                continue;
        }
        change.puts[key] = {next.generation(), next.composedAt(), fragment.bytes};
    }
    return m_parts.cache.apply(change);
}

std::optional<base::WallTime> Composer::staleSince() const {
    const std::int64_t millis = m_staleSinceMs;
    if (millis == 0) return std::nullopt;
    return base::fromUnixMillis(millis);
}

}  // namespace ifrit::master::compose
