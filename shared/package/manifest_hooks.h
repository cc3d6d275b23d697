// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "shared/domain/manifest.h"

namespace ifrit::package {

/// Asks `check(field, command)` of the command of each hook that there is; `field` as it stands in
/// package.toml. The first error.
template <typename Check>
absl::Status checkEachHook(const domain::Hooks& hooks, const Check& check) {
    const std::pair<const char*, const std::optional<domain::Hook>*> all[] = {
        {"pre_install", &hooks.preInstall},
        {"post_install", &hooks.postInstall},
        {"pre_start", &hooks.preStart},
        {"post_stop", &hooks.postStop},
        {"pre_uninstall", &hooks.preUninstall}};
    for (const auto& [name, hook] : all) {
        if (!*hook) continue;
        const absl::Status checked = check(fmt::format("hooks.{}.command", name), (*hook)->command);
        if (!checked.ok()) return checked;
    }
    return absl::OkStatus();
}

}  // namespace ifrit::package
