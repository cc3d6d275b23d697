// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "agent/platform/linux/linux_command_runner.h"
#include "agent/platform/linux/linux_exit_watcher.h"
#include "agent/platform/linux/linux_host.h"
#include "agent/platform/linux/linux_process_launcher.h"
#include "agent/platform/linux/linux_process_table.h"
#include "agent/platform/linux/linux_signaller.h"
#include "agent/platform/linux/linux_tree_watcher.h"
#include "agent/platform/linux/linux_user_directory.h"
#include "agent/platform/platform.h"
#include "agent/platform/posix/posix_directories.h"

namespace ifrit::agent::platform {

absl::StatusOr<Platform> makePlatform() {
    Platform made;
    made.processes = std::make_unique<LinuxProcessTable>();
    made.signaller = std::make_unique<LinuxSignaller>(*made.processes);
    made.launcher = std::make_unique<LinuxProcessLauncher>(*made.processes);
    made.commands = std::make_unique<LinuxCommandRunner>(*made.launcher, *made.signaller);
    made.streams = std::make_unique<LinuxCommandRunner>(*made.launcher, *made.signaller);
    IFRIT_ASSIGN_OR_RETURN(made.exits, LinuxExitWatcher::create(*made.processes));
    IFRIT_ASSIGN_OR_RETURN(made.guardExits, LinuxExitWatcher::create(*made.processes));
    made.users = std::make_unique<LinuxUserDirectory>();
    const char* container = std::getenv("container");
    made.host = std::make_unique<LinuxHost>("", container == nullptr ? "" : container);
    made.directories = std::make_unique<PosixDirectories>();
    IFRIT_ASSIGN_OR_RETURN(made.trees, LinuxTreeWatcher::create());
    return made;
}

}  // namespace ifrit::agent::platform
