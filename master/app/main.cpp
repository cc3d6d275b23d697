// SPDX-License-Identifier: Apache-2.0
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <QCoreApplication>
#include <QtGlobal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <system_error>

#include "master/app/commands.h"
#include "master/app/no_dumps.h"
#include "master/app/stop_signal.h"
#include "shared/base/mutex_checks.h"
#include "shared/base/status.h"
#include "shared/commandline/help_words.h"
#include "shared/commandline/usage_error.h"

namespace ifrit::master::app {

int fail(const absl::Status& status) {
    constexpr int kLocked = 75;         // EX_TEMPFAIL of sysexits.h
    constexpr int kConfiguration = 78;  // EX_CONFIG
    const std::string reason = base::errorInfo(status).reason;
    std::string detail = absl::StatusCodeToString(status.code());
    if (!reason.empty()) detail += " " + reason;
    std::fprintf(stderr, "ifrit-master: %s (%s)\n", base::messageOf(status).c_str(),
                 detail.c_str());
    if (reason == "CONFIG_INVALID" || reason == "CONFIG_MISSING") return kConfiguration;
    if (reason == "LOCKED") return kLocked;
    // A file of this machine is not a thing of the cluster.
    const bool isOfThisMachine =
        reason == "SYSTEM" || reason == "DATABASE_MISSING" || reason == "DIRECTORY_MISSING";
    return absl::IsNotFound(status) && !isOfThisMachine ? 3 : 1;
}

absl::Status checkDirectory(const std::string& directory) {
    std::error_code ignored;
    if (std::filesystem::is_directory(directory, ignored)) return absl::OkStatus();
    return base::notFound("DIRECTORY_MISSING", directory,
                          "{} is no directory; name the one that 'ifrit-master init' made",
                          directory);
}

namespace {

/// A driver complains of each statement of a connection that was lost, which we say once ourselves.
void takeQtMessage(QtMsgType type, const QMessageLogContext&, const QString& text) {
    if (type == QtFatalMsg || type == QtCriticalMsg)
        spdlog::error("{}", text.toStdString());
    else
        spdlog::debug("{}", text.toStdString());
}

int run(int argc, char** argv) {
    qInstallMessageHandler(takeQtMessage);
    // QtSql finds its drivers through the application object.
    const QCoreApplication qt(argc, argv);
    CLI::App app("Serves one cluster: desired state to its machines, releases to its operators.",
                 "ifrit-master");
    app.set_version_flag("--version", std::string("ifrit-master ") + IFRIT_VERSION,
                         "Print this program's version");
    app.require_subcommand(1);
    app.footer(
        "Exit codes: 0 ok, 1 failure, 2 usage, 3 not found, 4 migrate --check: it has to be\n"
        "migrated, 5 migrate --check: a newer ifrit-master migrated it, 75 another master serves\n"
        "from the directory, 78 configuration.\n"
        "'ifrit-master help COMMAND' shows a command.");
    Action action;
    addClusterCommands(app, action);
    addBackupCommands(app, action);
    addPeopleCommands(app, action);
    commandline::addHelpCommand(app);
    constexpr int kUsage = 2;
    if (argc < 2) {
        std::fputs(app.help().c_str(), stderr);
        return kUsage;
    }
    try {
        commandline::parse(app, argc, argv);
    } catch (const CLI::Success& asked) {
        return app.exit(asked);
    } catch (const CLI::ParseError& error) {
        const commandline::UsageError wrong = commandline::describeUsage(app, error);
        std::fprintf(stderr, "ifrit-master: %s; %s\n", wrong.message.c_str(), wrong.hint().c_str());
        return kUsage;
    }
    return action();
}

}  // namespace
}  // namespace ifrit::master::app

int main(int argc, char** argv) {
    ifrit::base::leaveMutexChecksToTests();
    ifrit::master::app::leaveNoDumps();
    ifrit::master::app::blockSignals();
    try {
        return ifrit::master::app::run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "ifrit-master: %s\n", error.what());
        return 1;
    }
}
