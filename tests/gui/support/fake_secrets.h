// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>

#include <map>
#include <string>

#include "gui/services/secret_store.h"
#include "tests/gui/support/fake_calls.h"

namespace ifrit::tests {

/// Answers at once from the event loop, as a keychain that is open.
class FakeSecrets final : public gui::services::SecretStore {
public:
    gui::services::CallHandle read(const std::string& name,
                                   gui::services::Reply<std::string> reply) override {
        return readCalls.add(name, std::move(reply));
    }
    void write(const std::string& name, const std::string& secret) override {
        secrets[name] = secret;
    }
    void remove(const std::string& name) override { secrets.erase(name); }

    FakeCalls<std::string, absl::StatusOr<std::string>> readCalls;
    std::map<std::string, std::string> secrets;
};

}  // namespace ifrit::tests
