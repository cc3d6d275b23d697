// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/text.h"
#include "gui/ctl/views.h"
#include "shared/base/hex.h"
#include "shared/base/status.h"
#include "shared/domain/enum_names.h"

namespace ifrit::gui::ctl {
namespace {

using services::AuditRow;
using services::PackageInfo;

std::string shortDigest(const std::string& digest) {
    return digest.substr(0, 12);
}

Json packageJson(const PackageInfo& package) {
    Json out = Json::object();
    out.set("agent", package.agent)
        .set("version", package.version)
        .set("machine_types", toJsonArray(package.machineTypes))
        .set("manifest_digest", package.manifestDigest)
        .set("archive_digest", package.archiveDigest)
        .set("archive_size_bytes", package.archiveSizeBytes)
        .set("unpacked_size_bytes", package.unpackedSizeBytes)
        .set("files", package.files)
        .set("key_id", package.keyId)
        .set("published_by", package.publishedBy)
        .set("description", package.description)
        .set("running_on", package.runningOn)
        .set("in_use", package.inUse);
    return out.setTime("published", package.published);
}

Json auditJson(const AuditRow& row) {
    Json out = Json::object();
    out.set("id", row.id).setTime("at", row.at);
    return out.set("actor", row.actor)
        .set("via", row.via)
        .set("address", row.address)
        .set("verb", row.verb)
        .set("object", row.object)
        .set("cluster", row.cluster)
        .set("result", row.result)
        .set("reason", row.reason)
        .set("error", row.error)
        .set("before", row.before)
        .set("after", row.after)
        .set("request_id", row.requestId)
        .set("hash", row.hash)
        .set("previous_hash", row.previousHash);
}

std::string keptHeadsText(const AuditJudgement& judgement) {
    const audit::HeadReport& heads = judgement.heads;
    const std::size_t beyond = judgement.file ? judgement.file->beyond : 0;
    if (judgement.file && !judgement.file->compared) return "not compared: no cluster is chosen";
    if (heads.compared == 0 && beyond > 0)
        return fmt::format("{}, all of later rows than the export has", beyond);
    if (judgement.file && heads.compared == 0) return "none yet";
    if (heads.agrees() && beyond > 0)
        return fmt::format("{}, on the chain, and {} of later rows", heads.compared, beyond);
    if (heads.compared == 0) return "none yet: this one is the first";
    if (heads.agrees()) return fmt::format("{}, all on the chain", heads.compared);
    return fmt::format("{}, of which {} are not on the chain", heads.compared, heads.wrong.size());
}

std::string stepResult(const services::TestStepResult& step) {
    if (step.status.ok()) return "ok";
    return step.status.code() == absl::StatusCode::kCancelled ? "skipped" : "failed";
}

std::string stepName(const services::TestStepResult& step) {
    const std::string name(services::nameOf(step.step));
    return step.step == services::TestStep::Master ? name + " " + step.address : name;
}

std::string stepDetail(const services::TestStepResult& step) {
    if (step.status.ok())
        return step.step == services::TestStep::Master ? "reached: " + step.detail : step.detail;
    if (stepResult(step) == "skipped") return "an earlier step failed";
    const std::string message = base::messageOf(step.status);
    return step.hint.empty() ? message : fmt::format("{}; {}", message, step.hint);
}

}  // namespace

const View<PackageInfo>& packageView() {
    static const View<PackageInfo> kView = {
        {{"AGENT", Shown::Always, [](const auto& p) { return p.agent; }},
         {"VERSION", Shown::Always, [](const auto& p) { return p.version; }},
         {"TYPES", Shown::Always,
          [](const auto& p) { return fmt::format("{}", fmt::join(p.machineTypes, ",")); }},
         {"SIZE", Shown::Always, [](const auto& p) { return humanBytes(p.archiveSizeBytes); },
          [](const auto& p) { return std::to_string(p.archiveSizeBytes); }},
         {"RUNNING ON", Shown::Always, [](const auto& p) { return std::to_string(p.runningOn); }},
         {"IN USE", Shown::Always, [](const auto& p) { return p.inUse ? "yes" : "no"; }},
         {"DIGEST", Shown::Always, [](const auto& p) { return shortDigest(p.manifestDigest); },
          [](const auto& p) { return p.manifestDigest; }},
         {"PUBLISHED", Shown::Always, [](const auto& p) { return localTime(p.published); }},
         {"BY", Shown::WhenWide, [](const auto& p) { return p.publishedBy; }},
         {"SIGNED BY", Shown::WhenWide, [](const auto& p) { return p.keyId; }},
         {"FILES", Shown::WhenWide, [](const auto& p) { return std::to_string(p.files); }},
         {"UNPACKED", Shown::WhenWide,
          [](const auto& p) { return humanBytes(p.unpackedSizeBytes); },
          [](const auto& p) { return std::to_string(p.unpackedSizeBytes); }},
         {"FULL DIGEST", Shown::WhenWide, [](const auto& p) { return p.manifestDigest; }},
         {"DESCRIPTION", Shown::WhenWide, [](const auto& p) { return p.description; }}},
        [](const auto& p) { return p.manifestDigest; },
        packageJson};
    return kView;
}

const View<AuditRow>& auditView() {
    static const View<AuditRow> kView = {
        {{"ROW", Shown::Always, [](const auto& r) { return std::to_string(r.id); }},
         {"TIME", Shown::Always, [](const auto& r) { return localTime(r.at); }},
         {"ACTOR", Shown::Always, [](const auto& r) { return r.actor; }},
         {"VERB", Shown::Always, [](const auto& r) { return r.verb; }},
         {"OBJECT", Shown::Always, [](const auto& r) { return r.object; }},
         {"RESULT", Shown::Always, [](const auto& r) { return r.result; }},
         {"REASON", Shown::Always, [](const auto& r) { return r.reason; }},
         {"ERROR", Shown::Always, [](const auto& r) { return r.error; }},
         {"VIA", Shown::WhenWide, [](const auto& r) { return r.via; }},
         {"ADDRESS", Shown::WhenWide, [](const auto& r) { return r.address; }},
         {"CLUSTER", Shown::WhenWide, [](const auto& r) { return r.cluster; }},
         {"REQUEST ID", Shown::WhenWide, [](const auto& r) { return r.requestId; }},
         {"BEFORE", Shown::WhenWide, [](const auto& r) { return r.before; }},
         {"AFTER", Shown::WhenWide, [](const auto& r) { return r.after; }}},
        [](const auto& r) { return std::to_string(r.id); },
        auditJson};
    return kView;
}

const View<AuditJudgement>& auditJudgementView() {
    static const View<AuditJudgement> kView = {
        {{"INTACT", Shown::Always,
          [](const auto& j) { return j.verification.intact ? "yes" : "no"; }},
         {"ROWS", Shown::Always, [](const auto& j) { return std::to_string(j.verification.rows); }},
         {"HEAD", Shown::Always, [](const auto& j) { return j.verification.headHash; }},
         {"SIGNED BY", Shown::Always,
          [](const auto& j) { return orDash(j.verification.heads.head.signer); }},
         {"FIRST BROKEN ROW", Shown::Always,
          [](const auto& j) {
              return j.verification.firstBrokenId == 0
                         ? std::string()
                         : std::to_string(j.verification.firstBrokenId);
          }},
         {"MESSAGE", Shown::Always, [](const auto& j) { return j.verification.message; }},
         {"KEPT HEADS", Shown::Always, keptHeadsText}},
        [](const auto& j) { return j.verification.headHash; },
        [](const auto& j) {
            return Json::object()
                .set("intact", j.verification.intact)
                .set("rows", j.verification.rows)
                .set("head_hash", j.verification.headHash)
                .set("signer", j.verification.heads.head.signer)
                .set("first_broken_id", j.verification.firstBrokenId)
                .set("message", j.verification.message)
                .set("kept_heads", static_cast<std::uint64_t>(j.heads.compared))
                .set("contradicted", static_cast<std::uint64_t>(j.heads.wrong.size()))
                .set("heads_message", audit::sentenceOf(j.heads));
        }};
    return kView;
}

const View<audit::SignedHead>& signedHeadView() {
    static const View<audit::SignedHead> kView = {
        {{"ROW", Shown::Always, [](const auto& h) { return std::to_string(h.head.row); }},
         {"SIGNED", Shown::Always, [](const auto& h) { return localTime(h.head.at); }},
         {"BY", Shown::Always, [](const auto& h) { return h.signer; }},
         {"HASH", Shown::Always, [](const auto& h) { return base::toHex(h.head.hash); }}},
        [](const auto& h) { return std::to_string(h.head.row); },
        [](const auto& h) {
            Json out = Json::object();
            out.set("row", h.head.row).setTime("signed_at", h.head.at);
            return out.set("hash", base::toHex(h.head.hash))
                .set("signer", h.signer)
                .set("certificate_pem", h.seal.certificatePem)
                .set("signature", base::toHex(h.seal.signature));
        }};
    return kView;
}

const View<services::TestStepResult>& testStepView() {
    static const View<services::TestStepResult> kView = {
        {{"STEP", Shown::Always, stepName},
         {"RESULT", Shown::Always, stepResult},
         {"TOOK", Shown::Always, [](const auto& s) { return humanDuration(s.took); },
          [](const auto& s) { return plainMillis(s.took); }},
         {"DETAIL", Shown::Always, stepDetail}},
        [](const auto& s) { return std::string(services::nameOf(s.step)); },
        [](const auto& s) {
            return Json::object()
                .set("step", services::nameOf(s.step))
                .set("address", s.address)
                .set("result", stepResult(s))
                .set("took_ms", static_cast<std::int64_t>(s.took.count()))
                .set("detail", s.detail)
                .set("error", s.status.ok() ? Json::null() : Json(base::messageOf(s.status)))
                .set("hint", s.hint);
        }};
    return kView;
}

}  // namespace ifrit::gui::ctl
