// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

namespace ifrit::rpc {

/// What lay between a caller and the answer that it did not get.
enum class LineFault {
    None,         ///< the peer itself said no, or it is no matter of the line
    Untrusted,    ///< the peer showed no certificate that is believed
    NoTls,        ///< the handshake failed for another reason
    Unreachable,  ///< no connection
    NoAnswer      ///< none within the call's deadline
};
/// Reads gRPC's words, which have no codes. A status with a reason was said by a peer.
LineFault lineFaultOf(const absl::Status& status);

}  // namespace ifrit::rpc
