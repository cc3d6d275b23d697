// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>
#include <utility>

namespace ifrit::gui::presenters {

/// A text that outlives a choice of language: what is kept is how to say it, and each look says it
/// in the language of then.
class KeptText {
public:
    KeptText() = default;
    KeptText(std::function<QString()> say) : m_say(std::move(say)) {}
    QString text() const { return m_say ? m_say() : QString(); }
    void clear() { m_say = nullptr; }

private:
    std::function<QString()> m_say;
};

}  // namespace ifrit::gui::presenters
