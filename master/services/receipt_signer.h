// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <functional>
#include <string>
#include <string_view>

namespace ifrit::master::services {

/// The cluster's hand under its receipts: its CA's key. Thread-safe.
struct ReceiptSigner {
    std::string caPem;  ///< by which others check it
    std::function<absl::StatusOr<std::string>(std::string_view bytes)> sign;
};

}  // namespace ifrit::master::services
