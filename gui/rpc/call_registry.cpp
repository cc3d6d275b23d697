// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/call_registry.h"

#include <utility>

namespace ifrit::gui::rpc {

void Outstanding::begin() {
    absl::MutexLock lock(&m_mutex);
    ++m_count;
}

void Outstanding::end() {
    absl::MutexLock lock(&m_mutex);
    --m_count;
    m_ended.wakeAll();
}

bool Outstanding::waitForNone(std::chrono::milliseconds limit) {
    absl::MutexLock lock(&m_mutex);
    const auto until = std::chrono::steady_clock::now() + limit;
    while (m_count != 0 && std::chrono::steady_clock::now() < until)
        m_ended.waitUntil(m_mutex, until);
    return m_count == 0;
}

void CallRegistry::cancelAll() {
    // cancel() removes the call from the set.
    const std::set<std::shared_ptr<LiveCall>> calls = std::exchange(m_calls, {});
    for (const std::shared_ptr<LiveCall>& call : calls)
        call->cancel();
}

void CallRegistry::lineLeft(const std::shared_ptr<MasterStubs>& stubs) {
    const std::set<std::shared_ptr<LiveCall>> calls = m_calls;
    for (const std::shared_ptr<LiveCall>& call : calls)
        call->lineLeft(stubs);
}

}  // namespace ifrit::gui::rpc
