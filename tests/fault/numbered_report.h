// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ifrit/v1/machine_link.pb.h>

#include <cstdint>
#include <string>

namespace ifrit::tests {

/// What the event of the report with this number says.
std::string eventOf(std::uint64_t seq);
/// The report after the one that was acknowledged last, with one event; a full one is the first.
ifrit::v1::ReportDelta reportAfter(std::uint64_t acked);

}  // namespace ifrit::tests
