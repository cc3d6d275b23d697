// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "tests/agent/support/passing_directories.h"

namespace ifrit::tests {

/// A real disk whose owners are numbers that anybody may set. What nobody was given is ours.
class OwnedDirectories : public PassingDirectories {
public:
    using PassingDirectories::PassingDirectories;
    std::map<std::string, agent::platform::Owner> owners;
    absl::Status refusal;  ///< of every setOwner()

    absl::Status removeTree(const std::string& path) override {
        owners.erase(path);
        return PassingDirectories::removeTree(path);
    }
    absl::Status rename(const std::string& from, const std::string& to) override {
        const absl::Status renamed = PassingDirectories::rename(from, to);
        auto moved = owners.extract(from);
        if (renamed.ok() && !moved.empty()) owners[to] = moved.mapped();
        return renamed;
    }
    absl::StatusOr<agent::platform::Owner> owner(const std::string& directory) const override {
        const auto real = PassingDirectories::owner(directory);
        const auto found = owners.find(directory);
        return real.ok() && found != owners.end() ? found->second : real;
    }
    absl::Status setOwner(const std::string& directory,
                          const agent::platform::Owner& owner) override {
        if (refusal.ok()) owners[directory] = owner;
        return refusal;
    }
};

}  // namespace ifrit::tests
