// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "tests/master/storage/storage_contract.h"

namespace ifrit::master::storage {

/// What is looked for among many rows reads few of them, and what changes many alike says
/// little. `read` tells how many rows the server has read so far.
void checkUsesReadFewRows(const OpenDatabase& open, const std::function<std::uint64_t()>& read);
void checkAuditOfAnActorReadsFewRows(const OpenDatabase& open,
                                     const std::function<std::uint64_t()>& read);
void checkAFullReportReadsFewEvents(const OpenDatabase& open,
                                    const std::function<std::uint64_t()>& read);

/// As an abort of a release of a whole cluster. `received` tells how many bytes the server was sent
/// so far.
void checkAVerbOfManySaysLittle(const OpenDatabase& open,
                                const std::function<std::uint64_t()>& received);

}  // namespace ifrit::master::storage
