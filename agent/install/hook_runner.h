// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/install/run_spec_maker.h"
#include "agent/package/manifest_store.h"
#include "agent/platform/command_runner.h"
#include "agent/platform/user_directory.h"

namespace ifrit::agent::install {

enum class HookPoint { PreInstall, PostInstall, PreStart, PostStop, PreUninstall };

/// Runs the hooks of installed versions, as the agent's user, in its data directory. Thread-safe.
class HookRunner {
public:
    HookRunner(platform::CommandRunner& commands, const platform::UserDirectory& users,
               const package::ManifestStore& manifests, const RunSpecMaker& specs);

    /// OK when the version has no such hook. HOOK_FAILED with how it ended and the end of its
    /// output.
    absl::Status run(const std::string& agent, const journal::InstalledVersion& version,
                     HookPoint point);

private:
    platform::CommandRunner& m_commands;
    const platform::UserDirectory& m_users;
    const package::ManifestStore& m_manifests;
    const RunSpecMaker& m_specs;
};

}  // namespace ifrit::agent::install
