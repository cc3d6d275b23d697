// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "ifrit/v1/fleet.pb.h"

namespace ifrit::master::rpc {

/// Of all the samples that a master told.
inline std::uint64_t pollsIn(const v1::MasterLoad& load) {
    std::uint64_t out = 0;
    for (const v1::LoadSample& sample : load.samples())
        out += sample.polls();
    return out;
}

}  // namespace ifrit::master::rpc
