// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QLabel;

namespace ifrit::gui::widgets {

class Theme;

/// Shows a sentence, whose uuids, digests and addresses (models::isIdentifier()) are in the
/// monospace font. What it says is taken literally: a master's words are no markup.
void showSentence(QLabel& label, const Theme& theme, const QString& sentence);

}  // namespace ifrit::gui::widgets
