// SPDX-License-Identifier: Apache-2.0
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <exception>

#include "agent/guard/guard.h"
#include "agent/platform/file_lock.h"
#include "agent/platform/linux/linux_exit_watcher.h"
#include "agent/platform/linux/linux_process_launcher.h"
#include "agent/platform/linux/linux_process_table.h"
#include "agent/platform/linux/linux_signaller.h"
#include "agent/platform/linux/posix_directories.h"

extern char** environ;

namespace {

using namespace ifrit;
using namespace ifrit::agent;

constexpr int kExitLocked = 75;         // EX_TEMPFAIL
constexpr int kExitConfiguration = 78;  // EX_CONFIG

guard::GuardRequests g_requests;
// Handlers can run as soon as they are set, so they find the watcher here or nothing.
std::atomic<platform::ExitWatcher*> g_exits{nullptr};

void onSignal(int signal) {
    if (signal == SIGHUP) g_requests.hangup = true;
    if (signal == SIGTERM || signal == SIGINT) g_requests.stop = true;
    // SIGCHLD only wakes the loop: as process 1 it then reaps.
    if (platform::ExitWatcher* exits = g_exits) exits->wake();
}

void handleSignals() {
    struct sigaction action {};
    action.sa_handler = &onSignal;
    action.sa_flags = SA_RESTART;
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGCHLD})
        ::sigaction(signal, &action, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
}

void say(const std::string& line) {
    std::fprintf(stderr, "ifrit-guard: %s\n", line.c_str());
}

std::string environmentValue(const char* name) {
    const char* value = ::getenv(name);
    return value == nullptr ? "" : value;
}

// Without what the service manager told us about ourselves: ifrit-agent must not answer for us.
std::map<std::string, std::string> agentEnvironment() {
    std::map<std::string, std::string> variables;
    for (char** at = environ; *at != nullptr; ++at) {
        const std::string entry = *at;
        const auto equals = entry.find('=');
        if (equals != std::string::npos)
            variables[entry.substr(0, equals)] = entry.substr(equals + 1);
    }
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
        variables.erase(name);
    return variables;
}

std::string besideUs(const char* name) {
    char self[PATH_MAX];
    const ssize_t length = ::readlink("/proc/self/exe", self, sizeof self);
    const std::string path(self, length > 0 ? static_cast<std::size_t>(length) : 0);
    return path.substr(0, path.find_last_of('/') + 1) + name;
}

int fail(const absl::Status& status, int code) {
    say(base::messageOf(status));
    return code;
}

int run(guard::GuardOptions options) {
    platform::PosixDirectories directories;
    if (const auto made = directories.create(options.root + "/ifrit", 0755); !made.ok())
        return fail(base::annotate(made, "--root " + options.root + " cannot be used"),
                    kExitConfiguration);
    const auto lock = platform::FileLock::acquire(options.root + "/ifrit/guard.lock");
    if (!lock.ok())
        return fail(lock.status(),
                    absl::IsFailedPrecondition(lock.status()) ? kExitLocked : kExitConfiguration);
    if (options.agent.empty()) options.agent = besideUs("ifrit-agent");

    const base::SystemClock clock;
    const platform::LinuxProcessTable processes;
    platform::LinuxSignaller signaller(processes);
    platform::LinuxProcessLauncher launcher(processes);
    const auto exits = platform::LinuxExitWatcher::create(processes);
    if (!exits.ok()) return fail(exits.status(), kExitConfiguration);
    g_exits = exits->get();
    handleSignals();
    guard::GuardParts parts{
        clock,
        base::systemUniformRandom(),
        launcher,
        processes,
        signaller,
        **exits,
        directories,
        guard::Notifier(environmentValue("NOTIFY_SOCKET")),
        guard::watchdogInterval(::getenv("WATCHDOG_USEC"), ::getenv("WATCHDOG_PID"), ::getpid()),
        agentEnvironment(),
        &say};
    guard::Guard(std::move(options), std::move(parts), g_requests).run();
    g_exits = nullptr;
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        char directory[PATH_MAX];
        const std::string here = ::getcwd(directory, sizeof directory) ? directory : "";
        auto options = guard::parseOptions({argv + 1, argv + argc}, here);
        if (!options.ok()) return fail(options.status(), kExitConfiguration);
        switch (options->action) {
            case guard::GuardOptions::Action::Help:
                std::fputs(guard::helpText(), stdout);
                return 0;
            case guard::GuardOptions::Action::Version:
                std::puts("ifrit-guard " IFRIT_VERSION);
                return 0;
            case guard::GuardOptions::Action::Run:
                break;
        }
        return run(*std::move(options));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "ifrit-guard: %s\n", error.what());
        return 70;
    }
}
