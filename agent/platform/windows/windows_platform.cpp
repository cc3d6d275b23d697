// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/platform.h"
#include "agent/platform/windows/windows_command_runner.h"
#include "agent/platform/windows/windows_directories.h"
#include "agent/platform/windows/windows_exit_watcher.h"
#include "agent/platform/windows/windows_host.h"
#include "agent/platform/windows/windows_process_launcher.h"
#include "agent/platform/windows/windows_process_table.h"
#include "agent/platform/windows/windows_signaller.h"
#include "agent/platform/windows/windows_tree_watcher.h"
#include "agent/platform/windows/windows_user_directory.h"

namespace ifrit::agent::platform {

absl::StatusOr<Platform> makePlatform() {
    Platform made;
    made.processes = std::make_unique<WindowsProcessTable>();
    made.signaller = std::make_unique<WindowsSignaller>(*made.processes);
    made.launcher = std::make_unique<WindowsProcessLauncher>(*made.processes);
    made.commands = std::make_unique<WindowsCommandRunner>(*made.launcher, *made.signaller);
    made.streams = std::make_unique<WindowsCommandRunner>(*made.launcher, *made.signaller);
    IFRIT_ASSIGN_OR_RETURN(made.exits, WindowsExitWatcher::create());
    IFRIT_ASSIGN_OR_RETURN(made.guardExits, WindowsExitWatcher::create());
    made.users = std::make_unique<WindowsUserDirectory>();
    made.host = std::make_unique<WindowsHost>();
    made.directories = std::make_unique<WindowsDirectories>();
    IFRIT_ASSIGN_OR_RETURN(made.trees, WindowsTreeWatcher::create());
    return made;
}

}  // namespace ifrit::agent::platform
