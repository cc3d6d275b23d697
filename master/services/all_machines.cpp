// SPDX-License-Identifier: Apache-2.0
#include "master/services/all_machines.h"

#include <iterator>

#include "shared/base/status.h"

namespace ifrit::master::services {

absl::StatusOr<std::vector<StoredMachine>> allMachines(storage::MachineStore& machines) {
    constexpr std::size_t kPage = 5'000;
    std::vector<StoredMachine> all;
    for (;;) {
        IFRIT_ASSIGN_OR_RETURN(auto page,
                               machines.list({}, all.empty() ? "" : all.back().facts.uuid, kPage));
        const bool last = page.size() < kPage;
        all.insert(all.end(), std::make_move_iterator(page.begin()),
                   std::make_move_iterator(page.end()));
        if (last) return all;
    }
}

}  // namespace ifrit::master::services
