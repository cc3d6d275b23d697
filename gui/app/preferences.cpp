// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/preferences.h"

#include "gui/app/language.h"

namespace ifrit::gui::app {
namespace {

using widgets::ThemeChoice;

QString themeName(ThemeChoice choice) {
    switch (choice) {
        case ThemeChoice::Light:
            return QStringLiteral("light");
        case ThemeChoice::Dark:
            return QStringLiteral("dark");
        case ThemeChoice::System:
            break;
    }
    return QStringLiteral("system");
}

}  // namespace

bool Preferences::flag(const char* name, bool standard) const {
    return m_settings.value(QLatin1String(name), standard).toBool();
}

void Preferences::setFlag(const char* name, bool on) {
    keep(QLatin1String(name), on);
}

void Preferences::keep(const QString& name, const QVariant& value) {
    m_settings.setValue(name, value);
    m_settings.sync();
    Q_EMIT changed();
}

ThemeChoice Preferences::theme() const {
    const QString name = m_settings.value(QStringLiteral("theme")).toString();
    if (name == QLatin1String("light")) return ThemeChoice::Light;
    return name == QLatin1String("dark") ? ThemeChoice::Dark : ThemeChoice::System;
}

void Preferences::choose(widgets::Theme& theme, ThemeChoice choice) {
    theme.choose(choice);
    keep(QStringLiteral("theme"), themeName(choice));
}

models::TimeText::Zone Preferences::zone() const {
    return m_settings.value(QStringLiteral("utc")).toBool() ? models::TimeText::Zone::Utc
                                                            : models::TimeText::Zone::Local;
}

void Preferences::choose(models::TimeText& times, models::TimeText::Zone zone) {
    times.choose(zone);
    keep(QStringLiteral("utc"), zone == models::TimeText::Zone::Utc);
}

QString Preferences::language() const {
    return m_settings.value(QStringLiteral("language"), QStringLiteral("system")).toString();
}

void Preferences::chooseLanguage(const QString& language) {
    keep(QStringLiteral("language"), language);
    app::chooseLanguage(language);
}

}  // namespace ifrit::gui::app
