// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <istream>
#include <set>
#include <string>
#include <vector>

#include "gui/services/audit.h"
#include "shared/audit/chain.h"

namespace ifrit::gui::heads {

/// Walks rows that were read from a master or a file, and hashes them here. One thread.
class RowWalk {
public:
    explicit RowWalk(std::set<std::uint64_t> wanted) : m_check(std::move(wanted)) {}
    /// False once the chain is broken.
    bool add(const services::AuditRow& row);
    const audit::ChainCheck& check() const { return m_check; }
    /// Of the first row.
    const std::string& cluster() const { return m_cluster; }

private:
    audit::ChainCheck m_check;
    std::string m_cluster;
};

/// Walks an export: one JSON object a line, as `ifritctl audit export` writes it. A row that is
/// broken ends the walk, which is an answer. INVALID_ARGUMENT (EXPORT_INVALID) with the line for
/// what is no such file.
absl::Status walkExport(std::istream& in, const std::string& name, RowWalk& walk);

}  // namespace ifrit::gui::heads
