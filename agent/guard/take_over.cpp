// SPDX-License-Identifier: Apache-2.0
#include "agent/guard/take_over.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>

#include "agent/guard/guard_record.h"

extern char** environ;

namespace ifrit::agent::guard {
namespace {

constexpr int kPauseMs = 20;
constexpr int kPauses = 250;  // 5 s: a stand-in ends at once

sigset_t handledSignals() {
    sigset_t handled;
    ::sigemptyset(&handled);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGCHLD})
        ::sigaddset(&handled, signal);
    return handled;
}

absl::Status notGood(const std::string& program, const std::string& how) {
    return base::failedPrecondition("GUARD_REFUSED", program, "{} {}", program, how);
}

}  // namespace

absl::Status tryOut(const std::vector<std::string>& command, std::chrono::milliseconds limit,
                    platform::ProcessLauncher& launcher, platform::ExitWatcher& exits,
                    platform::Signaller& signaller) {
    platform::LaunchSpec spec;
    spec.command = command;
    spec.outputFile = "/dev/null";
    IFRIT_ASSIGN_OR_RETURN(const platform::ProcessId process, launcher.launch(spec));
    IFRIT_RETURN_IF_ERROR(exits.watch(process));
    // The first wait is over at once: watch() itself has woken it.
    std::vector<platform::ExitNotice> ended = exits.wait(std::chrono::milliseconds(0));
    if (ended.empty()) ended = exits.wait(limit);
    if (ended.empty()) {
        signaller.signal(process, platform::Signal::Kill).IgnoreError();
        exits.wait(limit);
    }
    exits.release(process);
    if (ended.empty()) return notGood(command[0], "does not answer");
    if (ended[0].status.success()) return absl::OkStatus();
    return notGood(command[0], describe(ended[0].status));
}

absl::Status become(const std::vector<std::string>& command) {
    std::vector<char*> words;
    for (const std::string& word : command)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    holdSignals();
    ::execve(words[0], words.data(), environ);
    const int error = errno;
    letSignalsIn();
    return base::errnoStatus(error, "becoming " + command[0]);
}

void holdSignals() {
    const sigset_t handled = handledSignals();
    ::sigprocmask(SIG_BLOCK, &handled, nullptr);
}

void letSignalsIn() {
    const sigset_t handled = handledSignals();
    ::sigprocmask(SIG_UNBLOCK, &handled, nullptr);
}

absl::StatusOr<platform::FileLock> lockRoot(const std::string& root, bool standIn,
                                            const platform::ProcessTable& processes,
                                            platform::Signaller& signaller) {
    const std::string path = root + "/ifrit/guard.lock";
    auto lock = platform::FileLock::acquire(path);
    if (lock.ok() || standIn || !absl::IsFailedPrecondition(lock.status())) return lock;
    const auto holder = readGuardRecord(root);
    if (!holder.ok() || !holder->standIn || !processes.isAlive(holder->process)) return lock;
    signaller.signal(holder->process, platform::Signal::User1).IgnoreError();
    for (int pause = 0; !lock.ok() && pause < kPauses; ++pause) {
        ::poll(nullptr, 0, kPauseMs);
        lock = platform::FileLock::acquire(path);
    }
    return lock;
}

}  // namespace ifrit::agent::guard
