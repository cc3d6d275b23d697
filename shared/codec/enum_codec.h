// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include "ifrit/v1/fleet.pb.h"
#include "ifrit/v1/releases.pb.h"
#include "ifrit/v1/types.pb.h"
#include "shared/domain/desired_state.h"
#include "shared/domain/machine.h"
#include "shared/domain/release.h"

namespace ifrit::codec {

v1::Level toWire(domain::Level value);
v1::DesiredAction toWire(domain::DesiredAction value);
v1::Verdict toWire(domain::Verdict value);
v1::MachineState toWire(domain::MachineState value);
v1::Integrity toWire(domain::Integrity value);
v1::ReleaseState toWire(domain::ReleaseState value);
v1::StageKind toWire(domain::StageKind value);
v1::ReleaseVerb toWire(domain::ReleaseVerb value);
v1::Outcome toWire(domain::Outcome value);
v1::BatchAdvance toWire(domain::BatchAdvance value);
v1::GateKind toWire(domain::GateKind value);

/// INVALID_ARGUMENT for unspecified and for numbers this version does not know.
absl::StatusOr<domain::Level> fromWire(v1::Level value);
absl::StatusOr<domain::DesiredAction> fromWire(v1::DesiredAction value);
absl::StatusOr<domain::Verdict> fromWire(v1::Verdict value);
absl::StatusOr<domain::ReleaseState> fromWire(v1::ReleaseState value);
absl::StatusOr<domain::StageKind> fromWire(v1::StageKind value);
absl::StatusOr<domain::ReleaseVerb> fromWire(v1::ReleaseVerb value);
absl::StatusOr<domain::Outcome> fromWire(v1::Outcome value);
absl::StatusOr<domain::BatchAdvance> fromWire(v1::BatchAdvance value);
absl::StatusOr<domain::GateKind> fromWire(v1::GateKind value);
/// A number from a newer version becomes Unknown: a machine may be ahead of its master.
domain::MachineState fromWire(v1::MachineState value);
domain::Integrity fromWire(v1::Integrity value);

}  // namespace ifrit::codec
