// SPDX-License-Identifier: Apache-2.0
#include "shared/base/ids.h"

#include <array>
#include <random>

#include "shared/base/hex.h"

namespace ifrit::base {

std::string randomUuid() {
    // libstdc++'s random_device reads RDRAND or getrandom(2); there is no seed to guess.
    std::random_device source;
    std::array<char, 16> bytes{};
    for (char& byte : bytes)
        byte = static_cast<char>(source() & 0xff);
    bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
    const std::string hex = toHex({bytes.data(), bytes.size()});
    return hex.substr(0, 8) + '-' + hex.substr(8, 4) + '-' + hex.substr(12, 4) + '-' +
           hex.substr(16, 4) + '-' + hex.substr(20);
}

}  // namespace ifrit::base
