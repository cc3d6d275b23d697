// SPDX-License-Identifier: Apache-2.0
#include "shared/rpc/status_adapter.h"

#include <string_view>
#include <utility>

#include "ifrit/v1/types.pb.h"
#include "shared/base/call_details.h"
#include "shared/base/status.h"
#include "shared/rpc/line_fault.h"

namespace ifrit::rpc {
namespace {

// An error travels as metadata, of which a peer takes 8 KiB: at more it may end the connection,
// with every other call on it. The sentence goes twice, once with up to three bytes for one.
constexpr std::size_t kMaxSentenceBytes = 1'536;
constexpr std::size_t kMaxNameBytes = 256;

/// What a caller sent may be in it, of any length.
std::string shortened(std::string text, std::size_t limit) {
    constexpr std::string_view kMore = "...";
    if (text.size() <= limit) return text;
    std::size_t end = limit - kMore.size();
    const auto isInside = [&](std::size_t at) {
        return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
    };
    while (end > 0 && isInside(end))
        --end;
    text.resize(end);
    return text.append(kMore);
}

v1::ErrorDetail detailOf(const absl::Status& status) {
    const base::ErrorInfo info = base::errorInfo(status);
    const base::CallDetails call = base::callDetails(status);
    v1::ErrorDetail detail;
    detail.set_reason(info.reason);
    detail.set_subject(shortened(info.subject, kMaxNameBytes));
    detail.set_request_id(shortened(call.requestId, kMaxNameBytes));
    detail.set_retry_after_ms(static_cast<std::uint32_t>(call.retryAfter.count()));
    detail.set_actual_count(call.actualCount);
    detail.set_actual_generation(call.actualGeneration);
    detail.set_changed_what(shortened(call.change.what, kMaxNameBytes));
    detail.set_changed_by(shortened(call.change.by, kMaxNameBytes));
    detail.set_changed_ms(call.change.atMillis);
    return detail;
}

}  // namespace

grpc::Status toGrpc(const absl::Status& status) {
    if (status.ok()) return grpc::Status::OK;
    const std::string message = shortened(base::messageOf(status), kMaxSentenceBytes);
    v1::StatusDetails details;
    details.set_code(static_cast<int>(status.code()));
    details.set_message(message);
    details.add_details()->PackFrom(detailOf(status));
    // The numbers of absl::StatusCode are gRPC's own.
    return {static_cast<grpc::StatusCode>(status.code()), message, details.SerializeAsString()};
}

absl::Status fromGrpc(const grpc::Status& status) {
    if (status.ok()) return absl::OkStatus();
    v1::StatusDetails details;
    v1::ErrorDetail detail;
    // A peer that is not ours (a proxy) sends no details; code and sentence still count.
    if (details.ParseFromString(status.error_details()) && details.details_size() > 0) {
        details.details(0).UnpackTo(&detail);
    }
    absl::Status out = base::makeError(static_cast<absl::StatusCode>(status.error_code()),
                                       detail.reason(), detail.subject(), status.error_message());
    return base::withCallDetails(
        out, {detail.request_id(),
              std::chrono::milliseconds(detail.retry_after_ms()),
              detail.actual_count(),
              detail.actual_generation(),
              {detail.changed_what(), detail.changed_by(), detail.changed_ms()}});
}

bool isRetryable(const absl::Status& status) {
    return status.code() == absl::StatusCode::kUnavailable ||
           lineFaultOf(status) == LineFault::CutOff;
}

}  // namespace ifrit::rpc
