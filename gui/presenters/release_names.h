// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <map>
#include <string>

#include "gui/models/record_models.h"
#include "gui/models/text_format.h"
#include "gui/services/releases.h"

namespace ifrit::gui::presenters {

/// What people call the releases that a session has told of, by their ids. GUI thread.
class ReleaseNames {
public:
    struct Name {
        std::uint64_t number = 0;
        std::string agent;
        std::string version;
        domain::DesiredAction action = domain::DesiredAction::Install;
        /// "node-exporter 1.5.1", or that it goes.
        QString text() const {
            services::ReleaseInfo after;
            after.release.spec.action = action;
            after.release.spec.version = version;
            return models::toText(agent) + QLatin1Char(' ') + models::versionsOf(after);
        }
    };
    void take(const services::ReleaseInfo& info) {
        const domain::ReleaseSpec& spec = info.release.spec;
        m_names[info.release.id] = {info.release.number, spec.agent, spec.version, spec.action};
    }
    /// nullptr: nobody told of it.
    const Name* find(const std::string& id) const {
        const auto found = m_names.find(id);
        return found == m_names.end() ? nullptr : &found->second;
    }

private:
    std::map<std::string, Name> m_names;
};

}  // namespace ifrit::gui::presenters
