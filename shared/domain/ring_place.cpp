// SPDX-License-Identifier: Apache-2.0
#include "shared/domain/ring_place.h"

#include <algorithm>

namespace ifrit::domain {

std::size_t ownerOf(std::span<const HashRing::Node> nodes, std::uint64_t point) {
    const auto next = std::lower_bound(
        nodes.begin(), nodes.end(), point,
        [](const HashRing::Node& node, std::uint64_t at) { return node.point < at; });
    return next == nodes.end() ? 0 : static_cast<std::size_t>(next - nodes.begin());
}

RingPlace placeOf(const HashRing& ring, std::span<const HashRing::Node> nodes,
                  std::string_view uuid) {
    const std::uint64_t point = ring.pointOf(uuid);
    const HashRing::Node& node = nodes[ownerOf(nodes, point)];
    return {point, node.point, node.batch};
}

std::vector<double> sharesOf(std::span<const HashRing::Node> nodes, std::uint32_t batches) {
    std::vector<double> out(batches, 0.0);
    if (nodes.size() == 1) {
        // The difference below would be 0: the whole circle belongs to the one node.
        out[nodes.front().batch - 1] = 1.0;
        return out;
    }
    std::uint64_t before = nodes.back().point;
    for (const HashRing::Node& node : nodes) {
        out[node.batch - 1] += static_cast<double>(node.point - before) / 0x1p64;
        before = node.point;
    }
    return out;
}

}  // namespace ifrit::domain
