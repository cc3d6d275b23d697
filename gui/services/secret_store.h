// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "gui/services/call.h"

namespace ifrit::gui::services {

/// Keeps what must never be in a settings file: tokens of password logins. Contract:
/// gui/services/call.h.
class SecretStore {
public:
    virtual ~SecretStore() = default;
    /// NOT_FOUND where there is none; UNAVAILABLE where the store is locked or broken.
    virtual CallHandle read(const std::string& name, Reply<std::string> reply) = 0;
    /// Failures are told to nobody: the login holds until the program ends all the same.
    virtual void write(const std::string& name, const std::string& secret) = 0;
    virtual void remove(const std::string& name) = 0;
};

}  // namespace ifrit::gui::services
