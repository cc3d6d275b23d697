// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace ifrit::master::services {

/// Hears of each call that ended. Called on the thread that ends it; must be quick, and
/// thread-safe.
class CallObserver {
public:
    virtual ~CallObserver() = default;
    /// `method` as in "ifrit.v1.MachineLink/Sync", `code` of gRPC. `took`: nullopt for streams,
    /// which last as long as they are held.
    virtual void callEnded(std::string_view method, int code,
                           std::optional<std::chrono::nanoseconds> took) noexcept = 0;
};

}  // namespace ifrit::master::services
