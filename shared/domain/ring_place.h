// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "shared/domain/hash_ring.h"

namespace ifrit::domain {

/// Where a uuid falls on the ring, and why it is in its batch.
struct RingPlace {
    std::uint64_t point = 0;  ///< of the uuid
    std::uint64_t node = 0;   ///< the next virtual node clockwise, which names the batch
    std::uint32_t batch = 0;
    bool operator==(const RingPlace&) const = default;
};

/// The node that owns a point: the first at or behind it, or the first of all. `nodes` are those of
/// HashRing::nodes(), at least one. O(log n).
std::size_t ownerOf(std::span<const HashRing::Node> nodes, std::uint64_t point);

/// `nodes` are those of `ring`. Agrees with HashRing::batchOf(). O(log n).
RingPlace placeOf(const HashRing& ring, std::span<const HashRing::Node> nodes,
                  std::string_view uuid);

/// Each batch's part of the circle: the arcs that end at its virtual nodes. Entry 0 is batch 1;
/// they sum up to 1. O(n).
std::vector<double> sharesOf(std::span<const HashRing::Node> nodes, std::uint32_t batches);

}  // namespace ifrit::domain
