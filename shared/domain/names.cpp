// SPDX-License-Identifier: Apache-2.0
#include "shared/domain/names.h"

#include <algorithm>
#include <string>

#include "shared/base/status.h"

namespace ifrit::domain {
namespace {

bool isLower(char c) {
    return c >= 'a' && c <= 'z';
}
bool isUpper(char c) {
    return c >= 'A' && c <= 'Z';
}
bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isAlnum(char c) {
    return isLower(c) || isUpper(c) || isDigit(c);
}
bool isControl(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}
bool oneOf(char c, std::string_view set) {
    return set.find(c) != std::string_view::npos;
}

/// What a person may see of a text that was refused: short and without control characters.
std::string shown(std::string_view text) {
    std::string out(text.substr(0, 80));
    std::replace_if(out.begin(), out.end(), isControl, '?');
    if (text.size() > 80) out += "...";
    return out;
}

template <typename First, typename Rest>
absl::Status check(std::string_view what, std::string_view text, std::size_t limit, First first,
                   Rest rest, std::string_view allowed) {
    if (text.empty()) return base::invalidArgument("NAME_INVALID", what, "{} is empty", what);
    if (text.size() > limit) {
        return base::invalidArgument("NAME_INVALID", shown(text), "{} is {} bytes long, at most {}",
                                     what, text.size(), limit);
    }
    if (!first(text.front()) || !std::all_of(text.begin(), text.end(), rest)) {
        return base::invalidArgument("NAME_INVALID", shown(text), "{} '{}' may only have {}", what,
                                     shown(text), allowed);
    }
    return absl::OkStatus();
}

absl::Status checkLowerName(std::string_view what, std::string_view name) {
    return check(
        what, name, kMaxNameBytes, [](char c) { return isLower(c) || isDigit(c); },
        [](char c) { return isLower(c) || isDigit(c) || oneOf(c, "._-"); },
        "a-z, 0-9, '.', '_' and '-', and starts with a letter or digit");
}

}  // namespace

absl::Status checkAgentName(std::string_view name) {
    return checkLowerName("agent name", name);
}

absl::Status checkClusterName(std::string_view name) {
    return checkLowerName("cluster name", name);
}

absl::Status checkVersion(std::string_view version) {
    return check(
        "version", version, kMaxVersionBytes, isAlnum,
        [](char c) { return isAlnum(c) || oneOf(c, ".+~:_-"); },
        "letters, digits and . + ~ : _ -, and starts with a letter or digit");
}

absl::Status checkMachineType(std::string_view type) {
    return check(
        "machine type", type, kMaxNameBytes, isUpper,
        [](char c) { return isUpper(c) || isDigit(c) || c == '_'; },
        "A-Z, 0-9 and '_', and starts with a letter");
}

absl::Status checkMachineUuid(std::string_view uuid) {
    return check(
        "machine uuid", uuid, kMaxUuidBytes, isAlnum,
        [](char c) { return isAlnum(c) || oneOf(c, "._:-"); },
        "letters, digits and . _ : -, and starts with a letter or digit");
}

absl::Status checkSha256(std::string_view digest) {
    const auto hexDigit = [](char c) { return isDigit(c) || (c >= 'a' && c <= 'f'); };
    if (digest.size() != 64 || !std::all_of(digest.begin(), digest.end(), hexDigit)) {
        return base::invalidArgument("DIGEST_INVALID", shown(digest),
                                     "'{}' is not a SHA-256 of 64 lower-case hexadecimal digits",
                                     shown(digest));
    }
    return absl::OkStatus();
}

absl::Status checkRelativePath(std::string_view path) {
    const auto refuse = [&](std::string_view why) {
        return base::invalidArgument("PATH_INVALID", shown(path), "path '{}' {}", shown(path), why);
    };
    if (path.empty()) return refuse("is empty");
    if (path.size() > kMaxPathBytes) return refuse("is longer than 1024 bytes");
    if (path.front() == '/') return refuse("is absolute");
    if (std::any_of(path.begin(), path.end(), [](char c) { return isControl(c) || c == '\\'; })) {
        return refuse("has a control character or a backslash");
    }
    for (std::size_t start = 0; start <= path.size();) {
        const std::size_t end = std::min(path.find('/', start), path.size());
        const std::string_view part = path.substr(start, end - start);
        if (part.empty()) return refuse("has an empty part");
        if (part == "." || part == "..") return refuse("climbs out or has a '.' part");
        start = end + 1;
    }
    return absl::OkStatus();
}

absl::Status checkReason(std::string_view reason) {
    if (reason.size() > kMaxReasonBytes) {
        return base::invalidArgument("REASON_INVALID", "",
                                     "the reason is {} bytes long, at most {}", reason.size(),
                                     kMaxReasonBytes);
    }
    if (std::any_of(reason.begin(), reason.end(),
                    [](char c) { return isControl(c) && c != '\t' && c != '\n'; })) {
        return base::invalidArgument("REASON_INVALID", "", "the reason has control characters");
    }
    return absl::OkStatus();
}

}  // namespace ifrit::domain
