// SPDX-License-Identifier: Apache-2.0
#include "shared/codec/campaign_bytes.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "ifrit/v1/campaigns.pb.h"
#include "shared/base/status.h"
#include "shared/codec/enum_codec.h"
#include "shared/codec/limits.h"
#include "shared/codec/release_codec.h"
#include "shared/domain/names.h"

namespace ifrit::codec {
namespace {

constexpr std::uint32_t kFormat = 1;
constexpr std::size_t kMaxPemBytes = 16 * 1024;
constexpr std::size_t kMaxTargets = 32;

static_assert(static_cast<int>(domain::ReceiptVerdict::Withdrawn) + 1 ==
              v1::RECEIPT_VERDICT_WITHDRAWN);

/// The same bytes for the same message within one program, which is all that is needed: others
/// keep the bytes.
template <typename Message>
std::string serialized(const Message& message) {
    std::string out;
    google::protobuf::io::StringOutputStream stream(&out);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&coded);
    coded.Trim();
    return out;
}

template <typename Message>
absl::Status parse(std::string_view bytes, std::size_t limit, std::string_view what,
                   Message& message) {
    if (bytes.size() > limit) {
        return base::invalidArgument("DOCUMENT_INVALID", what, "the {} is larger than {} bytes",
                                     what, limit);
    }
    if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
        return base::invalidArgument("DOCUMENT_INVALID", what, "this is no {}", what);
    }
    const std::size_t whole = message.ByteSizeLong();
    message.DiscardUnknownFields();
    // What is not understood cannot be kept to.
    if (message.format() != kFormat || message.ByteSizeLong() != whole) {
        return base::invalidArgument("DOCUMENT_NEWER", what,
                                     "the {} is of a newer ifrit; upgrade this one", what);
    }
    return absl::OkStatus();
}

absl::StatusOr<domain::CampaignStep> stepFromWire(const v1::CampaignDocument::Step& step) {
    domain::CampaignStep out;
    out.cluster = step.cluster();
    IFRIT_RETURN_IF_ERROR(checkText("ca_pem", step.ca_pem(), kMaxPemBytes));
    out.caPem = step.ca_pem();
    IFRIT_ASSIGN_OR_RETURN(out.spec, fromWire(step.spec()));
    return out;
}

absl::Status readTargets(const v1::CampaignReceipt& in, domain::CampaignReceipt& out) {
    IFRIT_RETURN_IF_ERROR(
        checkCount("machine types", static_cast<std::size_t>(in.targets_size()), kMaxTargets));
    for (const auto& [type, target] : in.targets()) {
        IFRIT_RETURN_IF_ERROR(domain::checkMachineType(type));
        if (!target.version().empty())
            IFRIT_RETURN_IF_ERROR(domain::checkVersion(target.version()));
        domain::ReceiptTarget& to = out.targets[type];
        to.version = target.version();
        IFRIT_ASSIGN_OR_RETURN(to.manifestDigest, digestFromWire(target.manifest_digest()));
    }
    return absl::OkStatus();
}

}  // namespace

std::string receiptToSign(std::string_view receipt) {
    std::string out = "ifrit campaign receipt 1\n";
    out.append(receipt);
    return out;
}

std::string campaignToBytes(const domain::Campaign& campaign) {
    v1::CampaignDocument out;
    out.set_format(kFormat);
    out.set_id(campaign.id);
    out.set_name(campaign.name);
    out.set_created_by(campaign.createdBy);
    out.set_created_ms(base::toUnixMillis(campaign.created));
    out.set_expires_ms(base::toUnixMillis(campaign.expires));
    out.set_settle_ms(static_cast<std::uint64_t>(campaign.settle.count()));
    out.set_agent(campaign.agent);
    for (const auto& [type, version] : campaign.versions)
        (*out.mutable_versions())[type] = version;
    for (const domain::CampaignStep& step : campaign.steps) {
        auto& to = *out.add_steps();
        to.set_cluster(step.cluster);
        to.set_ca_pem(step.caPem);
        *to.mutable_spec() = toWire(step.spec);
    }
    return serialized(out);
}

