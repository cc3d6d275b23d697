// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace ifrit::gui::app {

struct Desktop;
class LocalLog;

/// What helps somebody else to find a fault: versions, screen, settings, masters on the list, how
/// the line is, the last calls with their request ids, the end of the log. Without secrets, and
/// without what bundles hold.
QString diagnosticsOf(const Desktop& desktop, const LocalLog* log);

}  // namespace ifrit::gui::app
