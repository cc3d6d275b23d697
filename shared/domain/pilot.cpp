// SPDX-License-Identifier: Apache-2.0
#include "shared/domain/pilot.h"

#include <algorithm>

#include "shared/base/hashing.h"

namespace ifrit::domain {

std::uint64_t pilotHash(std::string_view uuid, std::string_view releaseId) {
    return std::max<std::uint64_t>(1, base::xxh3(uuid, base::xxh3(releaseId)));
}

std::size_t pilotSize(const PilotShare& share, std::size_t machines) {
    const std::size_t percent = (machines * share.percent + 99) / 100;
    return std::min(machines, std::max<std::size_t>(share.count, percent));
}

bool isMeantFor(const DesiredEntry& entry, std::string_view uuid) {
    return entry.pilotLimit == 0 || pilotHash(uuid, entry.releaseId) <= entry.pilotLimit;
}

}  // namespace ifrit::domain
