// SPDX-License-Identifier: Apache-2.0
#include "shared/base/call_details.h"

#include <absl/strings/cord.h>

#include <charconv>

namespace ifrit::base {
namespace {

constexpr char kRequestIdUrl[] = "ifrit/request-id";
constexpr char kRetryAfterUrl[] = "ifrit/retry-after-ms";
constexpr char kActualCountUrl[] = "ifrit/actual-count";
constexpr char kActualGenerationUrl[] = "ifrit/actual-generation";
constexpr char kChangedWhatUrl[] = "ifrit/changed-what";
constexpr char kChangedByUrl[] = "ifrit/changed-by";
constexpr char kChangedMillisUrl[] = "ifrit/changed-ms";

std::string textPayload(const absl::Status& status, const char* url) {
    auto found = status.GetPayload(url);
    return found.has_value() ? std::string(*found) : std::string();
}

std::uint64_t numberPayload(const absl::Status& status, const char* url) {
    const std::string text = textPayload(status, url);
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

void setPayload(absl::Status& status, const char* url, const std::string& value) {
    if (!value.empty() && value != "0") status.SetPayload(url, absl::Cord(value));
}

}  // namespace

absl::Status withCallDetails(absl::Status status, const CallDetails& details) {
    if (status.ok()) return status;
    setPayload(status, kRequestIdUrl, details.requestId);
    setPayload(status, kRetryAfterUrl, std::to_string(details.retryAfter.count()));
    setPayload(status, kActualCountUrl, std::to_string(details.actualCount));
    setPayload(status, kActualGenerationUrl, std::to_string(details.actualGeneration));
    setPayload(status, kChangedWhatUrl, details.change.what);
    setPayload(status, kChangedByUrl, details.change.by);
    setPayload(status, kChangedMillisUrl, std::to_string(details.change.atMillis));
    return status;
}

CallDetails callDetails(const absl::Status& status) {
    return {
        textPayload(status, kRequestIdUrl),
        std::chrono::milliseconds(static_cast<std::int64_t>(numberPayload(status, kRetryAfterUrl))),
        numberPayload(status, kActualCountUrl),
        numberPayload(status, kActualGenerationUrl),
        {textPayload(status, kChangedWhatUrl), textPayload(status, kChangedByUrl),
         static_cast<std::int64_t>(numberPayload(status, kChangedMillisUrl))}};
}

}  // namespace ifrit::base
