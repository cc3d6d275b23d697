// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "shared/base/backoff.h"

namespace ifrit::gui::rpc {

/// What can be varied for tests and is the same for all calls of a session.
struct RpcOptions {
    base::Backoff::Policy unaryBackoff{std::chrono::milliseconds(200),
                                       std::chrono::milliseconds(2'000),
                                       std::chrono::milliseconds(50)};
    std::uint32_t unaryAttempts = 4;
    base::Backoff::Policy streamBackoff{std::chrono::milliseconds(500),
                                        std::chrono::milliseconds(15'000),
                                        std::chrono::milliseconds(100)};
    /// Masters send a heartbeat each 5 s. One that is late by what a bad line and a busy master
    /// may take makes its master suspected of hanging: it must shake hands anew, or answer a
    /// question. With `headStart` another one is in use within 9 s.
    std::chrono::milliseconds overdueAfter{6'500};
    /// Neither a heartbeat nor the answer to that question, for which this leaves 2.5 s: a slow
    /// master is through with it by then.
    std::chrono::milliseconds hungAfter{9'000};
    /// Two heartbeats are missing, whatever else is heard.
    std::chrono::milliseconds staleAfter{10'500};
    /// A stream that is silent for longer is dead.
    std::chrono::milliseconds deadAfter{16'000};
    /// At most one delivery of a stream to the observer in this time.
    std::chrono::milliseconds deliveryInterval{100};
    std::chrono::milliseconds pingInterval{15'000};
    /// Before the next of several masters is tried beside one that has not shaken hands: ten round
    /// trips of a bad line, and what a busy master takes for its turn; short enough for a person.
    std::chrono::milliseconds headStart{2'000};
    /// A master that has said nothing for so long while a call waits for it must shake hands anew.
    std::chrono::milliseconds suspectAfter{3'000};
    /// At the soonest after the last time: calls may be slow for other reasons.
    std::chrono::milliseconds suspectAgain{10'000};
    /// Of "Test connection", for TCP and for TLS, each.
    std::chrono::milliseconds probeTimeout{5'000};
};

}  // namespace ifrit::gui::rpc
