// SPDX-License-Identifier: Apache-2.0
#include "tests/support/allocations.h"

#include <cstdlib>
#include <new>

namespace {

thread_local std::size_t allocated = 0;

}  // namespace

// The other forms of new and delete end up in these.
void* operator new(std::size_t bytes) {
    allocated += bytes;
    if (void* const out = std::malloc(bytes == 0 ? 1 : bytes)) return out;
    throw std::bad_alloc();
}

void operator delete(void* memory) noexcept {
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace ifrit::tests {

Allocations::Allocations() : m_before(allocated) {}

std::size_t Allocations::bytes() const {
    return allocated - m_before;
}

}  // namespace ifrit::tests
