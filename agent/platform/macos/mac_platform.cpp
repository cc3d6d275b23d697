// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/macos/mac_command_runner.h"
#include "agent/platform/macos/mac_exit_watcher.h"
#include "agent/platform/macos/mac_host.h"
#include "agent/platform/macos/mac_process_launcher.h"
#include "agent/platform/macos/mac_process_table.h"
#include "agent/platform/macos/mac_signaller.h"
#include "agent/platform/macos/mac_tree_watcher.h"
#include "agent/platform/macos/mac_user_directory.h"
#include "agent/platform/no_resource_groups.h"
#include "agent/platform/platform.h"
#include "agent/platform/posix/posix_directories.h"

namespace ifrit::agent::platform {

absl::StatusOr<Platform> makePlatform() {
    Platform made;
    made.processes = std::make_unique<MacProcessTable>();
    made.signaller = std::make_unique<MacSignaller>(*made.processes);
    made.launcher = std::make_unique<MacProcessLauncher>(*made.processes);
    made.commands = std::make_unique<MacCommandRunner>(*made.launcher, *made.signaller);
    made.streams = std::make_unique<MacCommandRunner>(*made.launcher, *made.signaller);
    IFRIT_ASSIGN_OR_RETURN(made.exits, MacExitWatcher::create(*made.processes));
    IFRIT_ASSIGN_OR_RETURN(made.guardExits, MacExitWatcher::create(*made.processes));
    made.users = std::make_unique<MacUserDirectory>();
    made.host = std::make_unique<MacHost>();
    made.directories = std::make_unique<PosixDirectories>();
    IFRIT_ASSIGN_OR_RETURN(made.trees, MacTreeWatcher::create());
    return made;
}

OpenedGroups openResourceGroups(const std::string&) {
    return {std::make_unique<NoResourceGroups>(),
            "limits are watched: macOS has no groups of processes to hold them"};
}

}  // namespace ifrit::agent::platform
