// SPDX-License-Identifier: Apache-2.0
#include "shared/rpc/status_adapter.h"

#include <absl/strings/cord.h>

#include <charconv>
#include <string>

#include "ifrit/v1/types.pb.h"
#include "shared/base/status.h"

namespace ifrit::rpc {
namespace {

constexpr char kRequestIdUrl[] = "ifrit/request-id";
constexpr char kRetryAfterUrl[] = "ifrit/retry-after-ms";
constexpr char kActualCountUrl[] = "ifrit/actual-count";

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

v1::ErrorDetail detailOf(const absl::Status& status) {
    const base::ErrorInfo info = base::errorInfo(status);
    const RpcErrorInfo rpc = rpcInfo(status);
    v1::ErrorDetail detail;
    detail.set_reason(info.reason);
    detail.set_subject(info.subject);
    detail.set_request_id(rpc.requestId);
    detail.set_retry_after_ms(static_cast<std::uint32_t>(rpc.retryAfter.count()));
    detail.set_actual_count(rpc.actualCount);
    return detail;
}

}  // namespace

absl::Status withRpcInfo(absl::Status status, const RpcErrorInfo& info) {
    if (status.ok()) return status;
    setPayload(status, kRequestIdUrl, info.requestId);
    setPayload(status, kRetryAfterUrl, std::to_string(info.retryAfter.count()));
    setPayload(status, kActualCountUrl, std::to_string(info.actualCount));
    return status;
}

RpcErrorInfo rpcInfo(const absl::Status& status) {
    return {
        textPayload(status, kRequestIdUrl),
        std::chrono::milliseconds(static_cast<std::int64_t>(numberPayload(status, kRetryAfterUrl))),
        numberPayload(status, kActualCountUrl)};
}

grpc::Status toGrpc(const absl::Status& status) {
    if (status.ok()) return grpc::Status::OK;
    const std::string message = base::messageOf(status);
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
    return withRpcInfo(out,
                       {detail.request_id(), std::chrono::milliseconds(detail.retry_after_ms()),
                        detail.actual_count()});
}

bool isRetryable(const absl::Status& status) {
    return status.code() == absl::StatusCode::kUnavailable;
}

}  // namespace ifrit::rpc
