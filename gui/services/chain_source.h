// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "gui/services/call.h"

namespace ifrit::gui::services {

/// What a server shows to whoever asks, before anybody trusts it: nothing of it is proved.
/// Contract: gui/services/call.h.
class ChainSource {
public:
    virtual ~ChainSource() = default;
    /// Certificates (PEM) of the server at "host:port", its own first. UNAVAILABLE: there is none.
    virtual CallHandle fetch(const std::string& address, Reply<std::vector<std::string>> reply) = 0;
};

}  // namespace ifrit::gui::services
