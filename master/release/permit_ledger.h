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
    /// What is older than `from` it was not told of.
    explicit SlidingMachines(std::chrono::milliseconds window, base::WallTime from = {})
        : m_window(window), m_from(from) {}
    void add(const std::string& uuid, base::WallTime at);
    /// Those of (now - window, now].
    Quota quotaFor(const std::string& uuid, std::uint64_t limit, base::WallTime now);
    std::uint64_t count(base::WallTime now);
    /// False: it does not know all of the window that ends now, since the clock was set back.
    bool isWhole(base::WallTime now) const { return m_from <= now - m_window; }
    base::WallTime from() const { return m_from; }

private:
    void forgetBefore(base::WallTime now);

    std::chrono::milliseconds m_window;
    base::WallTime m_from;  ///< all since then is known
    std::set<std::pair<base::WallTime, std::string>> m_order;
    std::unordered_map<std::string, base::WallTime> m_newest;
};

/// Permits that were given, as far as a limit still counts them. Not thread-safe.
class PermitLedger {
public:
    /// `capWindow` 0: there is no cap. `from`: as SlidingMachines.
    explicit PermitLedger(std::chrono::milliseconds capWindow, base::WallTime from = {})
        : m_cap(capWindow, from), m_from(from), m_lateForgotten(from) {}
    void add(const PermitRecord& record);
    Quota capFor(const std::string& uuid, std::uint64_t limit, base::WallTime now) {
        return m_cap.quotaFor(uuid, limit, now);
    }
    std::uint64_t changed(base::WallTime now) { return m_cap.count(now); }
    /// Of that release.
    Quota lateFor(const std::string& releaseId, const std::string& uuid, std::uint64_t limit,
                  base::WallTime now);
    /// False: the clock was set back, and what a limit counts now was forgotten; the database
    /// knows.
    bool isWhole(base::WallTime now) const;

private:
    SlidingMachines m_cap;
    base::WallTime m_from;
    base::WallTime m_lateForgotten;  ///< the newest of a release that is not in m_late any more
    std::map<std::string, SlidingMachines> m_late;
};

}  // namespace ifrit::master::release
