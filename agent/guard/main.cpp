// SPDX-License-Identifier: Apache-2.0
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <exception>

#include "agent/guard/exit_codes.h"
#include "agent/guard/guard.h"
#include "agent/guard/guard_record.h"
#include "agent/guard/succession.h"
#include "agent/guard/take_over.h"
#include "agent/platform/linux/linux_exit_watcher.h"
#include "agent/platform/linux/linux_process_launcher.h"
#include "agent/platform/linux/linux_process_table.h"
#include "agent/platform/linux/linux_signaller.h"
#include "agent/platform/own_environment.h"
#include "agent/platform/posix/posix_directories.h"

namespace {

using namespace ifrit;
using namespace ifrit::agent;

using guard::kExitConfiguration;
using guard::kExitLocked;
constexpr std::chrono::seconds kTryOut{5};

guard::GuardRequests g_requests;
// Handlers can run as soon as they are set, so they find the watcher here or nothing.
std::atomic<platform::ExitWatcher*> g_exits{nullptr};

void onSignal(int signal) {
    if (signal == SIGHUP) g_requests.hangup = true;
    if (signal == SIGTERM || signal == SIGINT) g_requests.stop = true;
    if (signal == SIGUSR1) g_requests.handOver = true;
    // SIGCHLD only wakes the loop: as process 1 it then reaps.
    if (platform::ExitWatcher* exits = g_exits) exits->wake();
}

void handleSignals() {
    struct sigaction action {};
    action.sa_handler = &onSignal;
    action.sa_flags = SA_RESTART;
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGCHLD})
        ::sigaction(signal, &action, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    guard::letSignalsIn();  // held since main()
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
    std::map<std::string, std::string> variables = platform::ownEnvironment();
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
        variables.erase(name);
    return variables;
}

std::string ourProgram() {
    char self[PATH_MAX];
    const ssize_t length = ::readlink("/proc/self/exe", self, sizeof self);
    return std::string(self, length > 0 ? static_cast<std::size_t>(length) : 0);
}

int fail(const absl::Status& status, int code) {
    say(base::messageOf(status));
    return code;
}

/// What a guard needs of the system; one for a process.
struct System {
    platform::PosixDirectories directories;
    base::SystemClock clock;
    platform::LinuxProcessTable processes;
    platform::LinuxSignaller signaller{processes};
    platform::LinuxProcessLauncher launcher{processes};
};

/// Becomes the guard of ifrit-agent's confirmed version, or returns and stays this one.
void succeed(const guard::GuardOptions& options, guard::Succession& succession, System& system) {
    const auto program = succession.successor();
    if (!program) return;
    std::vector<std::string> command = guard::commandOf(options);
    command[0] = *program;
    command.insert(command.begin() + 1, {"--anchor", options.anchor});
    if (options.standIn) command.insert(command.begin() + 1, "--stand-in");
    std::vector<std::string> check = command;
    check.insert(check.begin() + 1, "--check");
    const auto exits = platform::LinuxExitWatcher::create(system.processes);
    absl::Status status = exits.status();
    if (status.ok())
        status = guard::tryOut(check, kTryOut, system.launcher, **exits, system.signaller);
    if (!status.ok()) {
        say("the ifrit-guard of the new version is not taken: " + base::messageOf(status));
        succession.refuse(*program, base::messageOf(status)).IgnoreError();
        return;
    }
    status = succession.prepare(*program, system.clock.steadyNow());
    if (status.ok()) {
        say("becoming " + *program);
        status = guard::become(command);
    }
    say(base::messageOf(status));
}

int run(guard::GuardOptions options) {
    System system;
    if (const auto made = system.directories.create(options.root + "/ifrit", 0755); !made.ok())
        return fail(base::annotate(made, "--root " + options.root + " cannot be used"),
                    kExitConfiguration);
    const auto lock =
        guard::lockRoot(options.root, options.standIn, system.processes, system.signaller);
    if (!lock.ok())
        return fail(lock.status(),
                    absl::IsFailedPrecondition(lock.status()) ? kExitLocked : kExitConfiguration);
    const std::string self = ourProgram();
    if (options.anchor.empty()) options.anchor = self;
    if (options.agent.empty())
        options.agent = self.substr(0, self.find_last_of('/') + 1) + "ifrit-agent";
    const auto exits = platform::LinuxExitWatcher::create(system.processes);
    if (!exits.ok()) return fail(exits.status(), kExitConfiguration);
    g_exits = exits->get();
    handleSignals();

    const auto us = system.processes.identify(system.processes.ownPid());
    absl::Status written = us.status();
    if (us.ok()) {
        written = guard::writeGuardRecord(options.root,
                                          {*us, guard::commandOf(options), options.standIn});
    }
    // Then ifrit-agent cannot start us again; init can.
    if (!written.ok()) say(base::messageOf(written));

    const guard::Slots slots(options.root, system.directories);
    guard::Succession succession(options.root, self, slots, system.directories);
    guard::GuardParts parts{
        system.clock,
        base::systemUniformRandom(),
        system.launcher,
        system.processes,
        system.signaller,
        **exits,
        system.directories,
        base::ServiceNotifier(environmentValue("NOTIFY_SOCKET")),
        base::watchdogInterval(::getenv("WATCHDOG_USEC"), ::getenv("WATCHDOG_PID"), ::getpid()),
        agentEnvironment(),
        &say,
        [&] { succeed(options, succession, system); },
        [&] {
            if (succession.isPending()) succession.stands().IgnoreError();
        }};
    guard::Guard(options, std::move(parts), g_requests).run();
    g_exits = nullptr;
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    guard::holdSignals();
    try {
        char directory[PATH_MAX];
        const std::string here = ::getcwd(directory, sizeof directory) ? directory : "";
        auto options = guard::parseOptions({argv + 1, argv + argc}, here);
        if (!options.ok()) return fail(options.status(), kExitConfiguration);
        if (const auto answer = guard::answerOf(*options, IFRIT_VERSION)) {
            std::fputs(answer->c_str(), stdout);
            return 0;
        }
        return run(*std::move(options));
    } catch (const std::exception& error) {
        say(error.what());
        return guard::kExitInternal;
    }
}
