// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/release_spec_json.h"

#include <QJsonArray>

#include "master/storage/sql/storable_text.h"

namespace ifrit::master::storage::sql {
namespace {

using domain::nameOf;

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

QJsonValue batchesToJson(const domain::BatchPlan& batches) {
    if (!batches.enabled) return {};
    QJsonArray order;
    for (const std::uint32_t batch : batches.order)
        order.append(number(batch));
    return QJsonObject{{QStringLiteral("interval_ms"), number(batches.interval.count())},
                       {QStringLiteral("advance"), toQt(nameOf(batches.advance))},
                       {QStringLiteral("order"), order}};
}

domain::BatchPlan batchesFromJson(const QJsonValue& value, JsonNames& names) {
    domain::BatchPlan out;
    if (!value.isObject()) return out;
    const QJsonObject from = value.toObject();
    out.enabled = true;
    out.interval = std::chrono::milliseconds(numberOf(from, "interval_ms"));
    out.advance = names.read<domain::BatchAdvance>(textOf(from, "advance"));
    const QJsonArray order = from.value(QLatin1String("order")).toArray();
    for (const QJsonValue& batch : order)
        out.order.push_back(static_cast<std::uint32_t>(batch.toInteger()));
    return out;
}

/// Beside what else is in the object.
void putCost(QJsonObject& out, const domain::CostLimits& cost) {
    out.insert(QStringLiteral("cost"), cost.enabled);
    out.insert(QStringLiteral("cost_percent"), number(cost.percent));
    out.insert(QStringLiteral("cost_cpu_points"), cost.cpuPoints);
    out.insert(QStringLiteral("cost_rss_bytes"), number(cost.rssBytes));
    out.insert(QStringLiteral("cost_min_sample"), number(cost.minSample));
}

domain::CostLimits costFromJson(const QJsonObject& from) {
    domain::CostLimits out;
    out.enabled = from.value(QLatin1String("cost")).toBool();
    out.percent = static_cast<std::uint32_t>(numberOf(from, "cost_percent"));
    out.cpuPoints = from.value(QLatin1String("cost_cpu_points")).toDouble();
    out.rssBytes = static_cast<std::uint64_t>(numberOf(from, "cost_rss_bytes"));
    out.minSample = static_cast<std::uint32_t>(numberOf(from, "cost_min_sample"));
    return out;
}

QJsonObject gatesToJson(const domain::GatePolicy& gates) {
    QJsonArray rules;
    for (const domain::GateRule& rule : gates.rules) {
        rules.append(QJsonObject{
            {QStringLiteral("kind"), toQt(nameOf(rule.kind))},
            {QStringLiteral("stage"), rule.stage ? toQt(nameOf(*rule.stage)) : QString()},
            {QStringLiteral("percent"), number(rule.limits.percent)},
            {QStringLiteral("count"), number(rule.limits.count)},
            {QStringLiteral("min_sample"), number(rule.limits.minSample)}});
    }
    QJsonObject out{{QStringLiteral("rules"), rules}};
    putCost(out, gates.cost);
    QJsonArray stages;
    for (const domain::StageCost& own : gates.stageCosts) {
        QJsonObject item{{QStringLiteral("stage"), toQt(nameOf(own.stage))}};
        putCost(item, own.limits);
        stages.append(item);
    }
    if (!stages.isEmpty()) out.insert(QStringLiteral("stage_costs"), stages);
    return out;
}

domain::GatePolicy gatesFromJson(const QJsonObject& from, JsonNames& names) {
    domain::GatePolicy out;
    const QJsonArray rules = from.value(QLatin1String("rules")).toArray();
    for (const QJsonValue& value : rules) {
        const QJsonObject item = value.toObject();
        domain::GateRule rule;
        rule.kind = names.read<domain::GateKind>(textOf(item, "kind"));
        const std::string stage = textOf(item, "stage");
        if (!stage.empty()) rule.stage = names.read<domain::StageKind>(stage);
        rule.limits = {static_cast<std::uint32_t>(numberOf(item, "percent")),
                       static_cast<std::uint32_t>(numberOf(item, "count")),
                       static_cast<std::uint32_t>(numberOf(item, "min_sample"))};
        out.rules.push_back(rule);
    }
    out.cost = costFromJson(from);
    const QJsonArray stages = from.value(QLatin1String("stage_costs")).toArray();
    for (const QJsonValue& value : stages) {
        const QJsonObject item = value.toObject();
        out.stageCosts.push_back(
            {names.read<domain::StageKind>(textOf(item, "stage")), costFromJson(item)});
    }
    return out;
}

QJsonObject windowsToJson(const domain::ChangeWindows& windows) {
    QJsonArray weekly;
    for (const domain::WeeklyWindow& window : windows.weekly)
        weekly.append(toQt(domain::formatWeeklyWindow(window)));
    QJsonArray blackouts;
    for (const domain::DateRange& range : windows.blackouts)
        blackouts.append(toQt(domain::formatDateRange(range)));
    return {{QStringLiteral("time_zone"), toQt(windows.timeZone)},
            {QStringLiteral("weekly"), weekly},
            {QStringLiteral("blackouts"), blackouts}};
}

domain::ChangeWindows windowsFromJson(const QJsonObject& from) {
    domain::ChangeWindows out;
    out.timeZone = textOf(from, "time_zone");
    for (const std::string& text : listFrom(from.value(QLatin1String("weekly")))) {
        // What cannot be read opens never: a damaged window must not let a release go on.
        const auto window = domain::parseWeeklyWindow(text);
        out.weekly.push_back(window.ok() ? *window : domain::WeeklyWindow{});
    }
    for (const std::string& text : listFrom(from.value(QLatin1String("blackouts")))) {
        const auto range = domain::parseDateRange(text);
        if (range.ok()) out.blackouts.push_back(*range);
    }
    return out;
}

}  // namespace

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

QJsonObject specToJson(const domain::ReleaseSpec& spec, GrayUuids uuids) {
    const bool writes = uuids == GrayUuids::Written;
    return {{QStringLiteral("action"), toQt(nameOf(spec.action))},
            {QStringLiteral("machine_types"), listOf(spec.machineTypes)},
            {QStringLiteral("gray_uuids"), writes ? listOf(spec.gray.uuids) : QJsonArray()},
            {QStringLiteral("gray_pin"), toQt(spec.gray.pin)},
            {QStringLiteral("gray_labels"), mapOf(spec.gray.labels)},
            {QStringLiteral("soak_ms"), number(spec.soak.count())},
            {QStringLiteral("machine_deadline_ms"), number(spec.machineDeadline.count())},
            {QStringLiteral("auto_verify"), spec.autoVerify},
            {QStringLiteral("pilot_percent"), number(spec.pilot.percent)},
            {QStringLiteral("pilot_count"), number(spec.pilot.count)},
            {QStringLiteral("batches"), batchesToJson(spec.batches)},
            {QStringLiteral("max_in_flight"), number(spec.maxInFlight)},
            {QStringLiteral("gates"), gatesToJson(spec.gates)},
            {QStringLiteral("approval_required"), spec.approvalRequired},
            {QStringLiteral("windows"), windowsToJson(spec.windows)},
            {QStringLiteral("late_joiners_per_minute"), number(spec.lateJoinersPerMinute)},
            {QStringLiteral("download_rate"), number(spec.downloadRate)}};
}

void specFromJson(const QJsonObject& from, JsonNames& names, domain::ReleaseSpec& spec) {
    spec.action = names.read<domain::DesiredAction>(textOf(from, "action"));
    spec.machineTypes = listFrom(from.value(QLatin1String("machine_types")));
    spec.gray.uuids = listFrom(from.value(QLatin1String("gray_uuids")));
    spec.gray.pin = textOf(from, "gray_pin");
    spec.gray.labels = mapFrom(from.value(QLatin1String("gray_labels")));
    spec.soak = std::chrono::milliseconds(numberOf(from, "soak_ms"));
    spec.machineDeadline = std::chrono::milliseconds(numberOf(from, "machine_deadline_ms"));
    spec.autoVerify = from.value(QLatin1String("auto_verify")).toBool();
    spec.pilot.percent = static_cast<std::uint32_t>(numberOf(from, "pilot_percent"));
    spec.pilot.count = static_cast<std::uint32_t>(numberOf(from, "pilot_count"));
    spec.batches = batchesFromJson(from.value(QLatin1String("batches")), names);
    spec.maxInFlight = static_cast<std::uint32_t>(numberOf(from, "max_in_flight"));
    // A release from before there were gates to choose has the defaults.
    const QJsonValue gates = from.value(QLatin1String("gates"));
    if (gates.isObject()) spec.gates = gatesFromJson(gates.toObject(), names);
    spec.approvalRequired = from.value(QLatin1String("approval_required")).toBool();
    spec.windows = windowsFromJson(from.value(QLatin1String("windows")).toObject());
    // So has one from before late joiners had a rate.
    const QJsonValue late = from.value(QLatin1String("late_joiners_per_minute"));
    if (late.isDouble()) spec.lateJoinersPerMinute = static_cast<std::uint32_t>(late.toInteger());
    spec.downloadRate = static_cast<std::uint64_t>(numberOf(from, "download_rate"));
}

}  // namespace ifrit::master::storage::sql
