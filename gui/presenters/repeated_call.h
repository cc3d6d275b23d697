// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>

#include <functional>
#include <utility>

#include "gui/services/call.h"

namespace ifrit::gui::presenters {

/// One question that is asked again whenever something happened. One that is on its way is waited
/// for, and asked once more after it: replacing it would mean that a master which answers slower
/// than things happen is never heard. GUI thread.
template <typename T>
class RepeatedCall {
public:
    using Ask = std::function<services::CallHandle(services::Reply<T>)>;

    /// `take` gets each answer.
    explicit RepeatedCall(std::function<void(absl::StatusOr<T>)> take) : m_take(std::move(take)) {}

    /// `ask` is the same question as before; for another one cancel() first.
    void ask(Ask ask) {
        m_ask = std::move(ask);
        if (m_running) {
            m_again = true;
        } else {
            begin();
        }
    }
    void cancel() {
        m_call.cancel();
        m_running = false;
        m_again = false;
    }

private:
    void begin() {
        m_running = true;
        m_again = false;
        m_call = m_ask([this](absl::StatusOr<T> answer) {
            m_running = false;
            if (m_again) begin();
            m_take(std::move(answer));
        });
    }

    std::function<void(absl::StatusOr<T>)> m_take;
    Ask m_ask;
    services::CallHandle m_call;
    bool m_running = false;
    bool m_again = false;
};

}  // namespace ifrit::gui::presenters
