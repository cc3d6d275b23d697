// SPDX-License-Identifier: Apache-2.0
#include "master/cache/cache_keys.h"

#include <fmt/format.h>

namespace ifrit::master::cache {

std::string keyPrefix(std::string_view cluster) {
    return fmt::format("{{ifrit:{}}}:", cluster);
}

std::string grayKey(std::string_view uuid) {
    return fmt::format("expect_gray_{}", uuid);
}

std::string hashKey(std::uint32_t batch, std::string_view machineType) {
    return fmt::format("expect_default_hash{}_{}", batch, machineType);
}

std::string fullKey(std::string_view machineType) {
    return fmt::format("expect_default_{}", machineType);
}

}  // namespace ifrit::master::cache
