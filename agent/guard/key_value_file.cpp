// SPDX-License-Identifier: Apache-2.0
#include "agent/guard/key_value_file.h"

#include <algorithm>

#include "shared/base/atomic_file.h"

namespace ifrit::agent::guard {
namespace {

constexpr std::size_t kMaxFileBytes = 64 * 1024;
constexpr char kEnd[] = "end";

absl::Status damaged(const std::string& path) {
    return base::makeError(absl::StatusCode::kDataLoss, "STATE_DAMAGED", path,
                           path + " is cut or was changed by hand; it is ignored");
}

}  // namespace

std::string keyValueText(const KeyValues& values) {
    std::string text;
    for (const auto& [key, value] : values) {
        std::string line = value;
        std::replace(line.begin(), line.end(), '\n', ' ');
        text += key + '=' + line + '\n';
    }
    text += fmt::format("{}={}\n", kEnd, values.size());
    return text;
}

absl::Status writeKeyValues(const std::string& path, const KeyValues& values) {
    return base::writeFileAtomically(path, keyValueText(values), 0644);
}

absl::StatusOr<KeyValues> readKeyValues(const std::string& path) {
    IFRIT_ASSIGN_OR_RETURN(const std::string text, base::readFile(path, kMaxFileBytes));
    KeyValues values;
    std::size_t at = 0;
    while (at < text.size()) {
        const auto end = text.find('\n', at);
        if (end == std::string::npos) return damaged(path);
        const std::string line = text.substr(at, end - at);
        at = end + 1;
        const auto equals = line.find('=');
        if (equals == std::string::npos) return damaged(path);
        const std::string key = line.substr(0, equals);
        const std::string value = line.substr(equals + 1);
        if (key != kEnd) {
            values[key] = value;
        } else if (at == text.size() && value == std::to_string(values.size())) {
            return values;
        }
    }
    return damaged(path);
}

std::string textOf(const KeyValues& values, const std::string& key) {
    const auto found = values.find(key);
    return found == values.end() ? "" : found->second;
}

}  // namespace ifrit::agent::guard
