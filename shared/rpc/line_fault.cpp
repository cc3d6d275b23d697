// SPDX-License-Identifier: Apache-2.0
#include "shared/rpc/line_fault.h"

#include <algorithm>
#include <cctype>
#include <string>

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
    if (has("handshake failed") || has("handshaker") || has("ssl")) return LineFault::NoTls;
    return LineFault::Unreachable;
}

}  // namespace ifrit::rpc
