// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shared/base/clock.h"

namespace ifrit::gui::services {

// The contract of every call in gui/services, which no interface repeats:
//  * Calls are made on the thread that the session lives on (the GUI thread), and return at once.
//  * A callback comes on that same thread, from its event loop: never from inside the call that
//    was given it. A Reply comes exactly once.
//  * After CallHandle::cancel() or the handle's destruction no callback of that call comes any
//    more. So a presenter that keeps its handles as members needs no other guard, and assigning a
//    new call to the same member drops the stale reply by construction.
//  * A callback may destroy or reassign its own handle, and may destroy the session.
//  * Cancelling a call that changes something does not undo it: the master may have done it. Its
//    request id makes a repeated call answer what the first one did.
//  * Errors are absl::Status with base::ErrorInfo (reason, subject); requestIdOf() is the id by
//    which the master's log has the call. UNAVAILABLE with the reason CUT_OFF: a master that was
//    stopped let go of it unanswered, and may have done it; with NO_ANSWER (DEADLINE_EXCEEDED) none
//    came in time; with UNREACHABLE and the TLS_ ones no master has heard of it. CANCELLED comes
//    from none of them: presenters::CallTracker says it where the operator stopped waiting.

/// One running call or stream; cancels it when destroyed. Move-only, bound to the session's thread.
class [[nodiscard]] CallHandle {
public:
    CallHandle() = default;
    explicit CallHandle(std::function<void()> cancel) : m_cancel(std::move(cancel)) {}
    CallHandle(const CallHandle&) = delete;
    CallHandle& operator=(const CallHandle&) = delete;
    CallHandle(CallHandle&& other) noexcept : m_cancel(std::exchange(other.m_cancel, nullptr)) {}
    CallHandle& operator=(CallHandle&& other) noexcept {
        if (this != &other) {
            cancel();
            m_cancel = std::exchange(other.m_cancel, nullptr);
        }
        return *this;
    }
    ~CallHandle() { cancel(); }

    /// Idempotent; also after the reply has come.
    void cancel() {
        if (auto cancel = std::exchange(m_cancel, nullptr)) cancel();
    }

private:
    std::function<void()> m_cancel;
};

/// Called exactly once, see above.
template <typename T>
using Reply = std::function<void(absl::StatusOr<T>)>;
/// As Reply, for calls that answer nothing.
using Done = std::function<void(absl::Status)>;

/// How a stream is doing. A stream that breaks comes back by itself, with back-off.
struct StreamHealth {
    bool live = false;
    absl::Status lastError;              ///< why it is not live; OK while it never failed
    std::uint32_t attempt = 0;           ///< failed attempts in a row
    base::WallTime lastHeard{};          ///< epoch: never
    std::optional<base::WallTime> next;  ///< of the next attempt, when it waits for one
};

/// What a stream tells. Any of the functions may be empty.
template <typename T>
struct StreamObserver {
    std::function<void(T)> next;
    /// At every change of StreamHealth::live and at every failed attempt.
    std::function<void(const StreamHealth&)> health;
    /// Once, last: OK where the stream has a natural end, else an error that trying again cannot
    /// mend (not allowed, not found, bad filter).
    std::function<void(absl::Status)> ended;
};

/// One page asked for: the token of the page before (empty: the first) and the size (0: the
/// server's own, 500).
struct PageRequest {
    std::string token;
    std::uint32_t size = 0;
};

template <typename T>
struct Page {
    std::vector<T> items;
    std::string nextToken;  ///< empty: this was the last
};

/// Comes with every call that changes something.
struct Mutation {
    std::string requestId;  ///< empty: one is made. Set it to repeat a call safely.
    std::string reason;     ///< for the audit; required for abort, rollback and delete
    /// Machines that the operator believes to change; ABORTED (COUNT_MISMATCH) when it differs.
    std::optional<std::uint64_t> expectedCount;
    std::uint64_t resolvedAtGeneration = 0;
    /// The caller's own, of what makes or widens access on a connection that speaks by a token:
    /// PERMISSION_DENIED (PASSWORD_NEEDED) without it. Secret: in memory only.
    std::string password = {};
};

/// An enumerator that this program does not know, from a newer master: domain::nameOf() calls it
/// "unknown", and it equals no known one.
template <typename Enum>
inline constexpr Enum kUnknown = static_cast<Enum>(-1);

/// The server's id of the call that was refused with `status`; empty where none came.
std::string requestIdOf(const absl::Status& status);
/// What the server counted where it differs from the expected count.
std::optional<std::uint64_t> actualCountOf(const absl::Status& status);

/// What changed a thing since the caller saw it.
struct ChangeSince {
    std::string what;  ///< as the thing's timeline says: "resumed"
    std::string by;    ///< empty: the master itself
    base::WallTime at{};
};
/// Of a call that was refused because of it.
std::optional<ChangeSince> changeSinceOf(const absl::Status& status);

}  // namespace ifrit::gui::services
