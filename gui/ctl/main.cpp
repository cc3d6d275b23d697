// SPDX-License-Identifier: Apache-2.0
#include <QCoreApplication>
#include <QDir>
#include <QStandardPaths>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "gui/ctl/shell.h"
#include "gui/rpc/grpc_session.h"
#include "gui/rpc/package_file_source.h"

namespace {

volatile std::sig_atomic_t g_interrupted = 0;

#ifdef _WIN32
void onInterrupt(int signal) {
    g_interrupted = 1;
    // A second Ctrl-C ends the program also where it does not look.
    std::signal(signal, SIG_DFL);
}

void listenFor(int signal) {
    std::signal(signal, onInterrupt);
}
#else
void onInterrupt(int /*signal*/) {
    g_interrupted = 1;
}

void listenFor(int signal) {
    struct sigaction action {};
    action.sa_handler = onInterrupt;
    // Without SA_RESTART: at a prompt the read of what is typed ends too. A second Ctrl-C ends the
    // program also where it does not look.
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(signal, &action, nullptr);
}
#endif

bool isInterrupted() {
    return g_interrupted != 0;
}

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : std::string();
}

std::string configDirectory() {
    if (const std::string base = variable("XDG_CONFIG_HOME"); !base.empty()) return base + "/ifrit";
#ifdef _WIN32
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation).toStdString() +
           "/ifrit";
#else
    return QDir::homePath().toStdString() + "/.config/ifrit";
#endif
}

int run(int argc, char** argv) {
    using namespace ifrit::gui;
    const ifrit::base::SystemClock clock;
    rpc::GrpcSessionFactory sessions(rpc::openPackageSource, clock);
    ctl::Shell shell({sessions, ctl::systemTerminal(isInterrupted),
                      ctl::ContextStore(configDirectory()), variable, isInterrupted});
    return shell.run({argv + 1, argv + argc});
}

}  // namespace

int main(int argc, char** argv) {
    // gRPC's own lines would stand beside the sentence that says the same; set by hand they stay.
    setenv("GRPC_VERBOSITY", "NONE", 0);
    listenFor(SIGINT);
    listenFor(SIGTERM);
#ifndef _WIN32
    // "| head" ends quietly: a failed write is seen when the output is flushed.
    std::signal(SIGPIPE, SIG_IGN);
#endif
    const QCoreApplication application(argc, argv);
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "ifritctl: %s (INTERNAL)\n", error.what());
        return 1;
    }
}
