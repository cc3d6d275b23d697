// SPDX-License-Identifier: Apache-2.0
// ifrit-guard as a Windows service. It does not become the guard of a new version, as the one of
// Linux does: a running program's file cannot be replaced here, so the installer brings a new
// guard.
#include <windows.h>

#include <cstdio>
#include <exception>
#include <filesystem>

#include "agent/guard/exit_codes.h"
#include "agent/guard/guard.h"
#include "agent/guard/guard_record.h"
#include "agent/guard/windows/service.h"
#include "agent/guard/windows/service_registration.h"
#include "agent/platform/file_lock.h"
#include "agent/platform/windows/windows_directories.h"
#include "agent/platform/windows/windows_exit_watcher.h"
#include "agent/platform/windows/windows_process_launcher.h"
#include "agent/platform/windows/windows_process_table.h"
#include "agent/platform/windows/windows_signaller.h"
#include "shared/base/windows_text.h"

namespace {

using namespace ifrit;
using namespace ifrit::agent;

using guard::kExitConfiguration;
using guard::kExitLocked;
constexpr DWORD kMostCharacters = 32'768;
constexpr char kInstall[] = "--install-service";
constexpr char kRemove[] = "--remove-service";
constexpr char kMoreHelp[] =
    "\nWindows: --install-service FLAGS... makes a service that runs with these flags; "
    "--remove-service\nstops and removes it.\n";

void say(const std::string& line) {
    std::fprintf(stderr, "ifrit-guard: %s\n", line.c_str());
    std::fflush(stderr);
}

int fail(const absl::Status& status, int code) {
    say(base::messageOf(status));
    return code;
}

std::string ourProgram() {
    std::wstring path(kMostCharacters, L'\0');
    path.resize(::GetModuleFileNameW(nullptr, path.data(), kMostCharacters));
    return base::fromWide(path);
}

std::map<std::string, std::string> agentEnvironment() {
    std::map<std::string, std::string> variables;
    wchar_t* const block = ::GetEnvironmentStringsW();
    if (block == nullptr) return variables;
    for (const wchar_t* at = block; *at != L'\0'; at += std::wcslen(at) + 1) {
        const std::string entry = base::fromWide(at);
        // "=C:=C:\..." is where a drive stands, and no variable.
        const auto equals = entry.find('=', 1);
        if (entry[0] != '=' && equals != std::string::npos)
            variables[entry.substr(0, equals)] = entry.substr(equals + 1);
    }
    ::FreeEnvironmentStringsW(block);
    return variables;
}

int run(const guard::GuardOptions& options, guard::GuardRequests& requests,
        platform::ExitWatcher& exits) {
    platform::WindowsDirectories directories;
    if (const auto made = directories.create(options.root + "/ifrit", 0755); !made.ok())
        return fail(base::annotate(made, "--root " + options.root + " cannot be used"),
                    kExitConfiguration);
    const auto lock = platform::FileLock::acquire(options.root + "/ifrit/guard.lock");
    if (!lock.ok())
        return fail(lock.status(),
                    absl::IsFailedPrecondition(lock.status()) ? kExitLocked : kExitConfiguration);
    const base::SystemClock clock;
    const platform::WindowsProcessTable processes;
    platform::WindowsSignaller signaller(processes);
    platform::WindowsProcessLauncher launcher(processes);
    const auto us = processes.identify(static_cast<std::int32_t>(::GetCurrentProcessId()));
    absl::Status written = us.status();
    if (us.ok())
        written = guard::writeGuardRecord(options.root, {*us, guard::commandOf(options), false});
    if (!written.ok()) say(base::messageOf(written));
    guard::GuardParts parts{clock,        base::systemUniformRandom(),
                            launcher,     processes,
                            signaller,    exits,
                            directories,  base::ServiceNotifier(""),
                            std::nullopt, agentEnvironment(),
                            &say};
    guard::Guard(options, std::move(parts), requests).run();
    return 0;
}

/// What was left out: the places of the programs.
guard::GuardOptions whole(guard::GuardOptions options) {
    const std::filesystem::path self(ourProgram());
    if (options.anchor.empty()) options.anchor = self.string();
    if (options.agent.empty()) options.agent = (self.parent_path() / "ifrit-agent.exe").string();
    return options;
}

int serve(const guard::GuardOptions& options) {
    const auto exits = platform::WindowsExitWatcher::create();
    if (!exits.ok()) return fail(exits.status(), kExitConfiguration);
    guard::GuardRequests requests;
    return guard::runAsService({[&] { return run(options, requests, **exits); },
                                [&] {
                                    requests.stop = true;
                                    (*exits)->wake();
                                },
                                [&] {
                                    requests.hangup = true;
                                    (*exits)->wake();
                                }});
}

int install(const guard::GuardOptions& options) {
    // Spelled out: a service starts in the system's own folder, where no relative path is right.
    if (const absl::Status made = guard::registerService(guard::commandOf(options)); !made.ok())
        return fail(made, kExitConfiguration);
    say("the service ifrit-guard is registered for " + options.root +
        "; start it with: sc start ifrit-guard");
    return 0;
}

int start(const std::vector<std::string>& arguments) {
    if (arguments == std::vector<std::string>{kRemove}) {
        const absl::Status removed = guard::unregisterService();
        return removed.ok() ? 0 : fail(removed, kExitConfiguration);
    }
    const bool installs = !arguments.empty() && arguments[0] == kInstall;
    const std::vector<std::string> flags(arguments.begin() + (installs ? 1 : 0), arguments.end());
    auto options = guard::parseOptions(flags, std::filesystem::current_path().string());
    if (!options.ok()) return fail(options.status(), kExitConfiguration);
    if (const auto answer = guard::answerOf(*options, IFRIT_VERSION)) {
        std::fputs(answer->c_str(), stdout);
        if (options->action == guard::GuardOptions::Action::Help) std::fputs(kMoreHelp, stdout);
        return 0;
    }
    const guard::GuardOptions all = whole(*std::move(options));
    return installs ? install(all) : serve(all);
}

}  // namespace

int wmain(int argc, wchar_t** argv) {
    try {
        std::vector<std::string> arguments;
        for (int i = 1; i < argc; ++i)
            arguments.push_back(base::fromWide(argv[i]));
        return start(arguments);
    } catch (const std::exception& error) {
        say(error.what());
        return guard::kExitInternal;
    }
}
