// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "gui/models/text_column.h"

namespace ifrit::gui::models {

/// Which row a uuid has, without a second copy of the uuids: a million take 8 MB, where a map of
/// strings takes 130. The uuids are handed to each call, always the same column; those of the rows
/// that are in must not change. All O(1) on the average.
class UuidIndex {
public:
    using Uuids = TextColumn;

    std::optional<std::uint32_t> find(const Uuids& uuids, std::string_view uuid) const;
    /// The row that it has; or it gets `row`, and the second is true: uuids[row] must be it before
    /// the next call.
    std::pair<std::uint32_t, bool> insert(const Uuids& uuids, std::string_view uuid,
                                          std::uint32_t row);
    /// The row that it had; nullopt: it had none.
    std::optional<std::uint32_t> erase(const Uuids& uuids, std::string_view uuid);
    void clear();
    /// Room for so many, so that it need not grow while they come.
    void reserve(const Uuids& uuids, std::size_t machines);
    std::size_t size() const { return m_size; }

private:
    static constexpr std::uint32_t kEmpty = 0xffffffff;
    static constexpr std::uint32_t kErased = 0xfffffffe;
    /// Of the uuid, or of the first free slot on its way.
    std::size_t slotOf(const Uuids& uuids, std::string_view uuid, bool& found) const;
    void grow(const Uuids& uuids, std::size_t machines);

    std::vector<std::uint32_t> m_slots;  ///< rows; a power of two of them
    std::size_t m_size = 0;
    std::size_t m_taken = 0;  ///< erased ones included
};

}  // namespace ifrit::gui::models
