// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "shared/domain/link_times.h"

namespace ifrit::master::rpc {

/// Which of the connections that wait is handed to gRPC next, and when. A TLS handshake takes as
/// much of the processor as a hundred polls and more, in two steps. Where all of a fleet begin
/// theirs at one time none comes to its end before it is given up, and they begin again: so only so
/// many are at their first step at a time, whose end is that what the caller sent has been read.
/// Who sends nothing takes no place. Others wait in the kernel's queue, and whose turn comes so
/// late that they would hardly wait for the end are let go. One thread.
class HandshakeGate {
public:
    struct Limits {
        std::size_t atOnce = 16;  ///< for each processor: some 30 ms of its time
        std::chrono::milliseconds patience = domain::kLongestCall / 4;
    };
    enum class Verdict {
        Begins,
        Gone,    ///< the caller has hung up
        TooLate  ///< it has waited for longer than `patience`
    };

    explicit HandshakeGate(Limits limits) : m_limits(limits) {}
    ~HandshakeGate();
    HandshakeGate(const HandshakeGate&) = delete;
    HandshakeGate& operator=(const HandshakeGate&) = delete;

    /// Forgets those who have got past their first step.
    void look();
    bool hasRoom() const { return m_begun.size() < m_limits.atOnce; }
    /// Nothing to look() for.
    bool isEmpty() const { return m_begun.empty(); }
    /// Of a connection that was just accepted and stays the caller's.
    Verdict admit(int connection);

private:
    const Limits m_limits;
    std::vector<int> m_begun;  ///< descriptors of our own, since gRPC may close its
};

}  // namespace ifrit::master::rpc
