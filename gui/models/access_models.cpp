// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/access_models.h"

namespace ifrit::gui::models {
namespace {

template <typename Model>
void repaintWithZone(const TimeText& times, Model* model) {
    QObject::connect(&times, &TimeText::changed, model, [model] { model->touchAll(); });
}

template <typename T>
typename RecordTableModel<T>::Column column(ColumnTitle title,
                                            std::function<QString(const T&)> text,
                                            CellStyle style = CellStyle::Plain) {
    return {std::move(title), std::move(text), style, {}, {}};
}

}  // namespace

StatusLook UserModel::lookOf(const services::UserInfo& user) {
    if (user.disabled) return {StatusKind::None, tr("disabled")};
    return {StatusKind::Ok, tr("enabled")};
}

UserModel::UserModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          {column<services::UserInfo>({"name", [] { return tr("Name"); }},
                                      [](const auto& u) { return toText(u.name); }),
           {{"state", [] { return tr("State"); }}, {}, CellStyle::Plain, lookOf, {}},
           column<services::UserInfo>(
               {"role", [] { return tr("Role"); }},
               [](const auto& u) { return StatusWords::roleName(std::string(nameOf(u.role))); }),
           column<services::UserInfo>(
               {"grants", [] { return tr("Grants"); }},
               [](const auto& u) { return grouped(u.grants); }, CellStyle::Number),
           column<services::UserInfo>(
               {"tokens", [] { return tr("Tokens"); }},
               [](const auto& u) { return grouped(u.tokens); }, CellStyle::Number),
           column<services::UserInfo>(
               {"certificates", [] { return tr("Certificates"); }},
               [](const auto& u) { return grouped(u.certificates); }, CellStyle::Number),
           column<services::UserInfo>(
               {"changed", [] { return tr("Changed"); }},
               [&times](const auto& u) { return times.at(u.changed); }, CellStyle::Muted)},
          [](const auto& u) { return toText(u.name); }, parent) {
    repaintWithZone(times, this);
}

QString GrantModel::patternText(const std::string& pattern, const QString& all) {
    return pattern == "*" ? all : toText(pattern);
}

QString GrantModel::keyOf(const services::GrantInfo& info) {
    if (!info.grant.id.empty()) return toText(info.grant.id);
    return toText("/" + info.grant.to + "/" + info.grant.verb + "/" + info.grant.agent + "/" +
                  info.grant.machineType + "/" + info.grant.cluster);
}

GrantModel::GrantModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          {column<services::GrantInfo>(
               {"permission", [] { return tr("Permission"); }},
               [](const auto& g) { return patternText(g.grant.verb, tr("every permission")); }),
           column<services::GrantInfo>(
               {"agent", [] { return tr("Agent"); }},
               [](const auto& g) { return patternText(g.grant.agent, tr("every agent")); }),
           column<services::GrantInfo>(
               {"cluster", [] { return tr("Cluster"); }},
               [](const auto& g) { return patternText(g.grant.cluster, tr("every cluster")); }),
           column<services::GrantInfo>(
               {"machine_type", [] { return tr("Machine type"); }},
               [](const auto& g) { return patternText(g.grant.machineType, tr("every type")); }),
           column<services::GrantInfo>({"until", [] { return tr("Until"); }},
                                       [&times](const auto& g) {
                                           return g.grant.expires ? times.at(*g.grant.expires)
                                                                  : tr("for ever");
                                       }),
           column<services::GrantInfo>(
               {"by", [] { return tr("By"); }},
               [](const auto& g) {
                   return g.grant.id.empty() ? tr("configuration") : toText(g.givenBy);
               },
               CellStyle::Muted),
           column<services::GrantInfo>(
               {"reason", [] { return tr("Reason"); }},
               [](const auto& g) { return toText(g.reason); }, CellStyle::Muted)},
          keyOf, parent) {
    repaintWithZone(times, this);
}

TokenModel::TokenModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          {column<services::TokenInfo>(
               {"label", [] { return tr("Label"); }},
               [](const auto& t) { return t.label.empty() ? tr("a login") : toText(t.label); }),
           column<services::TokenInfo>({"until", [] { return tr("Until"); }},
                                       [&times](const auto& t) { return times.at(t.expires); }),
           column<services::TokenInfo>(
               {"since", [] { return tr("Since"); }},
               [&times](const auto& t) { return times.at(t.created); }, CellStyle::Muted),
           column<services::TokenInfo>(
               {"from", [] { return tr("From"); }}, [](const auto& t) { return toText(t.address); },
               CellStyle::MonospaceMuted),
           column<services::TokenInfo>(
               {"id", [] { return tr("Id"); }}, [](const auto& t) { return toText(t.id); },
               CellStyle::MonospaceMuted)},
          [](const auto& t) { return toText(t.id); }, parent) {
    repaintWithZone(times, this);
}

}  // namespace ifrit::gui::models
