// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/call_log.h"

#include <spdlog/spdlog.h>

#include <chrono>

#include "shared/base/status.h"
#include "shared/log/request_scope.h"

namespace ifrit::master::rpc {
namespace {

/// Deadlines may be as short as a caller likes; who waited is looked for by what they were told.
constexpr std::chrono::milliseconds kWorthALine{1'000};

std::string_view nameOf(const Principal& caller) {
    return caller.name.empty() ? std::string_view("nobody") : caller.name;
}

bool isOurs(const absl::Status& status) {
    return absl::IsInternal(status) || absl::IsUnavailable(status) || absl::IsDataLoss(status) ||
           absl::IsUnknown(status);
}

}  // namespace

std::string sourceOf(const Principal& caller) {
    if (caller.kind == Principal::Kind::Machine) return caller.name;
    return caller.address.substr(0, caller.address.rfind(':'));
}

void CallLog::late(const Late& call, const Principal& caller, const std::string& address) const {
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(m_clock.steadyNow() - call.came);
    if (took < kWorthALine) return;
    spdlog::info("{} by {} from {} took {} ms: its caller had gone before {} (request {})",
                 call.method, nameOf(caller), address, took.count(), call.before,
                 call.requestId.empty() ? "without an id" : call.requestId);
}

void CallLog::failed(std::string_view method, const MethodRule& rule, const Principal& caller,
                     const absl::Status& status) {
    // What only reads may fail as often as somebody asks: of the caller's own faults nothing is to
    // be found here, of the master's some are enough.
    const bool isTold =
        !rule.verb.empty() ||
        (isOurs(status) && m_failedReads.take(sourceOf(caller), m_clock.steadyNow()).has_value());
    spdlog::log(isTold ? spdlog::level::info : spdlog::level::debug,
                "{} by {} from {} failed: {} (request {})", method, nameOf(caller), caller.address,
                base::messageOf(status), log::RequestScope::current());
}

}  // namespace ifrit::master::rpc
