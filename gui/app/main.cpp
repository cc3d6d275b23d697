// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QDir>
#include <QIcon>
#include <QStandardPaths>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>

#include "gui/app/key_table.h"
#include "gui/app/language.h"
#include "gui/app/main_window.h"
#include "gui/app/notifier.h"
#include "gui/app/screenshots.h"
#include "gui/rpc/grpc_session.h"
#include "gui/rpc/package_file_source.h"

namespace {

using namespace ifrit;

struct Options {
    std::string bundle;
    std::string settings;
    std::string theme;
    std::string language;
    std::string screenshotDir;
    std::vector<std::string> pages;
};

constexpr int kExitUsage = 2;

void describe(CLI::App& command, Options& options) {
    command.set_version_flag("--version", std::string("ifrit-desktop ") + IFRIT_VERSION);
    command.footer(
        "Examples:\n"
        "  ifrit-desktop --bundle admin.bundle\n"
        "  ifrit-desktop --bundle admin.bundle --screenshot-dir shots --theme dark\n\n"
        "The layout and the list of masters are kept in desktop.ini of the settings directory;\n"
        "nothing secret is.");
    command.add_option("--bundle", options.bundle, "Bundle file to import and connect to at start")
        ->type_name("FILE");
    command
        .add_option("--settings", options.settings,
                    "Directory of desktop.ini (default: the user's configuration directory)")
        ->type_name("DIR");
    command.add_option("--theme", options.theme, "light, dark or system (default: as remembered)")
        ->check(CLI::IsMember({"light", "dark", "system"}));
    command
        .add_option("--language", options.language, "en, zh_CN or system (default: as remembered)")
        ->check(CLI::IsMember({"en", "zh_CN", "system"}));
    command
        .add_option("--screenshot-dir", options.screenshotDir,
                    "Write a picture of each page there once it has loaded, then exit: 0 when all "
                    "were taken, 1 else")
        ->type_name("DIR");
    std::vector<std::string> names;
    for (const QString& name : gui::app::MainWindow::pageNames())
        names.push_back(name.toStdString());
    command
        .add_option("--page", options.pages,
                    "Page to begin with, or to take a picture of; may be "
                    "repeated")
        ->check(CLI::IsMember(names));
}

/// nullopt: go on; else the exit code.
std::optional<int> parse(int argc, char** argv, Options& options) {
    CLI::App command("Deploys, upgrades and watches the agents of a fleet.", "ifrit-desktop");
    describe(command, options);
    try {
        command.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = command.exit(error);
        return code == 0 ? 0 : kExitUsage;
    }
    return std::nullopt;
}

void choose(const Options& options, QSettings& settings, gui::widgets::Theme& theme,
            gui::models::TimeText& times) {
    gui::app::applyRemembered(settings, theme, times);
    using gui::widgets::ThemeChoice;
    if (options.theme == "light") theme.choose(ThemeChoice::Light);
    if (options.theme == "dark") theme.choose(ThemeChoice::Dark);
    if (options.theme == "system") theme.choose(ThemeChoice::System);
    gui::app::chooseLanguage(
        options.language.empty()
            ? settings.value(QStringLiteral("language"), QStringLiteral("system")).toString()
            : QString::fromStdString(options.language));
}

QStringList pagesOf(const Options& options) {
    QStringList pages;
    for (const std::string& page : options.pages)
        pages << QString::fromStdString(page);
    return pages;
}

int run(QApplication& application, const Options& options) {
    using namespace gui;
    const QString directory =
        options.settings.empty()
            ? QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
                  QStringLiteral("/ifrit")
            : QString::fromStdString(options.settings);
    QSettings settings(QDir(directory).filePath(QStringLiteral("desktop.ini")),
                       QSettings::IniFormat);
    rpc::GrpcSessionFactory sessions(rpc::openPackageSource);
    base::SystemClock clock;
    models::PoolWorker worker;
    widgets::Theme theme(application);
    app::Desktop desktop({sessions, clock, worker, settings});
    choose(options, settings, theme, desktop.times);
    app::MainWindow window(desktop, theme);
    app::TrayBell bell;
    app::Notifier notifier(
        desktop.releaseWatch,
        {bell, [&settings] { return settings.value(QStringLiteral("notify"), true).toBool(); },
         [&window] { return window.isActiveWindow(); },
         [&window](const QString& sentence) { window.tell(sentence); },
         [&window](const QString& id) {
             window.showRelease(id);
             window.raise();
             window.activateWindow();
         }});
    window.show();
    if (!options.bundle.empty()) {
        const int index = desktop.connections.import(QString::fromStdString(options.bundle));
        if (index < 0) {
            std::fprintf(stderr, "ifrit-desktop: %s\n",
                         desktop.connections.error().toUtf8().constData());
            if (!options.screenshotDir.empty()) return 1;
            window.showView(app::MainWindow::Connections);
        } else {
            desktop.connections.connectTo(index);
            window.showView(app::MainWindow::Map);
        }
    }
    const QStringList pages = pagesOf(options);
    if (!options.screenshotDir.empty()) {
        app::Screenshots screenshots(desktop, window, QString::fromStdString(options.screenshotDir),
                                     pages.isEmpty() ? app::MainWindow::pageNames() : pages);
        QObject::connect(&screenshots, &app::Screenshots::finished, &application,
                         [](int code) { QApplication::exit(code); });
        screenshots.start();
        return QApplication::exec();
    }
    if (!pages.isEmpty()) window.showPage(pages.first());
    return QApplication::exec();
}

}  // namespace

int main(int argc, char** argv) {
    // Before Qt and a display are needed: --help and --version work everywhere.
    Options options;
    if (const auto code = parse(argc, argv, options)) return *code;
    // gRPC's own lines would stand beside the sentence that says the same; set by hand they stay.
    qputenv("GRPC_VERBOSITY",
            qEnvironmentVariable("GRPC_VERBOSITY", QStringLiteral("NONE")).toUtf8());
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("ifrit"));
    QApplication::setDesktopFileName(QStringLiteral("ifrit-desktop"));
    QApplication::setApplicationVersion(QStringLiteral(IFRIT_VERSION));
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/ifrit.svg")));
    try {
        return run(application, options);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "ifrit-desktop: %s\n", error.what());
        return 1;
    }
}
