// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace ifrit::gui::ctl {

/// A campaign as a TOML file (docs/cli.md): name, settle, expires_in, release, and a list
/// [[clusters]] of context and release, in their order.
struct CampaignFile {
    struct Cluster {
        std::string context;
        std::string releaseFile;  ///< path
    };
    std::string name;
    std::chrono::milliseconds settle{0};
    std::chrono::milliseconds expiresIn{std::chrono::hours(14 * 24)};
    std::vector<Cluster> clusters;
};

/// Paths of release files are taken from `directory`, the campaign file's. Strict: each error is
/// INVALID_ARGUMENT (CAMPAIGN_FILE) with `source`, line and key.
absl::StatusOr<CampaignFile> parseCampaignFile(std::string_view toml, std::string_view source,
                                               const std::string& directory);

}  // namespace ifrit::gui::ctl
