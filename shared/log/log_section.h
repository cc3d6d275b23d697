// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/config/toml_section.h"
#include "shared/log/log.h"

namespace ifrit::log {

/// The section [log] of a program's configuration: level, format and file, as `file` is written
/// there. What is absent is info and text; problems are `top`'s.
void readLog(config::TomlSection& top, Options& options);

}  // namespace ifrit::log
