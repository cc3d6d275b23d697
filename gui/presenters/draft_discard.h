// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <map>
#include <string>

#include "gui/models/page_parts.h"
#include "gui/presenters/action.h"
#include "gui/presenters/connection_hub.h"

namespace ifrit::gui::presenters {

/// Discards a draft of the list: to the master that is the abort of a release that nobody has
/// started. GUI thread.
class DraftDiscard : public QObject {
    Q_OBJECT
public:
    explicit DraftDiscard(ConnectionHub& hub, QObject* parent = nullptr);

    /// `release`: null while none is chosen.
    Action action(const services::ReleaseInfo* release) const;
    models::DangerFacts facts(const services::ReleaseInfo& release) const;
    /// Refused by the master where somebody has started it meanwhile.
    void discard(const services::ReleaseInfo& release, const QString& reason);

Q_SIGNALS:
    void changed();
    /// It was done.
    void told(const QString& sentence);
    /// Why it could not be.
    void refused(const QString& sentence);
    /// The cluster was left: what was told was about that one.
    void closed();

private:
    void answered(const std::string& id, std::uint64_t number, const absl::Status& status);

    ConnectionHub& m_hub;
    std::map<std::string, services::CallHandle> m_calls;  ///< by release
};

}  // namespace ifrit::gui::presenters
