// SPDX-License-Identifier: Apache-2.0
#include "gui/services/connection.h"

#include <algorithm>

namespace ifrit::gui::services {

std::string_view nameOf(LinkState state) {
    switch (state) {
        case LinkState::Disconnected:
            return "disconnected";
        case LinkState::Connecting:
            return "connecting";
        case LinkState::Connected:
            return "connected";
        case LinkState::Stale:
            return "stale";
        case LinkState::Reconnecting:
            return "reconnecting";
    }
    return "unknown";
}

std::string_view nameOf(TestStep step) {
    switch (step) {
        case TestStep::Master:
            return "master";
        case TestStep::Dns:
            return "dns";
        case TestStep::Tcp:
            return "tcp";
        case TestStep::Tls:
            return "tls";
        case TestStep::Health:
            return "health";
        case TestStep::Login:
            return "login";
        case TestStep::Features:
            return "features";
        case TestStep::Permissions:
            return "permissions";
        case TestStep::Database:
            return "database";
    }
    return "unknown";
}

bool Identity::may(std::string_view permission) const {
    return std::find(permissions.begin(), permissions.end(), permission) != permissions.end();
}

}  // namespace ifrit::gui::services
