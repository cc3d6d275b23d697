// SPDX-License-Identifier: Apache-2.0
#include "master/compose/composer.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "master/compose/cached_rows.h"
#include "shared/base/status.h"

namespace ifrit::master::compose {
namespace {

/// How often the whole cache is held against what is served, beside its generation.
constexpr std::chrono::seconds kCacheCheck{10};
constexpr std::uint64_t kAny = std::numeric_limits<std::uint64_t>::max();

std::optional<base::WallTime> timeOf(const std::atomic<std::int64_t>& millis) {
    const std::int64_t held = millis;
    if (held == 0) return std::nullopt;
    return base::fromUnixMillis(held);
}

}  // namespace

Composer::Composer(const Parts& parts, std::chrono::milliseconds interval)
    : m_parts(parts), m_interval(interval) {}

Composer::~Composer() {
    stop();
}

void Composer::start() {
    if (m_thread.joinable()) return;
    m_thread = std::thread([this] { run(); });
    m_subscription = m_parts.cache.subscribe([this](std::uint64_t generation) {
        if (generation != m_parts.published.generation()) poke();
    });
}

void Composer::stop() {
    m_subscription.reset();
    {
        absl::MutexLock lock(&m_mutex);
        m_stopping = true;
        m_changed.wakeAll();
    }
    if (m_thread.joinable()) m_thread.join();
}

void Composer::poke() {
    absl::MutexLock lock(&m_mutex);
    m_poked = true;
    m_changed.wakeAll();
}

void Composer::run() {
    while (true) {
        {
            absl::MutexLock lock(&m_mutex);
            const auto next = std::chrono::steady_clock::now() + m_interval;
            while (!m_poked && !m_stopping && std::chrono::steady_clock::now() < next)
                m_changed.waitUntil(m_mutex, next);
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
    const base::SteadyTime asked = m_parts.clock.steadyNow();
    const auto generation = m_parts.source.generation();
    if (!generation.ok()) {
        // Another master may have seen a later state before the database went.
        takeFromCache(std::max(m_parts.published.generation(), m_unknownToDatabase) + 1, kAny);
        return generation.status();
    }
    if (m_parts.published.generation() != *generation) IFRIT_RETURN_IF_ERROR(advance(*generation));
    m_parts.published.confirm(asked);
    keepCache();
    return absl::OkStatus();
}

absl::Status Composer::advance(std::uint64_t generation) {
    if (takeFromCache(generation, generation)) return absl::OkStatus();
    IFRIT_ASSIGN_OR_RETURN(const DesiredRows rows, m_parts.source.read());
    auto next = std::make_shared<const Snapshot>(rows.generation, m_parts.clock.now(), rows.rows);
    if (m_parts.published.publish(std::move(next))) return absl::OkStatus();
    return base::failedPrecondition(
        "GENERATION_WENT_BACK", "",
        "the database says generation {}, machines were already served {}: was an older backup "
        "restored? Raise the generation with ifrit-master restore",
        rows.generation, m_parts.published.generation());
}

/// True when the cache held a generation between the two, and it is served now.
bool Composer::takeFromCache(std::uint64_t least, std::uint64_t most) {
    const auto isWanted = [&](std::uint64_t held) { return held >= least && held <= most; };
    const auto hint = m_parts.cache.generation();
    if (!hint.ok() || !isWanted(*hint)) return false;
    const auto state = m_parts.cache.read();
    if (!state.ok() || !isWanted(state->generation)) return false;
    const auto rows = rowsOf(*state);
    if (!rows.ok()) return false;
    auto next = std::make_shared<const Snapshot>(state->generation, m_parts.clock.now(), *rows);
    if (!m_parts.published.publish(std::move(next))) return false;
    m_cached = state->generation;
    return true;
}

/// What is served is in the cache too. Failures are noted, never in the way of machines.
void Composer::keepCache() {
    const auto snapshot = m_parts.published.current();
    const bool isDue = m_parts.clock.steadyNow() >= m_nextCacheCheck;
    if (m_cached == snapshot->generation() && !isDue) {
        const auto held = m_parts.cache.generation();
        if (held.ok() && *held == m_cached) return noteCache(absl::OkStatus());
        if (absl::IsUnavailable(held.status())) return noteCache(held.status());
    }
    m_cached = 0;
    absl::Status status;
    const auto held = m_parts.cache.read();
    if (held.ok() && holdsExactly(*held, *snapshot)) {
        m_cached = snapshot->generation();
    } else if (held.ok() || absl::IsDataLoss(held.status())) {
        if (absl::IsDataLoss(held.status())) spdlog::error("{}", base::messageOf(held.status()));
        status = writeCache(*snapshot);
        if (absl::IsAborted(status)) {
            const auto now = m_parts.source.generation();
            // Another master was faster.
            if (now.ok() && *now > snapshot->generation()) return poke();
            // The database was put back, and what was before is served to nobody any more.
            if (now.ok() && held.ok()) m_unknownToDatabase = held->generation;
        }
    } else {
        status = held.status();
    }
    noteCache(status);
    if (status.ok()) m_nextCacheCheck = m_parts.clock.steadyNow() + kCacheCheck;
}

absl::Status Composer::writeCache(const Snapshot& snapshot) {
    cache::CacheState state;
    state.generation = snapshot.generation();
    for (const auto& [key, fragment] : snapshot.fragments())
        state.values[key] = {snapshot.generation(), snapshot.composedAt(), fragment.bytes};
    IFRIT_RETURN_IF_ERROR(m_parts.cache.put(state));
    m_cached = snapshot.generation();
    return absl::OkStatus();
}

void Composer::noteCache(const absl::Status& status) {
    const bool wasThere = m_cacheAwaySinceMs == 0;
    if (status.ok() == wasThere) return;
    if (status.ok()) {
        m_cacheAwaySinceMs = 0;
        spdlog::info("the cache holds what is served again");
        return;
    }
    m_cacheAwaySinceMs = base::toUnixMillis(m_parts.clock.now());
    spdlog::error("composed state cannot be kept in the cache, machines do not notice: {}",
                  base::messageOf(status));
}

std::optional<base::WallTime> Composer::staleSince() const {
    return timeOf(m_staleSinceMs);
}

std::optional<base::WallTime> Composer::cacheAwaySince() const {
    return timeOf(m_cacheAwaySinceMs);
}

}  // namespace ifrit::master::compose
