// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QTranslator>

namespace ifrit::tests {

/// While it lives, every text of the desktop is said in another language: what is still English is
/// no text of the desktop.
class InOtherWords : public QTranslator {
public:
    InOtherWords() { QCoreApplication::installTranslator(this); }
    ~InOtherWords() override { QCoreApplication::removeTranslator(this); }
    QString translate(const char*, const char* source, const char*, int) const override {
        QString out;
        const QString text = QString::fromUtf8(source);
        for (qsizetype at = 0; at < text.size(); ++at) {
            const bool place = text[at] == QLatin1Char('%');
            out += place || !text[at].isLetter() ? text[at] : QChar(u'\u6587');
        }
        return out;
    }
    bool isEmpty() const override { return false; }
};

}  // namespace ifrit::tests
