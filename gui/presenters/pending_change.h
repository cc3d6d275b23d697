// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <optional>
#include <string>
#include <utility>

#include "gui/services/call.h"

namespace ifrit::gui::presenters {

class ConnectionHub;

/// The one change of a presenter whose answer is waited for: a second one would take the place of
/// the first, which the master then may never begin. It is under way while its call is held, which
/// is until the answer or the end of the session. GUI thread.
class PendingChange : public QObject {
    Q_OBJECT
public:
    explicit PendingChange(ConnectionHub& hub);

    bool isUnderWay() const { return m_call.has_value(); }
    /// Why one that wants the permission cannot begin now; empty: it can.
    QString whyNot(const std::string& permission) const;
    /// Where `whyNot` is empty `ask` makes the call with the reply that it is handed, which takes
    /// the answer of any type; `take` gets the answer, when the next one can begin already, and
    /// says how it ended, nothing: well. Else acted() says `whyNot`, and nothing is asked.
    template <typename Ask, typename Take>
    void begin(const QString& whyNot, Ask ask, Take take) {
        if (!whyNot.isEmpty()) {
            Q_EMIT acted(nothingChanged(whyNot));
            return;
        }
        m_call.emplace(ask([this, take = std::move(take)](const auto& answer) {
            m_call.reset();
            end(take(answer), statusOf(answer));
        }));
        Q_EMIT changed();
    }

Q_SIGNALS:
    /// One began or ended.
    void changed();
    /// Why none began, or how one ended; empty: well. Where it is known that nothing was changed,
    /// it says so.
    void acted(const QString& sentence);

private:
    static const absl::Status& statusOf(const absl::Status& answer) { return answer; }
    template <typename T>
    static const absl::Status& statusOf(const absl::StatusOr<T>& answer) {
        return answer.status();
    }
    static QString nothingChanged(const QString& whyNot);
    void end(const QString& sentence, const absl::Status& status);

    ConnectionHub& m_hub;
    std::optional<services::CallHandle> m_call;
};

}  // namespace ifrit::gui::presenters
