// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "shared/domain/desired_state.h"
#include "shared/domain/release.h"

namespace ifrit::domain {

/// Where a machine stands in the pilot of a release: those with the smallest values are in it.
/// Never 0, so that a limit of 0 can say "no pilot". XXH3-64 of the uuid, seeded with that of the
/// release's id: the same on every platform.
std::uint64_t pilotHash(std::string_view uuid, std::string_view releaseId);

/// How many of `machines` of one type the pilot takes.
std::size_t pilotSize(const PilotShare& share, std::size_t machines);

/// Whether an entry of the machine's hash keys is meant for it: all are but those of a pilot that
/// it is not in.
bool isMeantFor(const DesiredEntry& entry, std::string_view uuid);

}  // namespace ifrit::domain
