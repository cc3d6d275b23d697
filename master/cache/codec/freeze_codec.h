// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <string>

#include "shared/domain/freeze_mark.h"

namespace ifrit::master::cache {

inline constexpr std::size_t kMaxFreezeBytes = 16 * 1024;

/// As it lies in a shared cache (ifrit.v1.CacheFreeze), sealed with the masters' key. Pure.
std::string encodeFreeze(const domain::FreezeMark& mark, const std::string& prefix,
                         const std::string& sealKey);
/// DATA_LOSS (CACHE_POISONED): nobody who has the key made these bytes for this prefix.
absl::StatusOr<domain::FreezeMark> decodeFreeze(const std::string& bytes, const std::string& prefix,
                                                const std::string& sealKey);

}  // namespace ifrit::master::cache
