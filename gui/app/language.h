// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace ifrit::gui::app {

/// The language that is spoken, "en" or "zh_CN". `choice` is one of them, or "system": the first of
/// the system's languages (BCP 47, best first) that we speak; English where there is none.
QString languageOf(const QString& choice, const QStringList& systemLanguages);

/// Switches the running program to a choice as above, at once: our own words, Qt's where they are
/// installed, names of months. Every window is told by QEvent::LanguageChange.
void chooseLanguage(const QString& choice);

}  // namespace ifrit::gui::app
