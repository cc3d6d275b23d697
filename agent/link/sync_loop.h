// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "agent/link/connection.h"
#include "agent/link/enrolment.h"
#include "agent/link/home_return.h"
#include "agent/link/link_board.h"
#include "agent/link/link_policy.h"
#include "agent/link/report_builder.h"
#include "agent/link/settings_adopter.h"

namespace ifrit::agent::link {

/// What becomes of a master's answers. Called on the thread of the SyncLoop.
class SyncHandler {
public:
    struct Held {
        std::uint64_t generation = 0;
        std::uint64_t etag = 0;
    };
    virtual ~SyncHandler() = default;
    virtual Held held() const = 0;
    /// An error (full disk) is logged; the same answer will come with the next poll.
    virtual absl::Status accept(const SyncReply& reply) = 0;
};

/// One poll after the other: enrol if need be, renew the certificate in time, sync. One thread.
class SyncLoop {
public:
    struct Parts {
        Connection& connection;
        Enrolment& enrolment;
        ReportBuilder& reports;
        SyncHandler& handler;
        LinkBoard* board = nullptr;          ///< told how it goes; may be null
        SettingsAdopter* adopter = nullptr;  ///< tries new settings; may be null
        /// Before each poll, to say what has just changed in its report; may be empty.
        std::function<void()> beforePoll{};
        HomeReturn* home = nullptr;  ///< goes back to the first master; may be null
    };
    struct Result {
        std::chrono::milliseconds wait{0};  ///< until the next step()
        bool reached = false;               ///< a master answered
        bool kept = false;                  ///< and what it said is in the journal
        bool keepConnection = false;        ///< hold a watch
    };

    SyncLoop(Parts parts, LinkPolicy policy);

    /// Blocks for as long as the calls take; never fails, it only waits longer.
    Result step();

private:
    /// What the machine holds, and nothing else.
    SyncRequest held() const;
    absl::StatusOr<SyncReply> poll();
    Result failed(const absl::Status& status, std::string_view what);
    /// Whether the line to the master was given up.
    bool leave(Blame blame);

    Parts m_parts;
    LinkPolicy m_policy;
    bool m_everReached = false;
    bool m_holdsWatch = false;         ///< the last answer let us
    std::uint32_t m_failuresHere = 0;  ///< in a row, with the master of now
};

}  // namespace ifrit::agent::link
