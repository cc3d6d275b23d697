// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <string>

#include "shared/domain/freeze_mark.h"

namespace ifrit::v1 {
class FreezeMark;
}

namespace ifrit::master::cache {

inline constexpr std::size_t kMaxFreezeBytes = 16 * 1024;

/// As masters tell each other.
void toWire(const domain::FreezeMark& mark, v1::FreezeMark& out);
domain::FreezeMark fromWire(const v1::FreezeMark& in);

/// As it lies in a shared cache (ifrit.v1.CacheFreeze), sealed with the masters' key. Pure.
std::string encodeFreeze(const domain::FreezeMark& mark, const std::string& prefix,
                         const std::string& sealKey);
/// DATA_LOSS (CACHE_POISONED): nobody who has the key made these bytes for this prefix.
absl::StatusOr<domain::FreezeMark> decodeFreeze(const std::string& bytes, const std::string& prefix,
                                                const std::string& sealKey);

}  // namespace ifrit::master::cache
