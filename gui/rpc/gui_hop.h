// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <QObject>
#include <chrono>
#include <functional>
#include <memory>

namespace ifrit::gui::rpc {

/// The only way from a gRPC thread to the session's thread. post() and close() may be called on
/// any thread; the posted functions run on the thread that made the hop, from its event loop, in
/// the order of posting. After close() nothing runs any more.
class GuiHop {
public:
    GuiHop() : m_context(std::make_unique<QObject>()) {}

    void post(std::function<void()> function) ABSL_LOCKS_EXCLUDED(m_mutex);
    /// On the session's thread only; cancelled by close().
    void postAfter(std::chrono::milliseconds delay, std::function<void()> function);
    /// On the session's thread only. Waits for a post() that is going on elsewhere.
    void close() ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    absl::Mutex m_mutex;
    std::unique_ptr<QObject> m_context ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::gui::rpc
