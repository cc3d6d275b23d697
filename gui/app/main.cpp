// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QIcon>
#include <QStandardPaths>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>

#include "gui/app/keychain.h"
#include "gui/app/language.h"
#include "gui/app/link_opener.h"
#include "gui/app/local_log.h"
#include "gui/app/main_window.h"
#include "gui/app/notifier.h"
#include "gui/app/quit_signals.h"
#include "gui/app/screenshots.h"
#include "gui/app/session_memory.h"
#include "gui/app/single_instance.h"
#include "gui/rpc/grpc_session.h"
#include "gui/rpc/package_file_source.h"
#include "gui/rpc/tls_chain_source.h"
#include "shared/commandline/usage_error.h"

namespace {

using namespace ifrit;

struct Options {
    std::vector<std::string> bundles;
    std::string settings;
    std::string theme;
    std::string language;
    std::string screenshotDir;
    std::string screenshotBegin;
    std::vector<std::string> scenes;
    std::string link;
    std::string page;
};

constexpr int kExitUsage = 2;

void describe(CLI::App& command, Options& options) {
    command.set_version_flag("--version", std::string("ifrit-desktop ") + IFRIT_VERSION,
                             "Print this program's version");
    command.footer(
        "Examples:\n"
        "  ifrit-desktop --bundle admin.bundle\n"
        "  ifrit-desktop ifrit://open/demo/machine/10.0.0.7\n"
        "  ifrit-desktop --bundle admin.bundle --screenshot-dir shots --theme dark\n\n"
        "The layout and the list of masters are kept in desktop.ini of the settings directory;\n"
        "nothing secret is.");
    command.add_option("LINK", options.link,
                       "An ifrit:// link to open; where the program runs already with these "
                       "settings, it opens it, as well as --bundle and --page");
    command
        .add_option("--bundle", options.bundles,
                    "Bundle file to import at start; may be repeated, the first is connected to")
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
                    "Write a picture of each page, tab, dock and dialog there once it has loaded, "
                    "in each language and theme that is not said, then exit: 0 when all were "
                    "taken, 1 else")
        ->type_name("DIR");
    command
        .add_option("--scene", options.scenes,
                    "Take only this picture, as 'map' or 'release-cost'; may be repeated")
        ->type_name("NAME");
    command
        .add_option("--screenshot-begin", options.screenshotBegin,
                    "Take none before this file exists: until then charts gather what they show")
        ->type_name("FILE");
    std::vector<std::string> names;
    for (const QString& name : gui::app::MainWindow::pageNames())
        names.push_back(name.toStdString());
    command.add_option("--page", options.page, "Page to begin with")->check(CLI::IsMember(names));
}

/// nullopt: go on; else the exit code.
std::optional<int> parse(int argc, char** argv, Options& options) {
    CLI::App command("Deploys, upgrades and watches the agents of a fleet.", "ifrit-desktop");
    describe(command, options);
    try {
        command.parse(argc, argv);
    } catch (const CLI::Success& asked) {
        return command.exit(asked);
    } catch (const CLI::ParseError& error) {
        const commandline::UsageError wrong = commandline::describeUsage(command, error);
        std::fprintf(stderr, "ifrit-desktop: %s; %s\n", wrong.message.c_str(),
                     wrong.hint().c_str());
        return kExitUsage;
    }
    return std::nullopt;
}

void choose(const Options& options, gui::app::Desktop& desktop, gui::widgets::Theme& theme) {
    using gui::widgets::ThemeChoice;
    theme.choose(desktop.preferences.theme());
    desktop.times.choose(desktop.preferences.zone());
    // What the command line says holds for this run, and is not remembered.
    if (options.theme == "light") theme.choose(ThemeChoice::Light);
    if (options.theme == "dark") theme.choose(ThemeChoice::Dark);
    if (options.theme == "system") theme.choose(ThemeChoice::System);
    gui::app::chooseLanguage(options.language.empty() ? desktop.preferences.language()
                                                      : QString::fromStdString(options.language));
}

/// What is not said is taken in all its forms.
gui::app::PictureWishes wishesOf(const Options& options) {
    using gui::widgets::ThemeChoice;
    gui::app::PictureWishes out;
    out.directory = QString::fromStdString(options.screenshotDir);
    out.begin = QString::fromStdString(options.screenshotBegin);
    for (const std::string& scene : options.scenes)
        out.scenes << QString::fromStdString(scene);
    out.languages = options.language.empty()
                        ? QStringList{QStringLiteral("en"), QStringLiteral("zh_CN")}
                        : QStringList{QString::fromStdString(options.language)};
    if (options.theme != "dark") out.themes << ThemeChoice::Light;
    if (options.theme != "light") out.themes << ThemeChoice::Dark;
    return out;
}

QString settingsDirectory(const Options& options) {
    if (!options.settings.empty()) return QString::fromStdString(options.settings);
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
           QStringLiteral("/ifrit");
}

void bringToFront(QWidget& window) {
    window.setWindowState(window.windowState() & ~Qt::WindowMinimized);
    window.raise();
    window.activateWindow();
}

gui::app::StartRequest requestOf(const Options& options) {
    gui::app::StartRequest out;
    for (const std::string& bundle : options.bundles)
        out.bundles << QFileInfo(QString::fromStdString(bundle)).absoluteFilePath();
    out.link = QString::fromStdString(options.link);
    out.page = QString::fromStdString(options.page);
    return out;
}

