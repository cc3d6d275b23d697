// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/resource_groups.h"

namespace ifrit::agent::platform {

/// For machines whose system gives us none: nothing is held, so everything is watched.
class NoResourceGroups final : public ResourceGroups {
public:
    absl::StatusOr<HeldLimits> prepare(const std::string&, const GroupLimits&) override {
        return HeldLimits{};
    }
    absl::Status add(const std::string&, const ProcessId&) override { return absl::OkStatus(); }
    bool holds(const std::string&, const ProcessId&) const override { return true; }
    bool isEmpty(const std::string&) const override { return true; }
    std::optional<GroupUsage> usage(const std::string&) const override { return std::nullopt; }
    absl::Status killAll(const std::string&) override { return absl::OkStatus(); }
    void remove(const std::string&) override {}
};

}  // namespace ifrit::agent::platform
