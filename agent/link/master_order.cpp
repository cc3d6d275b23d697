// SPDX-License-Identifier: Apache-2.0
#include "agent/link/master_order.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "shared/base/hashing.h"

namespace ifrit::agent::link {

std::vector<std::string> masterOrder(std::string_view uuid,
                                     const std::vector<std::string>& addresses) {
    const std::uint64_t machine = base::xxh3(uuid);
    std::vector<std::pair<std::uint64_t, std::string>> weighed;
    weighed.reserve(addresses.size());
    for (const std::string& address : addresses)
        weighed.emplace_back(base::xxh3(address, machine), address);
    // Of equal weights the address decides: the order must not depend on that of the list.
    std::sort(weighed.begin(), weighed.end(),
              [](const auto& left, const auto& right) { return left > right; });
    weighed.erase(std::unique(weighed.begin(), weighed.end()), weighed.end());
    std::vector<std::string> order;
    order.reserve(weighed.size());
    for (auto& [weight, address] : weighed)
        order.push_back(std::move(address));
    return order;
}

}  // namespace ifrit::agent::link
