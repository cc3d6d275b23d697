// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <set>

#include "shared/base/steady_cond_var.h"

namespace ifrit::gui::rpc {

struct MasterStubs;

/// A unary call or a stream, as the session sees it. Session's thread only.
class LiveCall {
public:
    virtual ~LiveCall() = default;
    /// Forgets the callbacks and asks gRPC to stop. Idempotent.
    virtual void cancel() = 0;
    /// The master behind `stubs` does not answer any more, and another one is in use: what may go
    /// there goes. Tells nobody of it at once.
    virtual void lineLeft(const std::shared_ptr<MasterStubs>& /*stubs*/) {}
};

/// Counts what gRPC still works on, so that a session can wait for its last callback: a callback
/// after main() would run against destroyed statics. Thread-safe.
class Outstanding {
public:
    void begin() ABSL_LOCKS_EXCLUDED(m_mutex);
    void end() ABSL_LOCKS_EXCLUDED(m_mutex);
    /// False when something is still going on after `limit`.
    bool waitForNone(std::chrono::milliseconds limit) ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    absl::Mutex m_mutex;
    base::SteadyCondVar m_ended;
    int m_count ABSL_GUARDED_BY(m_mutex) = 0;
};

/// Keeps calls alive until they are done or cancelled. Session's thread only.
class CallRegistry {
public:
    void add(std::shared_ptr<LiveCall> call) { m_calls.insert(std::move(call)); }
    void remove(const std::shared_ptr<LiveCall>& call) { m_calls.erase(call); }
    void cancelAll();
    void lineLeft(const std::shared_ptr<MasterStubs>& stubs);
    std::size_t size() const { return m_calls.size(); }

private:
    std::set<std::shared_ptr<LiveCall>> m_calls;
};

}  // namespace ifrit::gui::rpc
