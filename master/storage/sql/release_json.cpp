// SPDX-License-Identifier: Apache-2.0
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "master/storage/sql/json.h"
#include "master/storage/sql/json_fields.h"
#include "master/storage/sql/release_spec_json.h"
#include "master/storage/sql/storable_text.h"
#include "shared/base/status.h"
#include "shared/domain/enum_names.h"

namespace ifrit::master::storage::sql {
namespace {

using domain::nameOf;

/// Counts by an enum's names.
template <typename Enum>
QJsonObject countsToJson(const std::map<Enum, std::uint32_t>& counts) {
    QJsonObject out;
    for (const auto& [key, count] : counts)
        out.insert(toQt(nameOf(key)), number(count));
    return out;
}
template <typename Enum>
std::map<Enum, std::uint32_t> countsFromJson(const QJsonObject& from, JsonNames& names) {
    std::map<Enum, std::uint32_t> out;
    for (auto item = from.begin(); item != from.end(); ++item) {
        out[names.read<Enum>(item.key().toStdString())] =
            static_cast<std::uint32_t>(item.value().toInteger());
    }
    return out;
}

/// But for what is nothing, which is how it is read where it is missing: of a thousand batches all
/// but a few have not begun, and they are written with each report of the others.
void putUnlessNothing(QJsonObject& out, const char* key, const QJsonValue& value) {
    const bool isNothing = value.isNull() || (value.isDouble() && value.toInteger() == 0) ||
                           (value.isObject() && value.toObject().isEmpty());
    if (!isNothing) out.insert(QLatin1String(key), value);
}

QJsonObject stageToJson(const domain::StageCounts& stage) {
    QJsonObject out{{QStringLiteral("kind"), toQt(nameOf(stage.kind))}};
    putUnlessNothing(out, "batch", number(stage.batch));
    putUnlessNothing(out, "targeted", number(stage.targeted));
    putUnlessNothing(out, "outcomes", countsToJson(stage.outcomes));
    putUnlessNothing(out, "bad", countsToJson(stage.bad));
    putUnlessNothing(out, "offline", number(stage.offline));
    putUnlessNothing(out, "in_flight", number(stage.inFlight));
    putUnlessNothing(out, "opened_ms", stamp(stage.opened));
    putUnlessNothing(out, "closed_ms", stamp(stage.closed));
    putUnlessNothing(out, "soak_until_ms", stamp(stage.soakUntil));
    return out;
}

domain::StageCounts stageFromJson(const QJsonObject& from, JsonNames& names) {
    domain::StageCounts out;
    out.kind = names.read<domain::StageKind>(textOf(from, "kind"));
    out.batch = static_cast<std::uint32_t>(numberOf(from, "batch"));
    out.targeted = static_cast<std::uint32_t>(numberOf(from, "targeted"));
    out.outcomes =
        countsFromJson<domain::Outcome>(from.value(QLatin1String("outcomes")).toObject(), names);
    out.bad = countsFromJson<domain::GateKind>(from.value(QLatin1String("bad")).toObject(), names);
    out.offline = static_cast<std::uint32_t>(numberOf(from, "offline"));
    out.inFlight = static_cast<std::uint32_t>(numberOf(from, "in_flight"));
    out.opened = optionalTimeOf(from, "opened_ms");
    out.closed = optionalTimeOf(from, "closed_ms");
    out.soakUntil = optionalTimeOf(from, "soak_until_ms");
    return out;
}

QJsonObject targetToJson(const release::Target& target) {
    return {{QStringLiteral("action"), toQt(nameOf(target.action))},
            {QStringLiteral("version"), toQt(target.version)},
            {QStringLiteral("digest"), toQt(target.digest)}};
}

release::Target targetFromJson(const QJsonObject& from, JsonNames& names) {
    return {names.read<domain::DesiredAction>(textOf(from, "action")), textOf(from, "version"),
            textOf(from, "digest")};
}

void targetsFromJson(const QJsonObject& root, JsonNames& names, release::Model& model) {
    const QJsonObject targets = root.value(QLatin1String("targets")).toObject();
    for (auto item = targets.begin(); item != targets.end(); ++item)
        model.targets[item.key().toStdString()] = targetFromJson(item.value().toObject(), names);
    const QJsonObject previous = root.value(QLatin1String("previous")).toObject();
    for (auto item = previous.begin(); item != previous.end(); ++item) {
        auto& target = model.previous[item.key().toStdString()];
        if (item.value().isObject()) target = targetFromJson(item.value().toObject(), names);
    }
}

QJsonValue approvalToJson(const std::optional<domain::Approval>& approval) {
    if (!approval) return {};
    return QJsonObject{{QStringLiteral("by"), toQt(approval->by)},
                       {QStringLiteral("at_ms"), stamp(approval->at)},
                       {QStringLiteral("plan_id"), toQt(approval->planId)},
                       {QStringLiteral("reason"), toQt(approval->reason)}};
}

std::optional<domain::Approval> approvalFromJson(const QJsonValue& value) {
    if (!value.isObject()) return std::nullopt;
    const QJsonObject from = value.toObject();
    return domain::Approval{textOf(from, "by"), timeOf(from, "at_ms"), textOf(from, "plan_id"),
                            textOf(from, "reason")};
}

QJsonValue changeToJson(const std::optional<domain::ReleaseChange>& change) {
    if (!change) return {};
    return QJsonObject{{QStringLiteral("revision"), number(change->revision)},
                       {QStringLiteral("what"), toQt(change->what)},
                       {QStringLiteral("by"), toQt(change->by)},
                       {QStringLiteral("at_ms"), stamp(change->at)}};
}

std::optional<domain::ReleaseChange> changeFromJson(const QJsonValue& value) {
    if (!value.isObject()) return std::nullopt;
    const QJsonObject from = value.toObject();
    return domain::ReleaseChange{static_cast<std::uint64_t>(numberOf(from, "revision")),
                                 textOf(from, "what"), textOf(from, "by"), timeOf(from, "at_ms")};
}

QJsonValue removalToJson(const std::optional<domain::HistoryRemoval>& removal) {
    if (!removal) return {};
    return QJsonObject{{QStringLiteral("since_ms"), stamp(removal->since)},
                       {QStringLiteral("rows"), number(removal->rows)},
                       {QStringLiteral("ended_ms"), stamp(removal->ended)}};
}

std::optional<domain::HistoryRemoval> removalFromJson(const QJsonValue& value) {
    if (!value.isObject()) return std::nullopt;
    const QJsonObject from = value.toObject();
    return domain::HistoryRemoval{timeOf(from, "since_ms"),
                                  static_cast<std::uint64_t>(numberOf(from, "rows")),
                                  optionalTimeOf(from, "ended_ms")};
}

absl::Status checkTexts(const std::vector<std::string>& texts) {
    for (const std::string& text : texts)
        IFRIT_RETURN_IF_ERROR(checkStorable(text));
    return absl::OkStatus();
}

absl::Status checkTexts(const std::map<std::string, std::string>& texts) {
    for (const auto& [key, value] : texts) {
        IFRIT_RETURN_IF_ERROR(checkStorable(key));
        IFRIT_RETURN_IF_ERROR(checkStorable(value));
    }
    return absl::OkStatus();
}

/// Everything of it that comes from people.
absl::Status checkTexts(const domain::ReleaseSpec& spec, GrayUuids uuids) {
    IFRIT_RETURN_IF_ERROR(checkStorable(spec.gray.pin));
    IFRIT_RETURN_IF_ERROR(checkStorable(spec.windows.timeZone));
    IFRIT_RETURN_IF_ERROR(checkTexts(spec.machineTypes));
    IFRIT_RETURN_IF_ERROR(checkTexts(spec.gray.labels));
    return uuids == GrayUuids::Written ? checkTexts(spec.gray.uuids) : absl::OkStatus();
}

/// The same of the rest of the document.
absl::Status checkTexts(const release::Model& model) {
    for (const auto* approval : {&model.release.approval, &model.release.endedApproval}) {
        if (!*approval) continue;
        IFRIT_RETURN_IF_ERROR(checkStorable((*approval)->by));
        IFRIT_RETURN_IF_ERROR(checkStorable((*approval)->planId));
        IFRIT_RETURN_IF_ERROR(checkStorable((*approval)->reason));
    }
    if (model.release.lastChange)
        IFRIT_RETURN_IF_ERROR(checkStorable(model.release.lastChange->by));
    return checkTexts(model.release.previousVersions);
}

std::string written(const QJsonObject& root) {
    return QJsonDocument(root).toJson(QJsonDocument::Compact).toStdString();
}

absl::StatusOr<QJsonObject> rootOf(const std::string& json, const release::Model& model) {
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(json));
    if (document.isObject()) return document.object();
    return base::makeError(absl::StatusCode::kDataLoss, "DATABASE_BROKEN", model.release.id,
                           "a stored release is not readable; restore a backup");
}

}  // namespace

