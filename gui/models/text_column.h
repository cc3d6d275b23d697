// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace ifrit::gui::models {

/// A column of short texts that are only ever added: 4 bytes and their own for each, where a
/// std::string takes 32 or 64, and nothing moves when it grows. What was read stays good for as
/// long as a column, or a copy of it, lives; copies share the texts that they have in common. One
/// writer; a copy may be read on another thread meanwhile.
class TextColumn {
public:
    TextColumn() = default;
    TextColumn(const TextColumn& other);
    TextColumn& operator=(const TextColumn& other);
    TextColumn(TextColumn&&) noexcept = default;
    TextColumn& operator=(TextColumn&&) noexcept = default;
    ~TextColumn() = default;

    /// @throws std::length_error over 4 GiB of text.
    void push_back(std::string_view text);
    std::string_view operator[](std::size_t index) const;
    std::size_t size() const { return m_at.size(); }
    void reserve(std::size_t texts) { m_at.reserve(texts); }
    /// The first one that is `text`; size(): none. O(texts).
    std::size_t find(std::string_view text) const;

private:
    static constexpr std::uint32_t kBlockBits = 18;
    static constexpr std::size_t kBlock = std::size_t{1} << kBlockBits;

    char* roomFor(std::size_t bytes);

    std::vector<std::shared_ptr<char[]>> m_blocks;
    /// Block and place in it: there its length stands (LEB128), then the text.
    std::vector<std::uint32_t> m_at;
    std::size_t m_used = kBlock;  ///< of the last block
};

}  // namespace ifrit::gui::models
