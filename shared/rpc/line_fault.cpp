// SPDX-License-Identifier: Apache-2.0
#include "shared/rpc/line_fault.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

#include "shared/base/status.h"

namespace ifrit::rpc {

LineFault lineFaultOf(const absl::Status& status) {
    if (!base::errorInfo(status).reason.empty()) return LineFault::None;
    if (status.code() == absl::StatusCode::kDeadlineExceeded) return LineFault::NoAnswer;
    if (status.code() == absl::StatusCode::kCancelled) return LineFault::CutOff;
    if (status.code() != absl::StatusCode::kUnavailable) return LineFault::None;
    std::string words = base::messageOf(status);
    std::transform(words.begin(), words.end(), words.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto has = [&words](const char* part) { return words.find(part) != std::string::npos; };
    if (has("certificate verify failed") || has("certificate_verify")) return LineFault::Untrusted;
    // gRPC's own look at the name, once OpenSSL has believed the chain.
    if (has("is not in peer certificate")) return LineFault::Untrusted;
    if (has("handshake failed") || has("handshaker") || has("ssl")) return LineFault::NoTls;
    return LineFault::Unreachable;
}

std::string whyUnreachable(const absl::Status& status) {
    std::string words = base::messageOf(status);
    // Each attempt is told behind those before it; the system's or the resolver's own words end it.
    for (const char* before :
         {"Failed to connect to remote host: ", "last error: UNKNOWN: ", "last error: "}) {
        const std::size_t at = words.rfind(before);
        if (at != std::string::npos) return words.substr(at + std::string_view(before).size());
    }
    const std::size_t resolver = words.find("C-ares status is not ARES_SUCCESS");
    const std::size_t end = words.rfind(": ");
    if (resolver != std::string::npos && end != std::string::npos && end > resolver)
        return words.substr(end + 2);
    return words;
}

}  // namespace ifrit::rpc
