// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/status.h>

#include <QString>

#include <optional>

#include "gui/models/view_notice.h"
#include "gui/presenters/connection_hub.h"
#include "shared/base/clock.h"

namespace ifrit::gui::presenters {

/// What a view knows about itself.
struct ViewFacts {
    bool loaded = false;   ///< something arrived once
    bool loading = false;  ///< a first answer is awaited
    int progress = -1;     ///< percent while loading; -1: unknown
    absl::Status error;    ///< of the last call; OK: none
    qint64 total = 0;      ///< all there is
    qint64 shown = 0;      ///< what passes the filter
    QString partial;       ///< a sentence where not everything arrived
    QString empty;         ///< the sentence for nothing at all
    QString firstAction;   ///< text of the button beside it
    /// Of a list that is read, and not followed: when.
    std::optional<base::WallTime> readAt = std::nullopt;
};

/// Of a cluster without machines, with the first step.
QString nobodyJoined();

/// Which of the nine states a view is in, in words. Pure: hub and facts decide.
models::ViewNotice judgeView(const ConnectionHub& hub, const ViewFacts& facts);

}  // namespace ifrit::gui::presenters
