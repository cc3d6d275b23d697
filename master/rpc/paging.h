// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace ifrit::master::rpc {

/// 0 means 500, at most 5,000 (types.proto).
std::size_t pageSize(std::uint32_t asked);

/// Page tokens of lists that go by a number: an offset, or the last id seen. INVALID_ARGUMENT for a
/// token that is not ours; empty is `first`.
absl::StatusOr<std::uint64_t> numberOfToken(const std::string& token, std::uint64_t first);

}  // namespace ifrit::master::rpc
