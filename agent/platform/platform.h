// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "agent/platform/command_runner.h"
#include "agent/platform/directories.h"
#include "agent/platform/exit_watcher.h"
#include "agent/platform/host.h"
#include "agent/platform/process_launcher.h"
#include "agent/platform/process_table.h"
#include "agent/platform/program_stream.h"
#include "agent/platform/signaller.h"
#include "agent/platform/tree_watcher.h"
#include "agent/platform/user_directory.h"

namespace ifrit::agent::platform {

/// Everything that differs between operating systems, for ifrit-agent's composition root. The
/// members are independent but for the runner and the streams, which use launcher and signaller.
struct Platform {
    std::unique_ptr<ProcessTable> processes;
    std::unique_ptr<Signaller> signaller;
    std::unique_ptr<ProcessLauncher> launcher;
    std::unique_ptr<CommandRunner> commands;
    std::unique_ptr<ExitWatcher> exits;       ///< of managed agents
    std::unique_ptr<ExitWatcher> guardExits;  ///< of ifrit-guard; another thread waits for it
    std::unique_ptr<UserDirectory> users;
    std::unique_ptr<Host> host;
    std::unique_ptr<Directories> directories;
    std::unique_ptr<TreeWatcher> trees;
    std::unique_ptr<ProgramStream> streams;
};

/// The one of the system that this was compiled for. Fails when the kernel lacks what is needed
/// (Linux before 5.4: no pidfd waits).
absl::StatusOr<Platform> makePlatform();

}  // namespace ifrit::agent::platform
