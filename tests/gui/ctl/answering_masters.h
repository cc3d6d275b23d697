// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>

#include "tests/gui/ctl/answering_master.h"

namespace ifrit::tests {

/// Sessions of one master that outlives them; remembers the profile.
class AnsweringMasters final : public services::SessionFactory {
public:
    AnsweringMaster session;
    services::ConnectionProfile profile;
    int opened = 0;
    /// Other clusters' masters, by the bundle's cluster.
    std::map<std::string, AnsweringMaster> others;

    std::unique_ptr<services::Session> open(const services::ConnectionProfile& given) override {
        profile = given;
        ++opened;
        const auto other = others.find(given.bundle.cluster);
        AnsweringMaster& master = other == others.end() ? session : other->second;
        return std::make_unique<FakeSession>(master.fakes());
    }
};

}  // namespace ifrit::tests
