// SPDX-License-Identifier: Apache-2.0
#include "master/audit/secrets.h"

#include <algorithm>

namespace ifrit::master::audit {
namespace {

constexpr std::string_view kMask = "***";
constexpr std::string_view kPemBegin = "-----BEGIN ";
constexpr std::string_view kPrivateKey = "PRIVATE KEY-----";
constexpr std::string_view kPemEnd = "-----END ";

bool isTokenCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

void maskTokens(std::string& text, std::string_view prefix) {
    for (std::size_t at = text.find(prefix); at != std::string::npos;
         at = text.find(prefix, at + kMask.size())) {
        const auto end = std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(at),
                                          text.end(), isTokenCharacter);
        text.replace(text.begin() + static_cast<std::ptrdiff_t>(at), end, kMask);
    }
}

/// From BEGIN to the end of the END line, or of the text where that is cut off.
void maskPrivateKeys(std::string& text) {
    for (std::size_t at = text.find(kPemBegin); at != std::string::npos;
         at = text.find(kPemBegin, at + 1)) {
        const std::size_t kind = text.find(kPrivateKey, at);
        if (kind == std::string::npos || kind > at + 40) continue;
        std::size_t end = text.find(kPemEnd, kind);
        if (end != std::string::npos) end = text.find(kPrivateKey, end);
        const std::size_t stop = end == std::string::npos ? text.size() : end + kPrivateKey.size();
        text.replace(at, stop - at, kMask);
    }
}

}  // namespace

std::string withoutSecrets(std::string text) {
    maskTokens(text, kJoinTokenPrefix);
    maskTokens(text, kSessionTokenPrefix);
    maskPrivateKeys(text);
    return text;
}

}  // namespace ifrit::master::audit