absl::StatusOr<domain::Campaign> campaignFromBytes(std::string_view bytes) {
    v1::CampaignDocument in;
    IFRIT_RETURN_IF_ERROR(parse(bytes, kMaxCampaignBytes, "campaign", in));
    domain::Campaign out;
    out.id = in.id();
    out.name = in.name();
    IFRIT_RETURN_IF_ERROR(checkText("created_by", in.created_by(), kMaxShortTextBytes));
    out.createdBy = in.created_by();
    out.created = base::fromUnixMillis(in.created_ms());
    out.expires = base::fromUnixMillis(in.expires_ms());
    const auto longest =
        std::chrono::duration_cast<std::chrono::milliseconds>(domain::kMaxSettle).count();
    if (in.settle_ms() > static_cast<std::uint64_t>(longest)) {
        return base::invalidArgument("CAMPAIGN_SETTLE", out.id,
                                     "a release may have to stand for at most 7 days");
    }
    out.settle = std::chrono::milliseconds(static_cast<std::int64_t>(in.settle_ms()));
    out.agent = in.agent();
    out.versions = {in.versions().begin(), in.versions().end()};
    IFRIT_RETURN_IF_ERROR(checkCount("clusters", static_cast<std::size_t>(in.steps_size()),
                                     domain::kMaxCampaignClusters));
    for (const auto& step : in.steps()) {
        IFRIT_ASSIGN_OR_RETURN(domain::CampaignStep decoded, stepFromWire(step));
        out.steps.push_back(std::move(decoded));
    }
    IFRIT_RETURN_IF_ERROR(domain::checkCampaign(out));
    return out;
}

std::string receiptToBytes(const domain::CampaignReceipt& receipt) {
    v1::CampaignReceipt out;
    out.set_format(kFormat);
    out.set_campaign_id(receipt.campaignId);
    out.set_campaign_digest(digestToWire(receipt.campaignDigest));
    out.set_cluster(receipt.cluster);
    out.set_step(static_cast<std::uint32_t>(receipt.step));
    out.set_serial(receipt.serial);
    out.set_verdict(static_cast<v1::ReceiptVerdict>(static_cast<int>(receipt.verdict) + 1));
    out.set_release_id(receipt.releaseId);
    out.set_release_number(receipt.releaseNumber);
    for (const auto& [type, target] : receipt.targets) {
        auto& to = (*out.mutable_targets())[type];
        to.set_version(target.version);
        to.set_manifest_digest(digestToWire(target.manifestDigest));
    }
    for (const auto& [outcome, count] : receipt.counts)
        (*out.mutable_counts())[toWire(outcome)] = count;
    out.set_started_ms(base::toUnixMillis(receipt.started));
    out.set_ended_ms(base::toUnixMillis(receipt.ended));
    out.set_issued_ms(base::toUnixMillis(receipt.issued));
    return serialized(out);
}

absl::StatusOr<domain::CampaignReceipt> receiptFromBytes(std::string_view bytes) {
    v1::CampaignReceipt in;
    IFRIT_RETURN_IF_ERROR(parse(bytes, kMaxReceiptBytes, "receipt", in));
    domain::CampaignReceipt out;
    IFRIT_RETURN_IF_ERROR(domain::checkMachineUuid(in.campaign_id()));
    IFRIT_RETURN_IF_ERROR(domain::checkClusterName(in.cluster()));
    IFRIT_RETURN_IF_ERROR(domain::checkMachineUuid(in.release_id()));
    out.campaignId = in.campaign_id();
    IFRIT_ASSIGN_OR_RETURN(out.campaignDigest, digestFromWire(in.campaign_digest()));
    out.cluster = in.cluster();
    out.step = in.step();
    out.serial = in.serial();
    const bool isKnown = in.verdict() == v1::RECEIPT_VERDICT_VERIFIED ||
                         in.verdict() == v1::RECEIPT_VERDICT_WITHDRAWN;
    if (!isKnown || in.serial() == 0 || in.step() >= domain::kMaxCampaignClusters)
        return base::invalidArgument("DOCUMENT_INVALID", "receipt", "this is no receipt");
    out.verdict = static_cast<domain::ReceiptVerdict>(static_cast<int>(in.verdict()) - 1);
    out.releaseId = in.release_id();
    out.releaseNumber = in.release_number();
    IFRIT_RETURN_IF_ERROR(readTargets(in, out));
    for (const auto& [number, count] : in.counts()) {
        IFRIT_ASSIGN_OR_RETURN(const domain::Outcome outcome,
                               fromWire(static_cast<v1::Outcome>(number)));
        out.counts[outcome] = count;
    }
    out.started = base::fromUnixMillis(in.started_ms());
    out.ended = base::fromUnixMillis(in.ended_ms());
    out.issued = base::fromUnixMillis(in.issued_ms());
    return out;
}

}  // namespace ifrit::codec
