// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gui/services/chain_source.h"
#include "tests/gui/support/fake_calls.h"

namespace ifrit::tests {

namespace services = gui::services;

/// Shows what a test lets it.
class FakeChains final : public services::ChainSource {
public:
    services::CallHandle fetch(const std::string& address,
                               services::Reply<std::vector<std::string>> reply) override {
        return calls.add(address, std::move(reply));
    }
    FakeCalls<std::string, absl::StatusOr<std::vector<std::string>>> calls;
};

}  // namespace ifrit::tests
