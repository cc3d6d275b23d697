// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/text_column.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <stdexcept>

namespace ifrit::gui::models {
namespace {

constexpr unsigned kGroupBits = 7;
constexpr unsigned char kMore = 0x80;

std::size_t lengthBytes(std::size_t length) {
    std::size_t bytes = 1;
    for (; length >= kMore; length >>= kGroupBits)
        ++bytes;
    return bytes;
}

}  // namespace

// Whoever is copied may go on to write into its last block, so the copy begins one of its own.
TextColumn::TextColumn(const TextColumn& other) : m_blocks(other.m_blocks), m_at(other.m_at) {}

TextColumn& TextColumn::operator=(const TextColumn& other) {
    if (this == &other) return *this;
    m_blocks = other.m_blocks;
    m_at = other.m_at;
    m_used = kBlock;
    return *this;
}

char* TextColumn::roomFor(std::size_t bytes) {
    if (kBlock - m_used < bytes) {
        constexpr std::size_t kMostBlocks =
            std::size_t{std::numeric_limits<std::uint32_t>::max() >> kBlockBits};
        if (m_blocks.size() > kMostBlocks) throw std::length_error("over 4 GiB of text");
        // One that is larger than a block has its own.
        m_blocks.push_back(std::make_shared_for_overwrite<char[]>(std::max(bytes, kBlock)));
        m_used = 0;
    }
    m_at.push_back(static_cast<std::uint32_t>((m_blocks.size() - 1) << kBlockBits | m_used));
    char* const room = m_blocks.back().get() + m_used;
    m_used = std::min(m_used + bytes, kBlock);
    return room;
}

void TextColumn::push_back(std::string_view text) {
    char* to = roomFor(lengthBytes(text.size()) + text.size());
    std::size_t length = text.size();
    for (; length >= kMore; length >>= kGroupBits)
        *to++ = static_cast<char>((length & (kMore - 1)) | kMore);
    *to++ = static_cast<char>(length);
    if (!text.empty()) std::memcpy(to, text.data(), text.size());
}

std::string_view TextColumn::operator[](std::size_t index) const {
    const std::uint32_t at = m_at[index];
    const char* from = m_blocks[at >> kBlockBits].get() + (at & (kBlock - 1));
    std::size_t length = 0;
    for (unsigned shift = 0;; shift += kGroupBits) {
        const auto byte = static_cast<unsigned char>(*from++);
        length |= std::size_t{byte & (kMore - 1U)} << shift;
        if ((byte & kMore) == 0) break;
    }
    return {from, length};
}

std::size_t TextColumn::find(std::string_view text) const {
    std::size_t index = 0;
    while (index < size() && (*this)[index] != text)
        ++index;
    return index;
}

}  // namespace ifrit::gui::models
