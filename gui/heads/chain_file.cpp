// SPDX-License-Identifier: Apache-2.0
#include "gui/heads/chain_file.h"

#include <QJsonDocument>
#include <QJsonObject>

#include "shared/base/hex.h"
#include "shared/base/status.h"

namespace ifrit::gui::heads {
namespace {

/// More than a row can have: the texts of one are bounded, and JSON makes at most six bytes of one.
constexpr std::size_t kMaxLine = 4 * 1024 * 1024;

std::string textOf(const QJsonObject& in, const char* key) {
    return in.value(QLatin1String(key)).toString().toStdString();
}

absl::Status invalid(const std::string& name, std::size_t line, const std::string& why) {
    return base::invalidArgument("EXPORT_INVALID", name,
                                 "{}: line {}: {}; this wants what 'ifritctl audit export' writes",
                                 name, line, why);
}

services::AuditRow rowOf(const QJsonObject& in) {
    services::AuditRow row;
    row.id = static_cast<std::uint64_t>(in.value(QLatin1String("id")).toInteger(0));
    row.at = base::fromUnixMillis(in.value(QLatin1String("at_ms")).toInteger(0));
    row.cluster = textOf(in, "cluster");
    row.actor = textOf(in, "actor");
    row.via = textOf(in, "via");
    row.address = textOf(in, "address");
    row.verb = textOf(in, "verb");
    row.object = textOf(in, "object");
    row.result = textOf(in, "result");
    row.reason = textOf(in, "reason");
    row.before = textOf(in, "before");
    row.after = textOf(in, "after");
    row.requestId = textOf(in, "request_id");
    row.error = textOf(in, "error");
    row.hash = textOf(in, "hash");
    row.previousHash = textOf(in, "previous_hash");
    return row;
}

}  // namespace

bool RowWalk::add(const services::AuditRow& row) {
    if (m_cluster.empty()) m_cluster = row.cluster;
    // What is no hash is not the right one either: the check says which row.
    const std::string hash = base::fromHex(row.hash).value_or(std::string());
    const std::string previous = base::fromHex(row.previousHash).value_or(std::string());
    return m_check.add({row.id, row.cluster, row.at, row.actor, row.via, row.address, row.verb,
                        row.object, row.result, row.reason, row.before, row.after, row.requestId,
                        row.error, previous, hash});
}

absl::Status walkExport(std::istream& in, const std::string& name, RowWalk& walk) {
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        if (line.empty()) continue;
        if (line.size() > kMaxLine) return invalid(name, number, "it is too long");
        QJsonParseError error;
        const QJsonDocument document =
            QJsonDocument::fromJson(QByteArray::fromStdString(line), &error);
        if (error.error != QJsonParseError::NoError || !document.isObject() ||
            !document.object().contains(QLatin1String("previous_hash")))
            return invalid(name, number, "it is no row of the audit");
        if (!walk.add(rowOf(document.object()))) return absl::OkStatus();
    }
    if (in.bad()) return invalid(name, 0, "the file cannot be read");
    return absl::OkStatus();
}

}  // namespace ifrit::gui::heads
