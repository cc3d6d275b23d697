// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QSet>
#include <QXmlStreamReader>

#include "tests/gui/pages/painted_text.h"

namespace ifrit::tests {

/// The texts of the sources that are said otherwise in Chinese.
inline QSet<QString> englishTexts() {
    QSet<QString> out;
    QFile file(QStringLiteral(IFRIT_SOURCE_DIR "/translations/ifrit_zh_CN.ts"));
    if (!file.open(QIODevice::ReadOnly)) return out;
    QXmlStreamReader xml(&file);
    QString source;
    while (!xml.atEnd()) {
        if (!xml.readNextStartElement()) continue;
        if (xml.name() == QLatin1String("source")) source = xml.readElementText();
        if (xml.name() != QLatin1String("translation")) continue;
        const QString said = xml.readElementText(QXmlStreamReader::IncludeChildElements).trimmed();
        if (said != source.trimmed()) out.insert(source.trimmed());
    }
    return out;
}

/// What a window that speaks Chinese still says in English: on screen, where `texts` are its own,
/// as a name or as a tip.
inline QStringList leftInEnglish(const QWidget& root, const std::vector<PaintedText>& texts) {
    static const QSet<QString> english = englishTexts();
    QStringList out;
    if (english.size() < 300) out << QStringLiteral("the translation was not read");
    const auto check = [&](const QString& text) {
        if (english.contains(text.trimmed())) out << QStringLiteral("in English: ") + text;
    };
    for (const PaintedText& text : texts)
        check(text.text);
    for (const QWidget* widget : root.findChildren<QWidget*>()) {
        if (!widget->isVisible()) continue;
        check(widget->accessibleName());
        check(widget->toolTip());
    }
    return out;
}

}  // namespace ifrit::tests
