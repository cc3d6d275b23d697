// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include "ifrit/v1/releases.pb.h"
#include "shared/domain/change_window.h"

namespace ifrit::codec {

v1::DateRange toWire(const domain::DateRange& range);
absl::StatusOr<domain::DateRange> fromWire(const v1::DateRange& range);

v1::ChangeWindows toWire(const domain::ChangeWindows& windows);
/// Checks all but whether the time zone exists.
absl::StatusOr<domain::ChangeWindows> fromWire(const v1::ChangeWindows& windows);

}  // namespace ifrit::codec
