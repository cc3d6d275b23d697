// SPDX-License-Identifier: Apache-2.0
#include "shared/codec/limits.h"

#include <google/protobuf/map.h>

#include <algorithm>

#include "shared/base/hex.h"
#include "shared/base/status.h"
#include "shared/domain/names.h"

namespace ifrit::codec {

absl::StatusOr<std::string> digestFromWire(const std::string& bytes) {
    if (bytes.empty()) return std::string();
    if (bytes.size() != 32) {
        return base::invalidArgument("DIGEST_INVALID", "", "a digest has {} bytes, not 32",
                                     bytes.size());
    }
    return base::toHex(bytes);
}

std::string digestToWire(const std::string& hex) {
    if (hex.size() != 64) return {};
    return base::fromHex(hex).value_or(std::string());
}

absl::Status checkText(std::string_view field, std::string_view text, std::size_t limit) {
    if (text.size() > limit) {
        return base::invalidArgument("TEXT_TOO_LONG", field, "{} is {} bytes long, at most {}",
                                     field, text.size(), limit);
    }
    const auto control = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t' && c != '\n') || byte == 0x7f;
    };
    if (std::any_of(text.begin(), text.end(), control)) {
        return base::invalidArgument("TEXT_INVALID", field, "{} has control characters", field);
    }
    // Databases change these without a word; what cannot be stored is refused at the door.
    if (text.substr(0, 3) == "\xEF\xBB\xBF" || text.find("\xEF\xBF\xBE") != text.npos ||
        text.find("\xEF\xBF\xBF") != text.npos) {
        return base::invalidArgument("TEXT_INVALID", field,
                                     "{} begins with a byte order mark or holds U+FFFE or U+FFFF",
                                     field);
    }
    return absl::OkStatus();
}

absl::Status checkCount(std::string_view field, std::size_t count, std::size_t limit) {
    if (count <= limit) return absl::OkStatus();
    return base::invalidArgument("TOO_MANY", field, "{} {}, at most {}", count, field, limit);
}

absl::Status checkLabels(const google::protobuf::Map<std::string, std::string>& labels) {
    IFRIT_RETURN_IF_ERROR(checkCount("labels", labels.size(), domain::kMaxLabels));
    for (const auto& [key, value] : labels) {
        if (key.empty()) return base::invalidArgument("LABEL_INVALID", "", "a label has no key");
        IFRIT_RETURN_IF_ERROR(checkText("label key", key, domain::kMaxLabelKeyBytes));
        IFRIT_RETURN_IF_ERROR(checkText("label value", value, domain::kMaxLabelValueBytes));
    }
    return absl::OkStatus();
}

std::optional<base::WallTime> timeFromWire(std::int64_t millis) {
    if (millis == 0) return std::nullopt;
    return base::fromUnixMillis(millis);
}

std::int64_t timeToWire(const std::optional<base::WallTime>& time) {
    return time ? base::toUnixMillis(*time) : 0;
}

}  // namespace ifrit::codec
