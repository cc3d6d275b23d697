// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include "ifrit/v1/releases.pb.h"
#include "shared/domain/release.h"

namespace ifrit::codec {

v1::ReleaseSpec toWire(const domain::ReleaseSpec& spec);
/// Checks every name, the gray list's size and that durations are at most 30 days.
absl::StatusOr<domain::ReleaseSpec> fromWire(const v1::ReleaseSpec& spec);

v1::StageProgress toWire(const domain::StageCounts& counts);
absl::StatusOr<domain::StageCounts> fromWire(const v1::StageProgress& progress);

v1::Approval toWire(const domain::Approval& approval);
domain::Approval fromWire(const v1::Approval& approval);

/// What the state machine adds (allowed_verbs, waits_for) is the caller's to set.
v1::ReleaseChange toWire(const domain::ReleaseChange& change);
domain::ReleaseChange fromWire(const v1::ReleaseChange& change);
v1::HistoryRemoval toWire(const domain::HistoryRemoval& removal);
domain::HistoryRemoval fromWire(const v1::HistoryRemoval& removal);

v1::Release toWire(const domain::Release& release);
absl::StatusOr<domain::Release> fromWire(const v1::Release& release);

}  // namespace ifrit::codec
