// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <unordered_set>

#include "shared/domain/machine.h"
#include "shared/domain/release.h"

namespace ifrit::master::release {

/// Which machines the three selections of a release name, to be asked of each machine of the
/// cluster: the list may have ten thousand names. The selection must outlive it.
class GrayList {
public:
    /// O(names).
    explicit GrayList(const domain::GraySelection& selection);
    /// True when one of the three selections names the machine. O(1) in the names.
    bool has(const domain::MachineFacts& facts) const;

private:
    const domain::GraySelection& m_selection;
    std::unordered_set<std::string_view> m_uuids;
};

/// The same for a single machine. O(names).
bool isGray(const domain::GraySelection& selection, const domain::MachineFacts& facts);

}  // namespace ifrit::master::release
