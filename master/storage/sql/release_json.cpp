// SPDX-License-Identifier: Apache-2.0
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "master/storage/sql/json.h"
#include "master/storage/sql/storable_text.h"
#include "shared/base/status.h"
#include "shared/domain/enum_names.h"

namespace ifrit::master::storage::sql {
namespace {

using domain::fromName;
using domain::nameOf;

std::string textOf(const QJsonObject& from, const char* key) {
    return from.value(QLatin1String(key)).toString().toStdString();
}
std::int64_t numberOf(const QJsonObject& from, const char* key) {
    return from.value(QLatin1String(key)).toInteger();
}
template <typename Number>
QJsonValue number(Number value) {
    return QJsonValue(static_cast<qint64>(value));
}
QJsonValue stamp(base::WallTime at) {
    return number(base::toUnixMillis(at));
}
QJsonValue stamp(const std::optional<base::WallTime>& at) {
    return at ? stamp(*at) : QJsonValue();
}
base::WallTime timeOf(const QJsonObject& from, const char* key) {
    return base::fromUnixMillis(numberOf(from, key));
}
std::optional<base::WallTime> optionalTimeOf(const QJsonObject& from, const char* key) {
    if (!from.value(QLatin1String(key)).isDouble()) return std::nullopt;
    return timeOf(from, key);
}

/// Reads enum names, and remembers one that is not known.
class Names {
public:
    template <typename Enum>
    Enum read(const std::string& name) {
        const auto value = fromName<Enum>(name);
        if (!value) m_unknown = name;
        return value.value_or(Enum{});
    }
    absl::Status status() const {
        if (m_unknown.empty()) return absl::OkStatus();
        return base::makeError(
            absl::StatusCode::kDataLoss, "DATABASE_BROKEN", m_unknown,
            fmt::format("a stored release has the word '{}', which this ifrit-master does not "
                        "know; it was written by a newer one or damaged",
                        m_unknown));
    }

private:
    std::string m_unknown;
};

QJsonArray listOf(const std::vector<std::string>& items) {
    QJsonArray out;
    for (const std::string& item : items)
        out.append(toQt(item));
    return out;
}
std::vector<std::string> listFrom(const QJsonValue& value) {
    std::vector<std::string> out;
    const QJsonArray items = value.toArray();
    for (const QJsonValue& item : items)
        out.push_back(item.toString().toStdString());
    return out;
}
QJsonObject mapOf(const std::map<std::string, std::string>& items) {
    QJsonObject out;
    for (const auto& [key, value] : items)
        out.insert(toQt(key), toQt(value));
    return out;
}
std::map<std::string, std::string> mapFrom(const QJsonValue& value) {
    std::map<std::string, std::string> out;
    const QJsonObject items = value.toObject();
    for (auto item = items.begin(); item != items.end(); ++item)
        out[item.key().toStdString()] = item.value().toString().toStdString();
    return out;
}

QJsonObject specToJson(const domain::ReleaseSpec& spec) {
    return {{QStringLiteral("action"), toQt(nameOf(spec.action))},
            {QStringLiteral("machine_types"), listOf(spec.machineTypes)},
            {QStringLiteral("gray_uuids"), listOf(spec.gray.uuids)},
            {QStringLiteral("gray_pin"), toQt(spec.gray.pin)},
            {QStringLiteral("gray_labels"), mapOf(spec.gray.labels)},
            {QStringLiteral("soak_ms"), number(spec.soak.count())},
            {QStringLiteral("machine_deadline_ms"), number(spec.machineDeadline.count())},
            {QStringLiteral("auto_verify"), spec.autoVerify}};
}

void specFromJson(const QJsonObject& from, Names& names, domain::ReleaseSpec& spec) {
    spec.action = names.read<domain::DesiredAction>(textOf(from, "action"));
    spec.machineTypes = listFrom(from.value(QLatin1String("machine_types")));
    spec.gray.uuids = listFrom(from.value(QLatin1String("gray_uuids")));
    spec.gray.pin = textOf(from, "gray_pin");
    spec.gray.labels = mapFrom(from.value(QLatin1String("gray_labels")));
    spec.soak = std::chrono::milliseconds(numberOf(from, "soak_ms"));
    spec.machineDeadline = std::chrono::milliseconds(numberOf(from, "machine_deadline_ms"));
    spec.autoVerify = from.value(QLatin1String("auto_verify")).toBool();
}

QJsonObject stageToJson(const domain::StageCounts& stage) {
    QJsonObject outcomes;
    for (const auto& [outcome, count] : stage.outcomes)
        outcomes.insert(toQt(nameOf(outcome)), number(count));
    return {{QStringLiteral("kind"), toQt(nameOf(stage.kind))},
            {QStringLiteral("batch"), number(stage.batch)},
            {QStringLiteral("targeted"), number(stage.targeted)},
            {QStringLiteral("outcomes"), outcomes},
            {QStringLiteral("offline"), number(stage.offline)},
            {QStringLiteral("in_flight"), number(stage.inFlight)},
            {QStringLiteral("opened_ms"), stamp(stage.opened)},
            {QStringLiteral("closed_ms"), stamp(stage.closed)},
            {QStringLiteral("soak_until_ms"), stamp(stage.soakUntil)}};
}

domain::StageCounts stageFromJson(const QJsonObject& from, Names& names) {
    domain::StageCounts out;
    out.kind = names.read<domain::StageKind>(textOf(from, "kind"));
    out.batch = static_cast<std::uint32_t>(numberOf(from, "batch"));
    out.targeted = static_cast<std::uint32_t>(numberOf(from, "targeted"));
    const QJsonObject outcomes = from.value(QLatin1String("outcomes")).toObject();
    for (auto item = outcomes.begin(); item != outcomes.end(); ++item) {
        const auto outcome = names.read<domain::Outcome>(item.key().toStdString());
        out.outcomes[outcome] = static_cast<std::uint32_t>(item.value().toInteger());
    }
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

release::Target targetFromJson(const QJsonObject& from, Names& names) {
    return {names.read<domain::DesiredAction>(textOf(from, "action")), textOf(from, "version"),
            textOf(from, "digest")};
}

void targetsFromJson(const QJsonObject& root, Names& names, release::Model& model) {
    const QJsonObject targets = root.value(QLatin1String("targets")).toObject();
    for (auto item = targets.begin(); item != targets.end(); ++item)
        model.targets[item.key().toStdString()] = targetFromJson(item.value().toObject(), names);
    const QJsonObject previous = root.value(QLatin1String("previous")).toObject();
    for (auto item = previous.begin(); item != previous.end(); ++item) {
        auto& target = model.previous[item.key().toStdString()];
        if (item.value().isObject()) target = targetFromJson(item.value().toObject(), names);
    }
}

/// Everything of the document that comes from people.
absl::Status checkTexts(const release::Model& model) {
    const domain::ReleaseSpec& spec = model.release.spec;
    IFRIT_RETURN_IF_ERROR(checkStorable(spec.gray.pin));
    for (const auto* list : {&spec.machineTypes, &spec.gray.uuids}) {
        for (const std::string& item : *list)
            IFRIT_RETURN_IF_ERROR(checkStorable(item));
    }
    for (const auto* map : {&spec.gray.labels, &model.release.previousVersions}) {
        for (const auto& [key, value] : *map) {
            IFRIT_RETURN_IF_ERROR(checkStorable(key));
            IFRIT_RETURN_IF_ERROR(checkStorable(value));
        }
    }
    return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> releaseToJson(const release::Model& model) {
    IFRIT_RETURN_IF_ERROR(checkTexts(model));
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
    for (const std::uint32_t count : model.acceptedBad)
        acceptedBad.append(number(count));
    const QJsonObject root{
        {QStringLiteral("spec"), specToJson(model.release.spec)},
        {QStringLiteral("stages"), stages},
        {QStringLiteral("previous_versions"), mapOf(model.release.previousVersions)},
        {QStringLiteral("targets"), targets},
        {QStringLiteral("previous"), previous},
        {QStringLiteral("stage_index"), number(model.stageIndex)},
        {QStringLiteral("stamp_ms"), stamp(model.stamp)},
        {QStringLiteral("standing_stamp_ms"), stamp(model.standingStamp)},
        {QStringLiteral("state_since_ms"), stamp(model.stateSince)},
        {QStringLiteral("full_opened"), model.fullOpened},
        {QStringLiteral("accepted_bad"), acceptedBad}};
    return QJsonDocument(root).toJson(QJsonDocument::Compact).toStdString();
}

absl::Status releaseFromJson(const std::string& json, release::Model& model) {
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(json));
    if (!document.isObject()) {
        return base::makeError(absl::StatusCode::kDataLoss, "DATABASE_BROKEN", model.release.id,
                               "a stored release is not readable; restore a backup");
    }
    const QJsonObject root = document.object();
    Names names;
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
    model.fullOpened = root.value(QLatin1String("full_opened")).toBool();
    const QJsonArray accepted = root.value(QLatin1String("accepted_bad")).toArray();
    for (const QJsonValue& count : accepted)
        model.acceptedBad.push_back(static_cast<std::uint32_t>(count.toInteger()));
    return names.status();
}

}  // namespace ifrit::master::storage::sql
