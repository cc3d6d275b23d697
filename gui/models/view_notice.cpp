// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/view_notice.h"

namespace ifrit::gui::models {

bool keepsContent(ViewState state) {
    return state == ViewState::Ready || state == ViewState::Partial || isOld(state);
}

bool isOld(ViewState state) {
    return state == ViewState::Stale || state == ViewState::Offline;
}

}  // namespace ifrit::gui::models
