// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "shared/base/clock.h"

namespace ifrit::master::services {

/// What a machine is asked for with its next sync (LogTailRequest of the contract).
struct WantedLogTail {
    std::string id;  ///< random
    std::string agent;
    std::uint32_t maxBytes = 0;
};

/// Questions of operators for the end of a managed agent's log, from the call to the machine's
/// answer: told with each sync until it comes, and with a word to the machine's open watch, so
/// that it comes at once. In memory only: an operator who is not answered asks again. Thread-safe;
/// while nothing is asked a sync takes no lock here.
class LogTails {
public:
    /// The text, bytes as the program wrote them. Called once, on any thread, without locks held.
    using Done = std::function<void(absl::StatusOr<std::string>)>;

    static constexpr std::size_t kMaxPerMachine = 4;
    static constexpr std::size_t kMaxAll = 256;
    static constexpr std::chrono::seconds kPatience{12};

    /// RESOURCE_EXHAUSTED LOG_TAILS_FULL by way of `done` over the limits.
    void ask(const std::string& uuid, const std::string& agent, std::uint32_t maxBytes,
             base::SteadyTime now, Done done) ABSL_LOCKS_EXCLUDED(m_mutex);
    std::vector<WantedLogTail> forMachine(const std::string& uuid) const
        ABSL_LOCKS_EXCLUDED(m_mutex);
    /// An answer of this machine; one that nobody waits for is dropped.
    void answer(const std::string& uuid, const std::string& id, std::string text)
        ABSL_LOCKS_EXCLUDED(m_mutex);
    /// DEADLINE_EXCEEDED LOG_TAIL_TIMEOUT for those that waited too long.
    void expire(base::SteadyTime now) ABSL_LOCKS_EXCLUDED(m_mutex);

    /// `poke` is called, on the asking thread, when the machine shall sync at once; until
    /// unlisten(), which may be called while it runs.
    std::uint64_t listen(const std::string& uuid, std::function<void()> poke)
        ABSL_LOCKS_EXCLUDED(m_mutex);
    void unlisten(std::uint64_t listener) ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    struct Pending {
        std::string uuid;
        WantedLogTail wanted;
        base::SteadyTime until{};
        Done done;
    };
    struct Listener {
        std::string uuid;
        std::function<void()> poke;
    };

    std::atomic<std::size_t> m_count{0};
    mutable absl::Mutex m_mutex;
    std::vector<Pending> m_pending ABSL_GUARDED_BY(m_mutex);
    std::uint64_t m_lastListener ABSL_GUARDED_BY(m_mutex) = 0;
    std::map<std::uint64_t, Listener> m_listeners ABSL_GUARDED_BY(m_mutex);
    std::multimap<std::string, std::uint64_t> m_byUuid ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::master::services
