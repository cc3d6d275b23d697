// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ifrit::agent::link {

/// The order in which a machine prefers masters, the same wherever and whenever it is asked for.
/// Rendezvous hashing (highest random weight; Thaler and Ravishankar, "Using Name-Based Mappings to
/// Increase Hit Rates", IEEE/ACM Transactions on Networking 6(1), 1998): each address weighs
/// xxh3(uuid, address), the heaviest comes first. So machines spread evenly over masters, those of
/// one that is gone spread evenly over the rest, and nobody else moves. The order of `addresses`
/// does not matter, and one that is named twice counts once. Pure.
std::vector<std::string> masterOrder(std::string_view uuid,
                                     const std::vector<std::string>& addresses);

}  // namespace ifrit::agent::link
