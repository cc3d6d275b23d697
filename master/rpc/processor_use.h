// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace ifrit::master::rpc {

/// All that this process has taken of all processors.
std::chrono::nanoseconds processorTime();
/// How many it may use: those that it is bound to, and what its control group has of them.
double processors();

}  // namespace ifrit::master::rpc
