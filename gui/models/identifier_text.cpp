// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/identifier_text.h"

#include <QRegularExpression>

namespace ifrit::gui::models {

bool isIdentifier(const QString& text) {
    static const QRegularExpression pattern(QRegularExpression::anchoredPattern(
        QStringLiteral("(?<one>"
                       "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"  // uuid
                       "|[0-9A-Fa-f]{12}\u2026|[0-9A-Fa-f]{16,}"             // digest
                       "|[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){7,}"                // fingerprint
                       "|(\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9A-Fa-f:.]+\\])(:\\d{1,5})?"  // address
                       ")(, *(?&one))*")));
    return pattern.match(text).hasMatch();
}

}  // namespace ifrit::gui::models