absl::StatusOr<std::string> releaseSpecToJson(const domain::ReleaseSpec& spec) {
    IFRIT_RETURN_IF_ERROR(checkTexts(spec, GrayUuids::Written));
    return written(specToJson(spec, GrayUuids::Written));
}

absl::Status releaseSpecFromJson(const std::string& json, release::Model& model) {
    IFRIT_ASSIGN_OR_RETURN(const QJsonObject root, rootOf(json, model));
    JsonNames names;
    specFromJson(root, names, model.release.spec);
    return names.status();
}

absl::StatusOr<std::string> releaseToJson(const release::Model& model, GrayUuids uuids) {
    IFRIT_RETURN_IF_ERROR(checkTexts(model));
    IFRIT_RETURN_IF_ERROR(checkTexts(model.release.spec, uuids));
    QJsonArray stages;
    for (const domain::StageCounts& stage : model.release.stages)
        stages.append(stageToJson(stage));
    QJsonObject targets;
    for (const auto& [type, target] : model.targets)
        targets.insert(toQt(type), targetToJson(target));
    QJsonObject previous;
    for (const auto& [type, target] : model.previous)
        previous.insert(toQt(type), target ? QJsonValue(targetToJson(*target)) : QJsonValue());
    QJsonArray acceptedBad;
    for (const auto& counts : model.acceptedBad)
        acceptedBad.append(countsToJson(counts));
    QJsonObject pilotLimits;
    for (const auto& [type, limit] : model.pilotLimits)
        pilotLimits.insert(toQt(type), QString::number(limit));
    QJsonArray pinnedDigests;
    for (const std::string& digest : model.pinnedDigests)
        pinnedDigests.append(toQt(digest));
    const QJsonObject root{
        {QStringLiteral("spec"), specToJson(model.release.spec, uuids)},
        {QStringLiteral("stages"), stages},
        {QStringLiteral("previous_versions"), mapOf(model.release.previousVersions)},
        {QStringLiteral("targets"), targets},
        {QStringLiteral("previous"), previous},
        {QStringLiteral("stage_index"), number(model.stageIndex)},
        {QStringLiteral("stamp_ms"), stamp(model.stamp)},
        {QStringLiteral("standing_stamp_ms"), stamp(model.standingStamp)},
        {QStringLiteral("state_since_ms"), stamp(model.stateSince)},
        {QStringLiteral("stage_since_ms"), stamp(model.stageSince)},
        {QStringLiteral("full_opened"), model.fullOpened},
        {QStringLiteral("closed_since_ms"), stamp(model.closedSince)},
        {QStringLiteral("open_since_ms"), stamp(model.openSince)},
        {QStringLiteral("approval"), approvalToJson(model.release.approval)},
        {QStringLiteral("ended_approval"), approvalToJson(model.release.endedApproval)},
        {QStringLiteral("accepted_bad"), acceptedBad},
        {QStringLiteral("batch"), number(model.release.batch)},
        {QStringLiteral("revision"), number(model.release.revision)},
        {QStringLiteral("last_change"), changeToJson(model.release.lastChange)},
        {QStringLiteral("history_removal"), removalToJson(model.release.historyRemoval)},
        {QStringLiteral("pinned_digests"), pinnedDigests},
        {QStringLiteral("pilot_limits"), pilotLimits}};
    return written(root);
}

