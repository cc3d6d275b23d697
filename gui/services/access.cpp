// SPDX-License-Identifier: Apache-2.0
#include "gui/services/access.h"

namespace ifrit::gui::services {

std::string_view nameOf(UserRole role) {
    if (role == kUnknown<UserRole>) return "unknown";
    return role == UserRole::SuperAdmin ? "super_admin" : "reader";
}

}  // namespace ifrit::gui::services
