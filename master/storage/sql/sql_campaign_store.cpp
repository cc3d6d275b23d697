// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/sql_campaign_store.h"

#include <algorithm>

#include "master/storage/sql/sql_desired_store.h"
#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

Value bytesOrNull(const std::optional<ReceiptRecord>& receipt, std::string ReceiptRecord::*part) {
    return receipt ? bytes((*receipt).*part) : Value();
}

std::optional<ReceiptRecord> readReceipt(Row& row) {
    const bool isNone = row.isNull();
    ReceiptRecord out;
    out.receipt = row.bytes();
    out.signature = row.bytes();
    return isNone ? std::nullopt : std::optional(std::move(out));
}

CampaignRecord readCampaign(Row& row, bool withDocument) {
    CampaignRecord out;
    out.id = row.text();
    out.number = row.as<std::uint64_t>();
    out.digest = row.text();
    out.step = row.as<std::uint32_t>();
    out.imported.by = row.text();
    out.imported.at = row.time();
    out.imported.reason = row.text();
    out.releaseId = row.text();
    out.previous = readReceipt(row);
    out.presented.by = row.text();
    out.presented.at = row.optionalTime().value_or(base::WallTime());
    out.own = readReceipt(row);
    CampaignDeed aborted;
    aborted.by = row.text();
    const auto at = row.optionalTime();
    aborted.reason = row.text();
    if (at) {
        aborted.at = *at;
        out.aborted = std::move(aborted);
    }
    out.open = row.flag();
    if (withDocument) out.document = row.bytes();
    return out;
}

/// What update() changes, in the order of its statement.
Values changing(const CampaignRecord& record) {
    const auto deed = [&](std::string CampaignDeed::*part) {
        return text(record.aborted ? (*record.aborted).*part : std::string());
    };
    return {textOrNull(record.releaseId),
            bytesOrNull(record.previous, &ReceiptRecord::receipt),
            bytesOrNull(record.previous, &ReceiptRecord::signature),
            text(record.presented.by),
            record.previous ? time(record.presented.at) : Value(),
            bytesOrNull(record.own, &ReceiptRecord::receipt),
            bytesOrNull(record.own, &ReceiptRecord::signature),
            deed(&CampaignDeed::by),
            record.aborted ? time(record.aborted->at) : Value(),
            deed(&CampaignDeed::reason),
            integer(record.open ? 1 : 0)};
}

}  // namespace

absl::StatusOr<std::uint64_t> SqlCampaignStore::nextNumber() {
    return advanceCounter(m_connection, "campaign_number");
}

absl::Status SqlCampaignStore::add(const CampaignRecord& record) {
    Values values = changing(record);
    for (Value& value :
         Values{text(record.id), integer(record.number), text(record.digest), integer(record.step),
                text(record.imported.by), time(record.imported.at), text(record.imported.reason),
                bytes(record.document)})
        values.push_back(std::move(value));
    const absl::Status status =
        m_connection
            .run(
                "INSERT INTO campaigns (release_id, previous_receipt, previous_signature, "
                "presented_by, presented_ms, own_receipt, own_signature, aborted_by, aborted_ms, "
                "abort_reason, is_open, id, number, digest, step, imported_by, imported_ms, "
                "import_reason, document) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values)
            .status();
    if (!isDuplicate(status)) return status;
    return base::makeError(absl::StatusCode::kAlreadyExists, "CAMPAIGN_EXISTS", record.id,
                           "this campaign is here already");
}

absl::Status SqlCampaignStore::update(const CampaignRecord& record) {
    // MariaDB counts rows that changed: one that stays as it was is none of them.
    IFRIT_ASSIGN_OR_RETURN(
        const auto known,
        select(Document::Leave, std::string("WHERE id = ?") + m_connection.lockRow(),
               {text(record.id)}));
    if (known.empty())
        return base::notFound("CAMPAIGN_UNKNOWN", record.id, "there is no campaign {}", record.id);
    Values values = changing(record);
    values.push_back(text(record.id));
    return m_connection
        .run(
            "UPDATE campaigns SET release_id = ?, previous_receipt = ?, previous_signature = ?, "
            "presented_by = ?, presented_ms = ?, own_receipt = ?, own_signature = ?, "
            "aborted_by = ?, aborted_ms = ?, abort_reason = ?, is_open = ? WHERE id = ?",
            values)
        .status();
}

absl::StatusOr<std::vector<CampaignRecord>> SqlCampaignStore::select(Document document,
                                                                     const std::string& rest,
                                                                     const Values& values) {
    const bool with = document == Document::Read;
    std::vector<CampaignRecord> out;
    const absl::Status status = m_connection.each(
        std::string(
            "SELECT id, number, digest, step, imported_by, imported_ms, import_reason, "
            "COALESCE(release_id, ''), previous_receipt, previous_signature, presented_by, "
            "presented_ms, own_receipt, own_signature, aborted_by, aborted_ms, abort_reason, "
            "is_open") +
            (with ? ", document" : "") + " FROM campaigns " + rest,
        values, [&out, with](Row& row) -> absl::Status {
            out.push_back(readCampaign(row, with));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<std::optional<CampaignRecord>> SqlCampaignStore::find(const std::string& id) {
    IFRIT_ASSIGN_OR_RETURN(
        auto found,
        select(Document::Read, std::string("WHERE id = ?") + m_connection.lockRow(), {text(id)}));
    if (found.empty()) return std::optional<CampaignRecord>();
    return std::optional<CampaignRecord>(std::move(found.front()));
}

absl::StatusOr<std::optional<CampaignRecord>> SqlCampaignStore::findByRelease(
    const std::string& releaseId) {
    IFRIT_ASSIGN_OR_RETURN(
        auto found,
        select(Document::Leave, std::string("WHERE release_id = ?") + m_connection.lockRow(),
               {text(releaseId)}));
    if (found.empty()) return std::optional<CampaignRecord>();
    return std::optional<CampaignRecord>(std::move(found.front()));
}

absl::StatusOr<std::vector<CampaignRecord>> SqlCampaignStore::list(std::uint64_t below,
                                                                   std::size_t limit) {
    // The column is signed: no number is above its largest.
    const auto most = static_cast<std::uint64_t>(INT64_MAX);
    return select(Document::Read, "WHERE number < ? ORDER BY number DESC LIMIT ?",
                  {integer(std::min(below, most)), integer(limit)});
}

absl::StatusOr<std::vector<CampaignRecord>> SqlCampaignStore::listOpen() {
    return select(Document::Leave, "WHERE is_open = 1 ORDER BY number", {});
}

}  // namespace ifrit::master::storage::sql
