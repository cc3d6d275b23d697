// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "shared/base/clock.h"

namespace ifrit::agent::guard {

/// The file by whose time of change ifrit-agent shows that its main loop turns. Nothing is written
/// into it, so that a full disk does not matter. One thread.
class Beat {
public:
    explicit Beat(const std::string& root) : m_file(root + "/ifrit/beat") {}
    /// Makes the file where it is missing. False when the disk does not allow it.
    bool touch() const;
    /// When it was last touched, in ns of whatever clock the file system has; only good for being
    /// compared with itself. nullopt: never.
    std::optional<std::int64_t> stamp() const;

private:
    const std::string m_file;
};

/// Tells guard when an ifrit-agent that did turn has stopped doing so. One that never gave a beat
/// (an older version, a full disk) is not judged; one on trial is judged by TrialWatch. One thread.
class HangWatch {
public:
    /// `clock` must outlive it. `limit` 0: never.
    HangWatch(const base::Clock& clock, const std::string& root, std::chrono::seconds limit)
        : m_clock(clock), m_beat(root), m_limit(limit) {}

    /// A process was started or adopted.
    void started();
    /// True when the process has given no beat for `limit`, and that is not the disk's fault.
    bool isHung();
    /// How often isHung() wants to be asked; nullopt: it need not.
    std::optional<std::chrono::milliseconds> interval() const;

private:
    const base::Clock& m_clock;
    const Beat m_beat;
    const std::chrono::seconds m_limit;
    std::optional<std::int64_t> m_stamp;
    base::SteadyTime m_since{};
    bool m_hasTurned = false;
};

}  // namespace ifrit::agent::guard
