// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace ifrit::domain {

/// Of a ring: beyond it a batch of most clusters would be a handful of machines.
inline constexpr std::uint32_t kMaxBatches = 1'000;

/// Kept with the cluster: equal specs give equal rings on every platform.
struct RingSpec {
    std::uint32_t batches = 20;  ///< N, 1 to kMaxBatches
    std::uint32_t virtualNodes =
        8'192;  ///< V per batch; the largest batch is at most 1.05 of ideal
    std::uint64_t seed = 0;
    bool operator==(const RingSpec&) const = default;
};

/// Which batch a machine is in (docs/protocol.md): its uuid hashes to a point, the next virtual
/// node clockwise names the batch. Immutable and thread-safe; 12 bytes for each virtual node.
class HashRing {
public:
    /// One virtual node, for drawing.
    struct Node {
        std::uint64_t point = 0;
        std::uint32_t batch = 0;
        bool operator==(const Node&) const = default;
    };

    /// O(N V log(N V)). A spec without batches or nodes is taken as one of each.
    explicit HashRing(const RingSpec& spec);

    const RingSpec& spec() const { return m_spec; }
    /// 1..N. O(log(N V)).
    std::uint32_t batchOf(std::string_view uuid) const;
    /// Where the uuid falls.
    std::uint64_t pointOf(std::string_view uuid) const;
    /// All virtual nodes, by point.
    std::vector<Node> nodes() const;

private:
    RingSpec m_spec;
    // Two arrays, so that the search touches points alone.
    std::vector<std::uint64_t> m_points;
    std::vector<std::uint32_t> m_batches;
};

}  // namespace ifrit::domain
