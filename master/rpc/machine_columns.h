// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "ifrit/v1/fleet.pb.h"
#include "master/services/fleet.h"

namespace ifrit::master::rpc {

/// Writes machines as columns with one table of strings for a whole stream. Not thread-safe.
class ColumnWriter {
public:
    ColumnWriter() { reset(); }
    /// The table begins anew, with index 0 for the empty string.
    void reset();
    /// What the table takes here, and about as much on the other side, which never forgets a text
    /// either: those that no machine says any more are dead.
    std::size_t bytes() const { return m_bytes; }
    /// Appends one row; strings that the stream has not seen go into `out.new_strings`.
    void add(const services::MachineView& machine, v1::MachineColumns& out);

private:
    std::uint32_t indexOf(const std::string& text, v1::MachineColumns& out);

    std::unordered_map<std::string, std::uint32_t> m_indices;
    std::size_t m_bytes = 0;
};

}  // namespace ifrit::master::rpc
