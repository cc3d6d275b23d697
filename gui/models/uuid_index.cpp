// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/uuid_index.h"

#include <algorithm>

#include "shared/base/hashing.h"

namespace ifrit::gui::models {
namespace {

constexpr std::size_t kFewest = 16;
constexpr std::uint64_t kSeed = 0;

}  // namespace

std::size_t UuidIndex::slotOf(const Uuids& uuids, std::string_view uuid, bool& found) const {
    const std::size_t mask = m_slots.size() - 1;
    std::size_t slot = base::xxh3(uuid, kSeed) & mask;
    std::size_t free = m_slots.size();
    // There is always an empty one: grow() keeps a third of them free.
    for (; m_slots[slot] != kEmpty; slot = (slot + 1) & mask) {
        if (m_slots[slot] == kErased) {
            if (free == m_slots.size()) free = slot;
        } else if (uuids[m_slots[slot]] == uuid) {
            found = true;
            return slot;
        }
    }
    found = false;
    return free == m_slots.size() ? slot : free;
}

std::optional<std::uint32_t> UuidIndex::find(const Uuids& uuids, std::string_view uuid) const {
    if (m_slots.empty()) return std::nullopt;
    bool found = false;
    const std::size_t slot = slotOf(uuids, uuid, found);
    if (!found) return std::nullopt;
    return m_slots[slot];
}

std::pair<std::uint32_t, bool> UuidIndex::insert(const Uuids& uuids, std::string_view uuid,
                                                 std::uint32_t row) {
    if ((m_taken + 1) * 3 > m_slots.size() * 2) grow(uuids, m_size + 1);
    bool found = false;
    const std::size_t slot = slotOf(uuids, uuid, found);
    if (found) return {m_slots[slot], false};
    if (m_slots[slot] == kEmpty) ++m_taken;
    m_slots[slot] = row;
    ++m_size;
    return {row, true};
}

std::optional<std::uint32_t> UuidIndex::erase(const Uuids& uuids, std::string_view uuid) {
    if (m_slots.empty()) return std::nullopt;
    bool found = false;
    const std::size_t slot = slotOf(uuids, uuid, found);
    if (!found) return std::nullopt;
    const std::uint32_t row = m_slots[slot];
    m_slots[slot] = kErased;
    --m_size;
    return row;
}

void UuidIndex::clear() {
    *this = {};
}

void UuidIndex::reserve(const Uuids& uuids, std::size_t machines) {
    if (machines * 2 > m_slots.size()) grow(uuids, std::max(machines, m_size));
}

void UuidIndex::grow(const Uuids& uuids, std::size_t machines) {
    std::size_t slots = kFewest;
    while (slots < machines * 2)
        slots *= 2;
    std::vector<std::uint32_t> old(slots, kEmpty);
    old.swap(m_slots);
    m_taken = m_size;
    const std::size_t mask = slots - 1;
    for (const std::uint32_t row : old) {
        if (row == kEmpty || row == kErased) continue;
        std::size_t slot = base::xxh3(uuids[row], kSeed) & mask;
        while (m_slots[slot] != kEmpty)
            slot = (slot + 1) & mask;
        m_slots[slot] = row;
    }
}

}  // namespace ifrit::gui::models
