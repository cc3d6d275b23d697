// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include "ifrit/v1/machine_link.pb.h"
#include "ifrit/v1/types.pb.h"
#include "shared/domain/desired_state.h"

namespace ifrit::codec {

v1::DesiredEntry toWire(const domain::DesiredEntry& entry);
/// Checks names, digest and that an install names a version and the uninstalls none.
absl::StatusOr<domain::DesiredEntry> fromWire(const v1::DesiredEntry& entry);

v1::DesiredFragment toFragment(const std::vector<domain::DesiredEntry>& entries);
absl::StatusOr<domain::DesiredState> fromWire(const v1::MachineDesiredState& state);

}  // namespace ifrit::codec
