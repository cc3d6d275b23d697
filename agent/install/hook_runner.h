// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

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

    /// Called with an agent of whose files one hook is not the signed one. Set before any hook
    /// runs.
    void setSuspect(std::function<void(const std::string& agent)> suspect) {
        m_suspect = std::move(suspect);
    }
    /// OK when the version has no such hook. HOOK_FAILED with how it ended and the end of its
    /// output; PROGRAM_CHANGED or PROGRAM_SWAPPED when it is not as signed, and did not run. What a
    /// hook that succeeds prints is logged, its end.
    /// `purpose` is what for it is run: with an address that is assumed, or not.
    absl::Status run(const std::string& agent, const journal::InstalledVersion& version,
                     HookPoint point, RunSpecMaker::Purpose purpose = RunSpecMaker::Purpose::Trial);
    /// What the hooks of this agent printed that succeeded since it was asked last, in one line:
    /// "pre_install: ...; post_install: ...". Of this run of ifrit-agent.
    std::string takeSaid(const std::string& agent) ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    void note(const std::string& agent, HookPoint point, const std::string& output)
        ABSL_LOCKS_EXCLUDED(m_mutex);

    platform::CommandRunner& m_commands;
    const platform::UserDirectory& m_users;
    const package::ManifestStore& m_manifests;
    const RunSpecMaker& m_specs;
    std::function<void(const std::string& agent)> m_suspect;
    absl::Mutex m_mutex;
    std::map<std::string, std::string> m_said ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::agent::install
