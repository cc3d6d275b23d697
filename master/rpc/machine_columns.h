// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/container/flat_hash_set.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "ifrit/v1/fleet.pb.h"
#include "master/services/fleet.h"

namespace ifrit::master::rpc {

/// Writes machines as columns with one table of strings for a whole stream. Not thread-safe.
class ColumnWriter {
public:
    ColumnWriter();
    /// The table begins anew, with index 0 for the empty string.
    void reset();
    /// What the table takes on the other side, which never forgets a text: those that no machine
    /// says any more are dead.
    std::size_t bytes() const { return m_bytes; }
    /// What it takes here.
    std::size_t held() const { return m_texts.capacity() * (sizeof(Text) + 1); }
    /// Appends one row; strings that the stream has not seen go into `out.new_strings`. By how much
    /// the message grew, at most.
    std::size_t add(const services::MachineView& machine, v1::MachineColumns& out);

private:
    /// A text that was sent, by its hash: the names and addresses of a whole fleet for each stream
    /// would be most of what a master holds. Two halves, so that nothing lies empty beside them.
    struct Text {
        std::uint32_t hashHigh;
        std::uint32_t hashLow;
        std::uint32_t index;
    };
    struct HashOf {
        std::size_t operator()(const Text& text) const noexcept {
            return std::size_t{text.hashHigh} << 32U | text.hashLow;
        }
    };
    struct IsSame {
        bool operator()(const Text& a, const Text& b) const noexcept {
            return a.hashHigh == b.hashHigh && a.hashLow == b.hashLow;
        }
    };
    std::uint32_t indexOf(const std::string& text, v1::MachineColumns& out);
    void addAgent(const services::HeldAgent& agent, v1::MachineColumns& out);

    /// Nobody knows it, so that no machine finds a text that would be shown as another's.
    const std::uint64_t m_seed;
    absl::flat_hash_set<Text, HashOf, IsSame> m_texts;
    std::size_t m_bytes = 0;
    std::size_t m_grown = 0;  ///< the message, of texts
};

}  // namespace ifrit::master::rpc
