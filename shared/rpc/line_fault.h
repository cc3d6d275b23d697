// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <string>

namespace ifrit::rpc {

/// What lay between a caller and the answer that it did not get.
enum class LineFault {
    None,         ///< the peer itself said no, or it is no matter of the line
    Untrusted,    ///< the peer showed no certificate that is believed
    NoTls,        ///< the handshake failed for another reason
    Unreachable,  ///< no connection
    NoAnswer,     ///< none within the call's deadline
    CutOff        ///< the peer let go of the call unanswered, as a server that is stopped does
};
/// Reads gRPC's words, which have no codes. A status with a reason was said by a peer. Of calls
/// that the caller did not cancel itself: CANCELLED is CutOff here (a stream's reset by the peer,
/// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#errors).
LineFault lineFaultOf(const absl::Status& status);

/// Why there was no connection, of gRPC's words those that say it: "Connection refused", "Domain
/// name not found". All of them where none is known.
std::string whyUnreachable(const absl::Status& status);

}  // namespace ifrit::rpc
