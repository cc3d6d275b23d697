// SPDX-License-Identifier: Apache-2.0
#include "gui/services/call.h"

#include <charconv>

namespace ifrit::gui::services {
namespace {

// The payloads that shared/rpc/status_adapter sets; named here again because this library must not
// link gRPC. tests/gui/rpc shows that they agree.
constexpr char kRequestIdUrl[] = "ifrit/request-id";
constexpr char kActualCountUrl[] = "ifrit/actual-count";

std::string payload(const absl::Status& status, const char* url) {
    const auto found = status.GetPayload(url);
    return found.has_value() ? std::string(*found) : std::string();
}

}  // namespace

std::string requestIdOf(const absl::Status& status) {
    return payload(status, kRequestIdUrl);
}

std::optional<std::uint64_t> actualCountOf(const absl::Status& status) {
    const std::string text = payload(status, kActualCountUrl);
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return count;
}

}  // namespace ifrit::gui::services