absl::Status releaseFromJson(const std::string& json, release::Model& model) {
    IFRIT_ASSIGN_OR_RETURN(const QJsonObject root, rootOf(json, model));
    JsonNames names;
    specFromJson(root.value(QLatin1String("spec")).toObject(), names, model.release.spec);
    const QJsonArray stages = root.value(QLatin1String("stages")).toArray();
    for (const QJsonValue& stage : stages)
        model.release.stages.push_back(stageFromJson(stage.toObject(), names));
    model.release.previousVersions = mapFrom(root.value(QLatin1String("previous_versions")));
    targetsFromJson(root, names, model);
    model.stageIndex = static_cast<std::size_t>(numberOf(root, "stage_index"));
    model.stamp = timeOf(root, "stamp_ms");
    model.standingStamp = timeOf(root, "standing_stamp_ms");
    model.stateSince = timeOf(root, "state_since_ms");
    model.stageSince = optionalTimeOf(root, "stage_since_ms");
    model.fullOpened = root.value(QLatin1String("full_opened")).toBool();
    model.closedSince = optionalTimeOf(root, "closed_since_ms");
    model.openSince = optionalTimeOf(root, "open_since_ms");
    model.release.approval = approvalFromJson(root.value(QLatin1String("approval")));
    model.release.endedApproval = approvalFromJson(root.value(QLatin1String("ended_approval")));
    const QJsonArray accepted = root.value(QLatin1String("accepted_bad")).toArray();
    for (const QJsonValue& counts : accepted) {
        // A plain number is what was written before gates had kinds.
        auto& stage = model.acceptedBad.emplace_back();
        if (counts.isObject())
            stage = countsFromJson<domain::GateKind>(counts.toObject(), names);
        else
            stage[domain::GateKind::Bad] = static_cast<std::uint32_t>(counts.toInteger());
    }
    model.release.batch = static_cast<std::uint32_t>(numberOf(root, "batch"));
    model.release.revision = numberOf(root, "revision");
    model.release.lastChange = changeFromJson(root.value(QLatin1String("last_change")));
    model.release.historyRemoval = removalFromJson(root.value(QLatin1String("history_removal")));
    // As text: a JSON number does not hold 64 bits.
    const QJsonObject limits = root.value(QLatin1String("pilot_limits")).toObject();
    for (auto item = limits.begin(); item != limits.end(); ++item)
        model.pilotLimits[item.key().toStdString()] = item.value().toString().toULongLong();
    const QJsonArray pinned = root.value(QLatin1String("pinned_digests")).toArray();
    for (const QJsonValue& digest : pinned)
        model.pinnedDigests.insert(digest.toString().toStdString());
    return names.status();
}

}  // namespace ifrit::master::storage::sql
