// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/models/page_parts.h"
#include "gui/presenters/connection_hub.h"

namespace ifrit::gui::presenters {

/// Of what lets somebody do more, or go on doing it: by a token alone it is not done, since one
/// that was stolen could prolong itself.
inline models::DangerFacts widening(const ConnectionHub& hub, models::DangerFacts facts) {
    const auto& who = hub.identity();
    if (who && who->method == "token") facts.password = models::DangerFacts::Password::Required;
    return facts;
}

}  // namespace ifrit::gui::presenters