/// The window and what stands in it, as a start finds or makes it.
struct Running {
    gui::app::Desktop& desktop;
    gui::app::MainWindow& window;
    gui::app::LinkOpener& links;
};

/// False: a bundle is no good, and the page of connections says why.
bool show(const gui::app::StartRequest& request, const Running& in) {
    int first = -1;
    for (const QString& bundle : request.bundles) {
        const int index = in.desktop.connections.import(bundle);
        if (index < 0) {
            in.window.showView(gui::app::MainWindow::Connections);
            return false;
        }
        if (first < 0) first = index;
    }
    if (first >= 0) {
        in.desktop.connections.connectTo(first);
        in.window.showView(gui::app::MainWindow::Map);
    }
    if (!request.link.isEmpty()) in.links.open(request.link);
    if (!request.page.isEmpty()) in.window.showPage(request.page);
    return true;
}

/// What the command line names, else where the last session ended. False: its bundle is no good.
bool begin(const gui::app::StartRequest& request, const Running& in) {
    if (request.bundles.isEmpty() && request.link.isEmpty())
        gui::app::SessionMemory(in.desktop.settings).restore(in.desktop, in.window);
    if (show(request, in)) return true;
    std::fprintf(stderr, "ifrit-desktop: %s\n",
                 in.desktop.connections.error().toUtf8().constData());
    return false;
}

int takePictures(const Options& options, gui::app::Desktop& desktop, gui::widgets::Theme& theme,
                 gui::app::MainWindow& window) {
    gui::app::Screenshots screenshots(desktop, theme, window, wishesOf(options));
    QObject::connect(&screenshots, &gui::app::Screenshots::finished, qApp,
                     [](int code) { QApplication::exit(code); });
    screenshots.start();
    return QApplication::exec();
}

int run(QApplication& application, const Options& options) {
    using namespace gui;
    const QString directory = settingsDirectory(options);
    const bool pictures = !options.screenshotDir.empty();
    app::SingleInstance instance(directory);
    const app::StartRequest request = requestOf(options);
    // Pictures are of a window of their own.
    if (!pictures) {
        if (instance.handOver(request)) return 0;
        instance.listen();
    }
    QSettings settings(QDir(directory).filePath(QStringLiteral("desktop.ini")),
                       QSettings::IniFormat);
    base::SystemClock clock;
    rpc::GrpcSessionFactory sessions(rpc::openPackageSource, clock);
    models::PoolWorker worker;
    widgets::Theme theme(application);
    const std::unique_ptr<services::SecretStore> secrets = app::openSecrets();
    app::LocalLog log(app::LocalLog::pathFor(directory, !options.settings.empty()));
    log.takeMessages();
    log.write(QStringLiteral("start, version ") + QApplication::applicationVersion());
    rpc::TlsChainSource chains;
    app::Desktop desktop({sessions, clock, worker, settings, *secrets,
                          presenters::findDemo(QApplication::applicationDirPath()), &chains});
    log.follow(desktop.hub, desktop.operations);
    choose(options, desktop, theme);
    app::MainWindow window(desktop, theme);
    app::LinkOpener links(desktop, theme, window);
    app::TrayBell bell;
    using Cluster = app::Notifier::Cluster;
    const auto openRelease = [&window](const Cluster& cluster, const QString& id) {
        window.showReleaseOf(cluster.name, cluster.bundlePath, id);
        bringToFront(window);
    };
    app::Notifier notifier(desktop.releaseWatch,
                           {bell, [&desktop] { return desktop.preferences.notifies(); },
                            [&window] { return window.isActiveWindow(); },
                            [&window](const QString& sentence) { window.inform(sentence); },
                            [&window](const QString& sentence) { window.takeBack(sentence); },
                            [&desktop] {
                                const auto& profile = desktop.hub.profile();
                                return Cluster{models::toText(profile.bundle.cluster),
                                               models::toText(profile.bundlePath)};
                            },
                            openRelease});
    notifier.follow(desktop.fleetNotices);
    QObject::connect(&desktop.campaigns, &presenters::CampaignsPresenter::personWanted, &notifier,
                     [&](const QString& id, const QString& sentence) {
                         notifier.say(app::WindowPages::nameOf(app::WindowPages::Campaigns),
                                      sentence, [&window, &desktop, id] {
                                          window.showView(app::WindowPages::Campaigns);
                                          desktop.campaigns.choose(id);
                                          bringToFront(window);
                                      });
                     });
    QObject::connect(&window, &app::MainWindow::diagnosticsWanted, &window,
                     [&] { window.saveDiagnostics(&log); });
    const Running running{desktop, window, links};
    QObject::connect(&instance, &app::SingleInstance::started, &window,
                     [&](const app::StartRequest& wanted) {
                         bringToFront(window);
                         show(wanted, running);
                     });
    // Closes what asks something, and then the window, which remembers where it was.
    const app::QuitSignals endings;
    QObject::connect(&endings, &app::QuitSignals::asked, &application, &QApplication::quit,
                     Qt::QueuedConnection);
    window.show();
    const bool begun = begin(request, running);
    if (pictures) return begun ? takePictures(options, desktop, theme, window) : 1;
    return QApplication::exec();
}

}  // namespace

int main(int argc, char** argv) {
#ifndef _WIN32
    // A server that goes away in the middle of a handshake is an error like others.
    std::signal(SIGPIPE, SIG_IGN);
#endif
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
