// SPDX-License-Identifier: Apache-2.0
#include "shared/base/hashing.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace ifrit::base {

std::uint64_t xxh3(std::string_view bytes, std::uint64_t seed) {
    return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

}  // namespace ifrit::base
