// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace ifrit::tests {

/// What this thread asked of `new` since the object was made, given back or not: how much work a
/// piece of it is, the same on every machine, where a clock would tell how busy the machine is.
/// Only in programs that are linked with allocations.cpp.
class Allocations {
public:
    Allocations();
    std::size_t bytes() const;

private:
    std::size_t m_before;
};

}  // namespace ifrit::tests
