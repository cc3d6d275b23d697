// SPDX-License-Identifier: Apache-2.0
#include "agent/link/rpc/explained_status.h"

#include "shared/base/status.h"
#include "shared/rpc/line_fault.h"
#include "shared/rpc/status_adapter.h"

namespace ifrit::agent::link {

absl::Status explainedStatus(const grpc::Status& status, const std::string& address,
                             std::chrono::seconds timeout) {
    const absl::Status told = rpc::fromGrpc(status);
    const auto as = [&](std::string_view reason, const std::string& words) {
        return base::makeError(told.code(), reason, address, words);
    };
    const std::string raw = base::messageOf(told);
    switch (rpc::lineFaultOf(told)) {
        case rpc::LineFault::None:
            break;
        case rpc::LineFault::Untrusted:
            return as("TLS_UNTRUSTED",
                      fmt::format("the master at {} did not show a certificate that the CA of this "
                                  "machine signed for that name, or it has expired",
                                  address));
        case rpc::LineFault::NoTls:
            return as("TLS_FAILED", fmt::format("no TLS connection to {}: {}", address, raw));
        case rpc::LineFault::Unreachable:
            return as("UNREACHABLE", fmt::format("the master at {} cannot be reached: {}", address,
                                                 rpc::whyUnreachable(told)));
        case rpc::LineFault::CutOff:
            return as("CUT_OFF", fmt::format("the master at {} ended the call without an answer, "
                                             "as one that is stopped does",
                                             address));
        case rpc::LineFault::NoAnswer:
            return as("NO_ANSWER", fmt::format("the master at {} did not answer within {} s",
                                               address, timeout.count()));
    }
    return told;
}

}  // namespace ifrit::agent::link
