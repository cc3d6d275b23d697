// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QDir>
#include <QTest>

#include <functional>

#include "tests/gui/pages/left_in_english.h"
#include "tests/gui/pages/painted_text.h"
#include "tests/gui/pages/quick_png.h"
#include "tests/gui/pages/widget_faults.h"
#include "tests/gui/pages/window_fixture.h"
#include "tests/support/built_programs.h"

namespace ifrit::tests {

enum class Language { English, Chinese };
using KeepLook = std::function<void(const QString& suffix, Language language)>;

/// Where the pictures are kept; made, and the zone chosen that their times are in.
inline QString openGallery() {
    qputenv("TZ", "Asia/Shanghai");
    // Later than the scripted master's, which a notice compares it with.
    QCoreApplication::setApplicationVersion(QStringLiteral("0.2.0"));
    const QString directory = QString::fromStdString(built("screenshots"));
    return QDir().mkpath(directory) ? directory : QString();
}

/// Keeps a picture, and looks for what is clipped, has no name, or is in another language.
inline void keep(QWidget* widget, const QString& name, Language language = Language::English) {
    static const QString directory = openGallery();
    QVERIFY(
        saveQuickly(widget->grab().toImage(), QStringLiteral("%1/%2.png").arg(directory, name)));
    const auto texts = paintedTexts(*widget);
    QStringList faults = widgetFaults(*widget) + paintedFaults(*widget, texts);
    if (language == Language::Chinese) faults += leftInEnglish(*widget, texts);
    QVERIFY2(faults.isEmpty(),
             qPrintable(name + QLatin1Char('\n') + faults.join(QLatin1Char('\n'))));
}

/// A window in the size of the look's drawings.
struct GalleryWindow : WindowFixture {
    explicit GalleryWindow(std::size_t machines = 240) : WindowFixture(machines) {
        window->resize(1440, 900);
    }
};

/// Of what opens over the window, where many open one after another: a row a language, in light.
struct GalleryOfDialogs : GalleryWindow {
    static void addRows() {
        QTest::addColumn<QString>("language");
        QTest::newRow("en") << QStringLiteral("en");
        QTest::newRow("zh_CN") << QStringLiteral("zh_CN");
    }
    GalleryOfDialogs() {
        QFETCH(const QString, language);
        if (language != QLatin1String("en")) m_suffix = QLatin1Char('-') + language;
        gui::app::chooseLanguage(language);
        theme.choose(gui::widgets::ThemeChoice::Light);
    }
    /// Connected, at this page.
    void open(const QString& page) {
        connect();
        window->showPage(page);
        settle();
    }
    void keep(QWidget& dialog, const QString& name) const { tests::keep(&dialog, name + m_suffix); }
    void showAndKeep(QWidget& dialog, const QString& name) const {
        dialog.show();
        settle();
        keep(dialog, name);
    }

private:
    QString m_suffix;
};

/// Light and dark, in English and, after a change of language while it is shown, in Chinese.
inline void inEachLook(WindowFixture& fixture, const KeepLook& keepLook) {
    using gui::widgets::ThemeChoice;
    const QString chinese = QStringLiteral("zh_CN");
    // Each change of theme or language makes every widget anew: as few as there can be.
    fixture.wear(ThemeChoice::Light);
    keepLook(QStringLiteral("-light"), Language::English);
    WindowFixture::speak(chinese);
    keepLook(QStringLiteral("-light-zh_CN"), Language::Chinese);
    fixture.wear(ThemeChoice::Dark);
    keepLook(QStringLiteral("-dark-zh_CN"), Language::Chinese);
    WindowFixture::speak(QStringLiteral("en"));
    keepLook(QStringLiteral("-dark"), Language::English);
}

}  // namespace ifrit::tests
