// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace ifrit::master::storage::sql {

enum class ColumnKind { Integer, Real, Text, Bytes };

struct SchemaColumn {
    std::string name;
    ColumnKind kind = ColumnKind::Text;
};

struct SchemaTable {
    std::string name;
    std::vector<SchemaColumn> columns;
};

/// The tables that all migrations together make, each after those that it refers to. Read from the
/// migrations' own statements, so that no second list can be forgotten.
std::vector<SchemaTable> schemaTables();

}  // namespace ifrit::master::storage::sql
