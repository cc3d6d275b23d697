// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <utility>

#include "master/storage/records.h"

namespace ifrit::master::storage::sql {

/// What one transaction changed, each thing once. Stores add to it, so that no use case can forget
/// to tell the other masters.
class ChangeNotes {
public:
    using Entry = std::pair<ChangeKind, std::string>;

    void add(ChangeKind kind, std::string subject) { m_entries.emplace(kind, std::move(subject)); }
    void clear() { m_entries.clear(); }
    const std::set<Entry>& entries() const { return m_entries; }

private:
    std::set<Entry> m_entries;
};

}  // namespace ifrit::master::storage::sql
