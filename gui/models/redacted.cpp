// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/redacted.h"

#include <QRegularExpression>

namespace ifrit::gui::models {
namespace {

using Expression = QRegularExpression;

constexpr auto kAnyCase = Expression::CaseInsensitiveOption;
constexpr auto kOverLines = Expression::DotMatchesEverythingOption;

/// Replaces what group 2 matched, or the whole where there is none.
void remove(QString& text, const Expression& pattern) {
    const QString removed = QStringLiteral("[removed]");
    text.replace(pattern, pattern.captureCount() > 0 ? QStringLiteral("\\1") + removed : removed);
}

}  // namespace

QString redacted(QString text) {
    static const Expression kPem(
        QStringLiteral("-----BEGIN [^-]*(?:KEY|TOKEN)-----.*?(?:-----END [^-]*-----|$)"),
        kOverLines);
    static const Expression kBearer(QStringLiteral("(bearer\\s+)\\S+"), kAnyCase);
    static const Expression kValue(
        QStringLiteral("([\\w-]*(?:password|passwd|passphrase|secret|token|private_?key)\"?\\s*[:="
                       "]\\s*)(?:\"[^\"]*\"|'[^']*'|\\S+)"),
        kAnyCase);
    static const Expression kUrl(QStringLiteral("([a-z][a-z0-9+.-]*://)[^/\\s@]+(?=@)"), kAnyCase);
    // Longer than a digest, and not in hexadecimal alone.
    static const Expression kLong(
        QStringLiteral("(?<![\\w+/=.-])(?=[A-Za-z0-9+_=-]*[G-Zg-z])(?=[A-Za-z0-9+_=-]*\\d)"
                       "[A-Za-z0-9+_=-]{40,}"));
    for (const Expression* pattern : {&kPem, &kBearer, &kValue, &kUrl, &kLong})
        remove(text, *pattern);
    return text;
}

}  // namespace ifrit::gui::models
