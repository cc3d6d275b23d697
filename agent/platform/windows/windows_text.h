// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/base/windows_text.h"

namespace ifrit::agent::platform {

using base::fromWide;
using base::lastError;
using base::ticksOf;
using base::toWide;
using base::toWidePath;
using base::windowsStatus;

}  // namespace ifrit::agent::platform
