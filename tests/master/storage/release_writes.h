// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "tests/master/storage/storage_contract.h"

namespace ifrit::master::storage {

/// What a group of reports that moves a release's counts makes the engine write, of one whose gray
/// list names ten thousand machines, and before and after it is started. `written`: bytes so far,
/// as the engine tells them. For a Qt Test slot.
void checkReportsOfAReleaseWriteLittle(const OpenDatabase& open,
                                       const std::function<std::uint64_t()>& written);

}  // namespace ifrit::master::storage
