// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "master/release/permit.h"

namespace ifrit::master::release {

/// A permit that counts towards a limit. At most one for each machine and release: the newest.
struct PermitRecord {
    std::string uuid;
    std::string releaseId;
    base::WallTime at{};
    bool changes = false;  ///< the machine changed its version
    bool late = false;     ///< it had come late
    bool operator==(const PermitRecord&) const = default;
};

/// Distinct machines of a sliding window, by their newest entry. O(log n) for each call, beside
/// what has left the window.
class SlidingMachines {
public:
    explicit SlidingMachines(std::chrono::milliseconds window) : m_window(window) {}
    void add(const std::string& uuid, base::WallTime at);
    /// Those of (now - window, now].
    Quota quotaFor(const std::string& uuid, std::uint64_t limit, base::WallTime now);
    std::uint64_t count(base::WallTime now);

private:
    void forgetBefore(base::WallTime now);

    std::chrono::milliseconds m_window;
    std::set<std::pair<base::WallTime, std::string>> m_order;
    std::unordered_map<std::string, base::WallTime> m_newest;
};

/// Permits that were given, as far as a limit still counts them. Not thread-safe.
class PermitLedger {
public:
    /// `capWindow` 0: there is no cap.
    explicit PermitLedger(std::chrono::milliseconds capWindow) : m_cap(capWindow) {}
    void add(const PermitRecord& record);
    Quota capFor(const std::string& uuid, std::uint64_t limit, base::WallTime now) {
        return m_cap.quotaFor(uuid, limit, now);
    }
    std::uint64_t changed(base::WallTime now) { return m_cap.count(now); }
    /// Of that release.
    Quota lateFor(const std::string& releaseId, const std::string& uuid, std::uint64_t limit,
                  base::WallTime now);

private:
    SlidingMachines m_cap;
    std::map<std::string, SlidingMachines> m_late;
};

}  // namespace ifrit::master::release
