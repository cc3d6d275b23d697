// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ifrit::master::app {

/// This process leaves no memory behind when it crashes, and no other process of its user can look
/// into it: keys and passwords are in there. At the start of main(), before there is any secret.
void leaveNoDumps();

}  // namespace ifrit::master::app
