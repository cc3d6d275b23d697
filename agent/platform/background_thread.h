// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/base/status.h"

namespace ifrit::agent::platform {

/// From here on the calling thread gets the processor and the disk only when nobody else wants
/// them, as far as the system's schedulers know such a thing. It must hold no lock that others wait
/// for while it reads.
absl::Status becomeBackgroundThread();

}  // namespace ifrit::agent::platform
