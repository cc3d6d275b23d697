// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/call_registry.h"

#include <absl/time/time.h>

#include <utility>

namespace ifrit::gui::rpc {

void Outstanding::begin() {
    absl::MutexLock lock(&m_mutex);
    ++m_count;
}

void Outstanding::end() {
    absl::MutexLock lock(&m_mutex);
    --m_count;
}

bool Outstanding::waitForNone(std::chrono::milliseconds limit) {
    absl::MutexLock lock(&m_mutex);
    const auto none = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex) { return m_count == 0; };
    return m_mutex.AwaitWithTimeout(absl::Condition(&none), absl::FromChrono(limit));
}

void CallRegistry::cancelAll() {
    // cancel() removes the call from the set.
    const std::set<std::shared_ptr<LiveCall>> calls = std::exchange(m_calls, {});
    for (const std::shared_ptr<LiveCall>& call : calls)
        call->cancel();
}

}  // namespace ifrit::gui::rpc
