// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QStringList>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gui/models/fleet_store.h"

namespace ifrit::gui::presenters {

/// What the machines of each type run of an agent now. Remembers the last answer, which is asked
/// for with each key that is typed. GUI thread.
class RunningNow {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::presenters::RunningNow)
public:
    struct OfType {
        std::uint32_t machines = 0;  ///< all of the type, whether they run it or not
        /// Newest first; machines that run none are in no entry.
        std::vector<std::pair<std::string, std::uint32_t>> versions;
        bool operator==(const OfType&) const = default;
    };
    using ByType = std::map<std::string, OfType>;

    /// O(machines) where the agent or the fleet is another one than before.
    const ByType& of(const std::string& agent, const models::FleetStore& store);
    /// The store is another one than it was.
    void forget() { m_known = false; }

    /// "LINUX: 1.5.1 on 4, 1.5.0 on 2, none on 1 · 3 of 7 change": of these types, moved to
    /// `version`; empty: to none. Empty where there is no machine of them.
    static QString sentenceOf(const ByType& all, const QStringList& types, const QString& version);

private:
    ByType m_types;
    std::string m_agent;
    bool m_known = false;  ///< m_types is of m_agent
};

}  // namespace ifrit::gui::presenters
