// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/sentence_patterns.h"

#include "gui/models/own_words.h"

namespace ifrit::gui::models {

void SentencePatterns::add(const char* source) {
    static const QRegularExpression place(QStringLiteral("\\\\%\\d"));
    QString text = QRegularExpression::escape(QString::fromUtf8(source));
    text.replace(place, QStringLiteral("(.+?)"));
    m_patterns.push_back({source, QRegularExpression(QRegularExpression::anchoredPattern(text))});
}

QString SentencePatterns::said(const QString& text, const SentencePatterns* inner) const {
    for (const Pattern& pattern : m_patterns) {
        const QRegularExpressionMatch match = pattern.expression.match(text);
        if (!match.hasMatch()) continue;
        QString out = OwnWords::tr(pattern.source);
        // At once: what stands in for %1 may itself hold a %2.
        QStringList parts = match.capturedTexts();
        for (QString& part : parts) {
            if (inner != nullptr && part != text) part = inner->said(part, inner);
        }
        for (qsizetype at = 0; (at = out.indexOf(QLatin1Char('%'), at)) >= 0;) {
            const int number = at + 1 < out.size() ? out[at + 1].digitValue() : -1;
            if (number < 1 || number >= parts.size()) {
                ++at;
                continue;
            }
            out.replace(at, 2, parts[number]);
            at += parts[number].size();
        }
        return out;
    }
    return text;
}

bool SentencePatterns::beginsWithPlace(const QString& text) const {
    for (const Pattern& pattern : m_patterns) {
        if (pattern.expression.match(text).hasMatch())
            return OwnWords::tr(pattern.source).startsWith(QLatin1Char('%'));
    }
    return false;
}

}  // namespace ifrit::gui::models
