// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <QString>
#include <string_view>

namespace ifrit::master::storage::sql {

/// OK when the text would come back byte for byte; else INVALID_ARGUMENT (TEXT_INVALID): it is not
/// UTF-8, holds a NUL, begins with a byte order mark, which QString and SQLite take away, or holds
/// U+FFFE or U+FFFF, which SQLite turns into U+FFFD.
absl::Status checkStorable(std::string_view text);

/// Exact for what checkStorable() lets through.
QString toQt(std::string_view text);

}  // namespace ifrit::master::storage::sql
