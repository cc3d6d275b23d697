// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/campaign_views.h"

#include <fmt/ranges.h>

#include "gui/ctl/text.h"
#include "shared/base/status.h"
#include "shared/crypto/certificates.h"
#include "shared/domain/enum_names.h"

namespace ifrit::gui::ctl {
namespace {

using services::CampaignBoard;
using services::ReceiptInfo;

std::string stateText(const SeatRow& row) {
    if (row.seat.held) {
        return row.seat.held->state ? std::string(domain::nameOf(*row.seat.held->state))
                                    : std::string("unknown");
    }
    return absl::IsNotFound(row.seat.status) ? "not-imported" : "unseen";
}

std::string waitsText(const SeatRow& row) {
    return row.seat.held ? printable(row.seat.held->waitsFor)
                         : printable(base::messageOf(row.seat.status));
}

std::string releaseText(const SeatRow& row) {
    if (!row.seat.held || !row.seat.held->release) return "-";
    return std::to_string(row.seat.held->release->release.number);
}

std::string progressText(const SeatRow& row) {
    if (!row.seat.held || !row.seat.held->release) return "-";
    const services::ReleaseInfo& release = *row.seat.held->release;
    return fmt::format("{}/{}",
                       release.count(domain::Outcome::Ok) + release.count(domain::Outcome::Already),
                       release.targeted());
}

const char* verdictName(domain::ReceiptVerdict verdict) {
    return verdict == domain::ReceiptVerdict::Verified ? "verified" : "withdrawn";
}

std::string receiptText(const std::optional<ReceiptInfo>& receipt) {
    if (!receipt) return "-";
    return fmt::format("{} #{}", verdictName(receipt->receipt.verdict), receipt->receipt.serial);
}

Json receiptJson(const ReceiptInfo& info) {
    const domain::CampaignReceipt& it = info.receipt;
    Json counts = Json::object();
    for (const auto& [outcome, count] : it.counts)
        counts.set(domain::nameOf(outcome), count);
    Json targets = Json::object();
    for (const auto& [type, target] : it.targets) {
        targets.set(type, Json::object()
                              .set("version", target.version)
                              .set("manifest_digest", target.manifestDigest));
    }
    return Json::object()
        .set("campaign_id", it.campaignId)
        .set("campaign_digest", it.campaignDigest)
        .set("cluster", it.cluster)
        .set("step", static_cast<std::uint64_t>(it.step))
        .set("serial", it.serial)
        .set("verdict", verdictName(it.verdict))
        .set("release_id", it.releaseId)
        .set("release_number", it.releaseNumber)
        .set("targets", targets)
        .set("counts", counts)
        .setTime("started", it.started)
        .setTime("ended", it.ended)
        .setTime("issued", it.issued);
}

Json orNull(const std::optional<ReceiptInfo>& receipt) {
    return receipt ? receiptJson(*receipt) : Json::null();
}

Json seatJson(const SeatRow& row) {
    Json out = Json::object()
                   .set("step", static_cast<std::uint64_t>(row.step))
                   .set("cluster", row.seat.cluster)
                   .set("state", stateText(row))
                   .set("waits_for", waitsText(row))
                   .set("ca_sha256", row.caFingerprint);
    const auto& held = row.seat.held;
    const bool has = held && held->release;
    out.set("release_id", has ? Json(held->release->release.id) : Json::null());
    out.set("release_number", has ? Json(held->release->release.number) : Json::null());
    out.set("release_state",
            has ? Json(domain::nameOf(held->release->release.state)) : Json::null());
    out.set("previous_receipt", held ? orNull(held->previous) : Json::null());
    out.set("own_receipt", held ? orNull(held->own) : Json::null());
    out.set("imported_by", held ? Json(held->imported.by) : Json::null());
    out.set("aborted_by", held && held->aborted ? Json(held->aborted->by) : Json::null());
    out.set("abort_reason", held && held->aborted ? Json(held->aborted->reason) : Json::null());
    return out;
}

std::string versionsText(const domain::Campaign& campaign) {
    std::vector<std::string> parts;
    for (const auto& [type, version] : campaign.versions)
        parts.push_back(fmt::format("{} {}", type, version.empty() ? "absent" : version));
    return fmt::format("{}", fmt::join(parts, ", "));
}

const domain::Campaign& campaignOf(const CampaignBoard& board) {
    static const domain::Campaign kNone;
    return board.any() == nullptr ? kNone : board.any()->campaign;
}

Json boardJson(const CampaignBoard& board) {
    const domain::Campaign& campaign = campaignOf(board);
    Json clusters = Json::array();
    for (const SeatRow& row : rowsOf(board))
        clusters.push(seatJson(row));
    return Json::object()
        .set("id", board.id())
        .set("name", campaign.name)
        .set("digest", board.any() == nullptr ? std::string() : board.any()->digest)
        .set("agent", campaign.agent)
        .set("versions", toJsonObject(campaign.versions))
        .set("created_by", campaign.createdBy)
        .setTime("created", campaign.created)
        .setTime("expires", campaign.expires)
        .set("settle_ms", static_cast<std::int64_t>(campaign.settle.count()))
        .set("phase", services::nameOf(board.phase()))
        .set("verified", static_cast<std::uint64_t>(board.verified()))
        .set("clusters", clusters);
}

}  // namespace

std::vector<SeatRow> rowsOf(const CampaignBoard& board) {
    std::vector<SeatRow> out;
    const domain::Campaign& campaign = campaignOf(board);
    for (std::size_t i = 0; i < board.seats().size(); ++i) {
        SeatRow row{i, board.seats()[i], {}};
        const auto ca = crypto::describeCertificate(campaign.steps[i].caPem);
        if (ca.ok()) row.caFingerprint = ca->sha256Fingerprint;
        out.push_back(std::move(row));
    }
    return out;
}

const View<CampaignBoard>& campaignView() {
    static const View<CampaignBoard> kView{
        {{"ID", Shown::Always, [](const auto& it) { return it.id(); }},
         {"CAMPAIGN", Shown::Always, [](const auto& it) { return printable(campaignOf(it).name); }},
         {"AGENT", Shown::Always, [](const auto& it) { return campaignOf(it).agent; }},
         {"VERSIONS", Shown::Always, [](const auto& it) { return versionsText(campaignOf(it)); }},
         {"STATE", Shown::Always,
          [](const auto& it) { return std::string(services::nameOf(it.phase())); }},
         {"VERIFIED", Shown::Always,
          [](const auto& it) { return fmt::format("{}/{}", it.verified(), it.seats().size()); }},
         {"EXPIRES", Shown::Always,
          [](const auto& it) { return localTime(campaignOf(it).expires); }},
         {"MADE BY", Shown::WhenWide,
          [](const auto& it) { return printable(campaignOf(it).createdBy); }},
         {"DIGEST", Shown::WhenWide,
          [](const auto& it) {
              return it.any() == nullptr ? std::string("-") : it.any()->digest;
          }}},
        [](const auto& it) { return it.id(); },
        boardJson};
    return kView;
}

const View<SeatRow>& seatView() {
    static const View<SeatRow> kView{
        {{"NO.", Shown::Always, [](const auto& it) { return std::to_string(it.step + 1); }},
         {"CLUSTER", Shown::Always, [](const auto& it) { return it.seat.cluster; }},
         {"STATE", Shown::Always, stateText},
         {"RELEASE", Shown::Always, releaseText},
         {"MACHINES", Shown::Always, progressText},
         {"RECEIPT BEFORE IT", Shown::Always,
          [](const auto& it) {
              return it.seat.held ? receiptText(it.seat.held->previous) : std::string("-");
          }},
         {"ITS OWN RECEIPT", Shown::Always,
          [](const auto& it) {
              return it.seat.held ? receiptText(it.seat.held->own) : std::string("-");
          }},
         {"WAITS FOR", Shown::Always, [](const auto& it) { return orDash(waitsText(it)); }},
         {"CA SHA-256", Shown::WhenWide, [](const auto& it) { return it.caFingerprint; }}},
        [](const auto& it) { return it.seat.cluster; },
        seatJson};
    return kView;
}

const View<ReceiptInfo>& receiptView() {
    static const View<ReceiptInfo> kView{
        {{"CLUSTER", Shown::Always, [](const auto& it) { return it.receipt.cluster; }},
         {"VERDICT", Shown::Always,
          [](const auto& it) { return std::string(verdictName(it.receipt.verdict)); }},
         {"SERIAL", Shown::Always,
          [](const auto& it) { return std::to_string(it.receipt.serial); }},
         {"RELEASE", Shown::Always,
          [](const auto& it) { return std::to_string(it.receipt.releaseNumber); }},
         {"MACHINES", Shown::Always,
          [](const auto& it) { return std::to_string(it.receipt.converged()); }},
         {"ENDED", Shown::Always, [](const auto& it) { return localTime(it.receipt.ended); }},
         {"ISSUED", Shown::Always, [](const auto& it) { return localTime(it.receipt.issued); }},
         {"CAMPAIGN DIGEST", Shown::WhenWide,
          [](const auto& it) { return it.receipt.campaignDigest; }}},
        [](const auto& it) { return it.receipt.cluster; },
        receiptJson};
    return kView;
}

void printBoard(Printer print, const CampaignBoard& board) {
    print.one(campaignView(), board);
    if (!print.isForPeople()) return;
    print.line("");
    print.list(seatView(), rowsOf(board));
}

}  // namespace ifrit::gui::ctl
