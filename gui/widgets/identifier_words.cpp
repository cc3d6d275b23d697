// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/identifier_words.h"

#include <QLabel>
#include <QRegularExpression>

#include "gui/models/identifier_text.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {

void showSentence(QLabel& label, const Theme& theme, const QString& sentence) {
    static const QRegularExpression word(QStringLiteral("[0-9A-Za-z][0-9A-Za-z.:-]*[0-9A-Za-z…]"));
    const QString face =
        QStringLiteral("<span style=\"font-family: '%1'\">").arg(theme.monospaceFont().family());
    QString out;
    qsizetype told = 0;
    bool any = false;
    for (auto words = word.globalMatch(sentence); words.hasNext();) {
        const QRegularExpressionMatch match = words.next();
        if (!models::isIdentifier(match.captured())) continue;
        out += sentence.mid(told, match.capturedStart() - told).toHtmlEscaped();
        out += face + match.captured().toHtmlEscaped() + QStringLiteral("</span>");
        told = match.capturedEnd();
        any = true;
    }
    label.setTextFormat(any ? Qt::RichText : Qt::PlainText);
    label.setText(any ? out + sentence.mid(told).toHtmlEscaped() : sentence);
}

}  // namespace ifrit::gui::widgets
