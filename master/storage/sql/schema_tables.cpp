// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/schema_tables.h"

#include <algorithm>
#include <regex>

#include "master/storage/sql/migrations.h"

namespace ifrit::master::storage::sql {
namespace {

ColumnKind kindOf(const std::string& type) {
    if (type == "int" || type == "autokey") return ColumnKind::Integer;
    if (type == "real") return ColumnKind::Real;
    if (type == "blob") return ColumnKind::Bytes;
    return ColumnKind::Text;
}

void readColumns(const std::string& statement, SchemaTable& table) {
    static const std::regex kColumn(R"((\w+) \{(int|real|blob|text|name|autokey)\})");
    const std::sregex_iterator end;
    for (std::sregex_iterator at(statement.begin(), statement.end(), kColumn); at != end; ++at)
        table.columns.push_back({(*at)[1], kindOf((*at)[2])});
}

void applyStatement(const std::string& statement, std::vector<SchemaTable>& tables) {
    static const std::regex kTable(R"(^(CREATE|ALTER|DROP) TABLE (\w+))");
    std::smatch found;
    if (!std::regex_search(statement, found, kTable)) return;
    const std::string name = found[2];
    if (found[1] == "CREATE") tables.push_back({name, {}});
    const auto table = std::find_if(tables.begin(), tables.end(),
                                    [&](const SchemaTable& known) { return known.name == name; });
    if (table == tables.end()) return;
    if (found[1] == "DROP") {
        tables.erase(table);
    } else {
        readColumns(statement, *table);
    }
}

}  // namespace

std::vector<SchemaTable> schemaTables() {
    std::vector<SchemaTable> tables;
    for (const Migration& migration : migrations()) {
        for (const char* statement : migration.statements)
            applyStatement(statement, tables);
    }
    return tables;
}

}  // namespace ifrit::master::storage::sql
