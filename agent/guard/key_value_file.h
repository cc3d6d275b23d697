// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <map>
#include <string>

#include "shared/base/status.h"

namespace ifrit::agent::guard {

/// A tiny state file of lines "key=value", whole or not at all: its last line is "end=<number of
/// lines>". Values lose line breaks.
using KeyValues = std::map<std::string, std::string>;

/// The file's text.
std::string keyValueText(const KeyValues& values);
/// Durable and atomic.
absl::Status writeKeyValues(const std::string& path, const KeyValues& values);
/// NOT_FOUND when there is no file, DATA_LOSS STATE_DAMAGED when it is not as it was written.
absl::StatusOr<KeyValues> readKeyValues(const std::string& path);

/// Empty when there is no such key.
std::string textOf(const KeyValues& values, const std::string& key);
/// 0 when there is no such key or its value is no number.
template <typename Number>
Number numberOf(const KeyValues& values, const std::string& key) {
    const std::string text = textOf(values, key);
    Number number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

}  // namespace ifrit::agent::guard
