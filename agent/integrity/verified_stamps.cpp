// SPDX-License-Identifier: Apache-2.0
#include "agent/integrity/verified_stamps.h"

#include <chrono>

#include "shared/base/hashing.h"

namespace ifrit::agent::integrity {
namespace {

constexpr std::chrono::nanoseconds kSettled = std::chrono::seconds(2);

}  // namespace

bool VerifiedStamps::holds(std::string_view path, const FileStamp& stamp) const {
    const auto found = m_stamps.find(base::xxh3(path));
    return found != m_stamps.end() && found->second == stamp;
}

void VerifiedStamps::remember(std::string_view path, const FileStamp& stamp, base::WallTime now) {
    const std::uint64_t key = base::xxh3(path);
    const std::int64_t nowNanos = base::toUnixMillis(now) * 1'000'000;
    const std::int64_t newest = nowNanos - kSettled.count();
    const bool isSettled = stamp.changed < newest && stamp.modified < newest;
    if (!isSettled || (m_stamps.size() >= kMaxFiles && m_stamps.count(key) == 0)) {
        m_stamps.erase(key);
        return;
    }
    m_stamps[key] = stamp;
}

void VerifiedStamps::forget(std::string_view path) {
    m_stamps.erase(base::xxh3(path));
}

}  // namespace ifrit::agent::integrity
