// SPDX-License-Identifier: Apache-2.0
#include "shared/codec/enum_codec.h"

#include "shared/base/status.h"

namespace ifrit::codec {
namespace {

// Domain enumerators that start at 0 are shifted by one on the wire, where 0 is "unspecified".
template <typename Wire, typename Domain>
Wire shifted(Domain value) {
    return static_cast<Wire>(static_cast<int>(value) + 1);
}

template <typename Domain>
absl::StatusOr<Domain> unshifted(const char* what, int wire, int count, int offset = 1) {
    const int value = wire - offset;
    if (value < 1 - offset || value >= count + 1 - offset) {
        return base::invalidArgument("ENUM_INVALID", what, "{} {} is not known to this version",
                                     what, wire);
    }
    return static_cast<Domain>(value);
}

static_assert(static_cast<int>(domain::Level::Full) == v1::LEVEL_FULL);
static_assert(static_cast<int>(domain::Level::Gray) == v1::LEVEL_GRAY);
static_assert(static_cast<int>(domain::DesiredAction::UninstallPurge) + 1 ==
              v1::DESIRED_ACTION_UNINSTALL_PURGE);
static_assert(static_cast<int>(domain::Verdict::LowerLevel) + 1 == v1::VERDICT_LOWER_LEVEL);
static_assert(static_cast<int>(domain::MachineState::Unmanaged) == v1::MACHINE_STATE_UNMANAGED);
static_assert(static_cast<int>(domain::Integrity::Damaged) == v1::INTEGRITY_DAMAGED);
static_assert(static_cast<int>(domain::ReleaseState::Done) + 1 == v1::RELEASE_STATE_DONE);
static_assert(static_cast<int>(domain::StageKind::Full) + 1 == v1::STAGE_KIND_FULL);
static_assert(static_cast<int>(domain::ReleaseVerb::Approve) + 1 == v1::RELEASE_VERB_APPROVE);
static_assert(static_cast<int>(domain::Outcome::Aborted) + 1 == v1::OUTCOME_ABORTED);
static_assert(static_cast<int>(domain::BatchAdvance::Promote) + 1 == v1::BATCH_ADVANCE_PROMOTE);
static_assert(static_cast<int>(domain::GateKind::Cost) + 1 == v1::GATE_KIND_COST);

}  // namespace

v1::Level toWire(domain::Level value) {
    return static_cast<v1::Level>(value);
}
v1::DesiredAction toWire(domain::DesiredAction value) {
    return shifted<v1::DesiredAction>(value);
}
v1::Verdict toWire(domain::Verdict value) {
    return shifted<v1::Verdict>(value);
}
v1::MachineState toWire(domain::MachineState value) {
    return static_cast<v1::MachineState>(value);
}
v1::Integrity toWire(domain::Integrity value) {
    return static_cast<v1::Integrity>(value);
}
v1::ReleaseState toWire(domain::ReleaseState value) {
    return shifted<v1::ReleaseState>(value);
}
v1::StageKind toWire(domain::StageKind value) {
    return shifted<v1::StageKind>(value);
}
v1::ReleaseVerb toWire(domain::ReleaseVerb value) {
    return shifted<v1::ReleaseVerb>(value);
}
v1::Outcome toWire(domain::Outcome value) {
    return shifted<v1::Outcome>(value);
}
v1::BatchAdvance toWire(domain::BatchAdvance value) {
    return shifted<v1::BatchAdvance>(value);
}
v1::GateKind toWire(domain::GateKind value) {
    return shifted<v1::GateKind>(value);
}

absl::StatusOr<domain::Level> fromWire(v1::Level value) {
    return unshifted<domain::Level>("level", value, 3, 0);
}
absl::StatusOr<domain::DesiredAction> fromWire(v1::DesiredAction value) {
    return unshifted<domain::DesiredAction>("desired action", value, 3);
}
absl::StatusOr<domain::Verdict> fromWire(v1::Verdict value) {
    return unshifted<domain::Verdict>("verdict", value, 3);
}
absl::StatusOr<domain::ReleaseState> fromWire(v1::ReleaseState value) {
    return unshifted<domain::ReleaseState>("release state", value, 8);
}
absl::StatusOr<domain::StageKind> fromWire(v1::StageKind value) {
    return unshifted<domain::StageKind>("stage", value, 4);
}
absl::StatusOr<domain::ReleaseVerb> fromWire(v1::ReleaseVerb value) {
    return unshifted<domain::ReleaseVerb>("verb", value, 10);
}
absl::StatusOr<domain::Outcome> fromWire(v1::Outcome value) {
    return unshifted<domain::Outcome>("outcome", value, 8);
}
absl::StatusOr<domain::BatchAdvance> fromWire(v1::BatchAdvance value) {
    return unshifted<domain::BatchAdvance>("batch advance", value, 2);
}
absl::StatusOr<domain::GateKind> fromWire(v1::GateKind value) {
    return unshifted<domain::GateKind>("gate", value, 7);
}

domain::MachineState fromWire(v1::MachineState value) {
    return v1::MachineState_IsValid(value) ? static_cast<domain::MachineState>(value)
                                           : domain::MachineState::Unknown;
}
domain::Integrity fromWire(v1::Integrity value) {
    return v1::Integrity_IsValid(value) ? static_cast<domain::Integrity>(value)
                                        : domain::Integrity::Unknown;
}

}  // namespace ifrit::codec
