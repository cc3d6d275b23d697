// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <vector>

#include "shared/bundle/bundle.h"

namespace ifrit::gui::ctl {

/// The clusters that an operator's account knows: bundles and login tokens below one directory, in
/// files that only the account may read (0600; the directory 0700). Not thread-safe.
class ContextStore {
public:
    /// `directory` is made when something is first saved.
    explicit ContextStore(std::string directory) : m_directory(std::move(directory)) {}

    const std::string& directory() const { return m_directory; }
    /// Sorted.
    std::vector<std::string> names() const;
    /// Name of the context in use; empty: none.
    std::string current() const;
    absl::Status use(const std::string& name);
    /// NOT_FOUND (NO_CONTEXT) names the ones that there are.
    absl::StatusOr<bundle::Bundle> load(const std::string& name) const;
    /// ALREADY_EXISTS where the name is taken by another bundle and `replace` is false. A login is
    /// kept only where it still says more than the bundle: of the same cluster, and the bundle has
    /// no certificate.
    absl::Status save(const std::string& name, const bundle::Bundle& bundle, bool replace);
    /// Forgets bundle and token, also where the bundle cannot be read.
    absl::Status remove(const std::string& name);

    std::string token(const std::string& name) const;
    /// Empty: forget it.
    absl::Status saveToken(const std::string& name, const std::string& token);

private:
    absl::Status mustBeThere(const std::string& name) const;
    std::string pathOf(const char* kind, const std::string& name) const;
    absl::Status writeSecret(const std::string& path, const std::string& content) const;

    std::string m_directory;
};

}  // namespace ifrit::gui::ctl
