// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "gui/ctl/shell.h"
#include "gui/heads/head_store.h"
#include "shared/audit/kept_heads.h"

namespace ifrit::gui::ctl {

/// Where this account's heads are.
heads::HeadStore headStoreOf(const Shell& shell);

enum class Told {
    All,
    Warnings  ///< that the audit was rewritten, alone: where the command failed there was no change
};
/// After a changing command: keeps the head that it left, and tells on the error stream where what
/// is kept contradicts the master. Never fails: how the command ended, its own status says.
void keepHead(Shell& shell, Told told);

/// Keeps the head where `report` agrees; else DATA_LOSS (AUDIT_REWRITTEN) with which row, which
/// head, since when, and what to do.
absl::Status concludeHeads(Shell& shell, const audit::HeadReport& report,
                           const audit::SignedHead& head);

}  // namespace ifrit::gui::ctl
