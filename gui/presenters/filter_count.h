// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace ifrit::gui::presenters {

/// "3 shown · 120 in all"; where the list has pages that were not read: "3 shown · 500 read so
/// far".
QString countText(qint64 shown, qint64 known, bool hasMore);

}  // namespace ifrit::gui::presenters
