// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "tests/master/storage/storage_contract.h"

namespace ifrit::master::storage {

/// What is looked for among many rows reads few of them. `read` tells how many rows the server has read so far.
void checkUsesReadFewRows(const OpenDatabase& open, const std::function<std::uint64_t()>& read);
void checkAuditOfAnActorReadsFewRows(const OpenDatabase& open,
                                     const std::function<std::uint64_t()>& read);
void checkAFullReportReadsFewEvents(const OpenDatabase& open,
                                    const std::function<std::uint64_t()>& read);

}  // namespace ifrit::master::storage
