// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ifrit::log {

/// While it lives, what this thread logs belongs to the request of this id: JSON lines carry it as
/// `request`. Scopes nest; the innermost counts. One thread.
class RequestScope {
public:
    explicit RequestScope(std::string id);
    ~RequestScope();
    RequestScope(const RequestScope&) = delete;
    RequestScope& operator=(const RequestScope&) = delete;

    /// Of this thread; empty outside of all scopes.
    static const std::string& current();

private:
    std::string m_outer;
};

}  // namespace ifrit::log
