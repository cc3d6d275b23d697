// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "shared/base/status.h"

namespace ifrit::agent::link {

/// What agent.toml says of the way to the masters.
struct LinkSettings {
    std::vector<std::string> masters;  ///< "host:port", at least one
    std::string serverName;            ///< empty: their address
    std::string caPem;                 ///< content of ca_file; empty: there is none
    bool operator==(const LinkSettings&) const = default;
};

/// The settings that a call has succeeded with, in one file: what a wrong agent.toml must not take
/// away, also over a restart. Keys of a later version are not used, and kept. Thread-compatible.
class LinkSettingsStore {
public:
    explicit LinkSettingsStore(std::string path) : m_path(std::move(path)) {}

    /// nullopt: none yet.
    absl::StatusOr<std::optional<LinkSettings>> read() const;
    /// The same; what cannot be read is logged, and is none.
    std::optional<LinkSettings> load() const;
    absl::Status save(const LinkSettings& settings) const;

private:
    const std::string m_path;
};

struct SettingsChoice {
    LinkSettings used;
    std::optional<LinkSettings> candidate;  ///< to be tried before it is used
};
/// What is configured is used at once where nothing proven could be lost: before the first
/// enrolment, and where none was proven. Pure.
SettingsChoice chooseSettings(LinkSettings configured, std::optional<LinkSettings> proven,
                              bool isEnrolled);

}  // namespace ifrit::agent::link
