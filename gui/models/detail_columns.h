// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace ifrit::gui::models {

/// Columns that are there for export and for whoever looks for them: a table leaves them out until
/// the operator shows them.
inline constexpr int kAuditDetails[] = {9, 10, 11, 12, 13};
inline constexpr int kReleaseMachineDetails[] = {7, 8, 9};

}  // namespace ifrit::gui::models
