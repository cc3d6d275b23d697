// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "gui/services/call.h"

namespace ifrit::gui::services {

/// Tells what to read again; carries no state.
struct ClusterEvent {
    enum class Kind {
        Heartbeat,
        ReleaseChanged,
        PackageChanged,
        ClusterChanged,
        AuditAppended,
        Reset  ///< something was missed: read everything again
    };
    Kind kind = Kind::Heartbeat;
    std::string subject;  ///< release id, manifest digest in hex...
    std::uint64_t generation = 0;
    base::WallTime serverTime{};
};

/// Contract: gui/services/call.h.
class EventService {
public:
    virtual ~EventService() = default;
    /// Heartbeats are not told; Reset is, also after a reconnect that could not resume. All watches
    /// of a session share one stream.
    virtual CallHandle watch(StreamObserver<ClusterEvent> observer) = 0;
};

}  // namespace ifrit::gui::services
