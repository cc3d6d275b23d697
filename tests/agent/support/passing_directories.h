// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "agent/platform/directories.h"

namespace ifrit::tests {

/// Passes every call on to a real disk: for a test that changes one of them. `real` outlives it.
class PassingDirectories : public agent::platform::Directories {
public:
    explicit PassingDirectories(agent::platform::Directories& real) : m_real(real) {}

    absl::Status create(const std::string& path, std::uint32_t mode) override {
        return m_real.create(path, mode);
    }
    absl::Status removeTree(const std::string& path) override { return m_real.removeTree(path); }
    absl::Status rename(const std::string& from, const std::string& to) override {
        return m_real.rename(from, to);
    }
    absl::Status switchLink(const std::string& target, const std::string& link) override {
        return m_real.switchLink(target, link);
    }
    absl::StatusOr<std::string> readLink(const std::string& link) const override {
        return m_real.readLink(link);
    }
    absl::StatusOr<std::vector<std::string>> list(const std::string& path) const override {
        return m_real.list(path);
    }
    absl::StatusOr<agent::platform::Owner> owner(const std::string& directory) const override {
        return m_real.owner(directory);
    }
    absl::Status setOwner(const std::string& directory,
                          const agent::platform::Owner& owner) override {
        return m_real.setOwner(directory, owner);
    }
    agent::platform::Owner ourselves() const override { return m_real.ourselves(); }

private:
    agent::platform::Directories& m_real;
};

}  // namespace ifrit::tests
