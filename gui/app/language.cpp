// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

#include <memory>

namespace ifrit::gui::app {
namespace {

void install(const QString& file, const QString& directory, const char* name) {
    if (auto* old = qApp->findChild<QTranslator*>(QLatin1String(name))) {
        QCoreApplication::removeTranslator(old);
        delete old;
    }
    auto translator = std::make_unique<QTranslator>(qApp);
    translator->setObjectName(QLatin1String(name));
    if (translator->load(file, directory))
        QCoreApplication::installTranslator(translator.release());
}

}  // namespace

QString languageOf(const QString& choice, const QStringList& systemLanguages) {
    if (choice != QLatin1String("system")) return choice;
    for (const QString& language : systemLanguages) {
        const QLocale locale(language);
        if (locale.language() == QLocale::English) break;
        if (locale.language() == QLocale::Chinese &&
            locale.script() == QLocale::SimplifiedHanScript) {
            return QStringLiteral("zh_CN");
        }
    }
    return QStringLiteral("en");
}

void chooseLanguage(const QString& choice) {
    const QString language = languageOf(choice, QLocale::system().uiLanguages());
    QLocale::setDefault(QLocale(language));
    // The one that is installed last is asked first.
    install(QStringLiteral("qtbase_") + language,
            QLibraryInfo::path(QLibraryInfo::TranslationsPath), "qt-translator");
    install(QStringLiteral("ifrit_") + language, QStringLiteral(":/translations"),
            "ifrit-translator");
}

}  // namespace ifrit::gui::app
