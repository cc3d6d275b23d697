// SPDX-License-Identifier: Apache-2.0
#include "shared/domain/hash_ring.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "shared/base/hashing.h"

namespace ifrit::domain {

HashRing::HashRing(const RingSpec& spec) : m_spec(spec) {
    m_spec.batches = std::max(1U, m_spec.batches);
    m_spec.virtualNodes = std::max(1U, m_spec.virtualNodes);
    std::vector<Node> all;
    all.reserve(std::size_t{m_spec.batches} * m_spec.virtualNodes);
    for (std::uint32_t batch = 1; batch <= m_spec.batches; ++batch) {
        for (std::uint32_t node = 0; node < m_spec.virtualNodes; ++node) {
            // Text, so that the points do not depend on the byte order of the platform.
            all.push_back({base::xxh3(fmt::format("{}#{}", batch, node), m_spec.seed), batch});
        }
    }
    // The batch decides between two nodes on one point: equal specs must give equal rings.
    std::sort(all.begin(), all.end(), [](const Node& a, const Node& b) {
        return std::tie(a.point, a.batch) < std::tie(b.point, b.batch);
    });
    m_points.reserve(all.size());
    m_batches.reserve(all.size());
    for (const Node& node : all) {
        m_points.push_back(node.point);
        m_batches.push_back(node.batch);
    }
}

std::uint64_t HashRing::pointOf(std::string_view uuid) const {
    return base::xxh3(uuid, m_spec.seed);
}

std::uint32_t HashRing::batchOf(std::string_view uuid) const {
    const auto next = std::lower_bound(m_points.begin(), m_points.end(), pointOf(uuid));
    const auto index = next == m_points.end() ? 0 : next - m_points.begin();
    return m_batches[static_cast<std::size_t>(index)];
}

std::vector<HashRing::Node> HashRing::nodes() const {
    std::vector<Node> out;
    out.reserve(m_points.size());
    for (std::size_t i = 0; i < m_points.size(); ++i)
        out.push_back({m_points[i], m_batches[i]});
    return out;
}

}  // namespace ifrit::domain
