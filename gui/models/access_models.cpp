// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/access_models.h"

#include "gui/models/record_columns.h"

namespace ifrit::gui::models {
namespace {

using User = Columns<services::UserInfo>;
using Grant = Columns<services::GrantInfo>;
using Token = Columns<services::TokenInfo>;
using Certificate = Columns<services::CertificateInfo>;

/// Soon enough to be told before it ends.
constexpr std::chrono::hours kSoon{30 * 24};

}  // namespace

StatusLook UserModel::lookOf(const services::UserInfo& user) {
    if (user.disabled) return {StatusKind::None, tr("disabled")};
    return {StatusKind::Ok, tr("enabled")};
}

UserModel::UserModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          {User::text({"name", [] { return tr("Name"); }},
                      [](const auto& u) { return toText(u.name); }),
           User::state({"state", [] { return tr("State"); }}, lookOf,
                       [](const auto& u) {
                           return u.disabled ? QStringLiteral("disabled")
                                             : QStringLiteral("enabled");
                       }),
           User::text(
               {"role", [] { return tr("Role"); }},
               [](const auto& u) { return StatusWords::roleName(std::string(nameOf(u.role))); }),
           User::count({"grants", [] { return tr("Grants"); }},
                       [](const auto& u) { return u.grants; }),
           User::count({"tokens", [] { return tr("Tokens"); }},
                       [](const auto& u) { return u.tokens; }),
           User::count({"certificates", [] { return tr("Certificates"); }},
                       [](const auto& u) { return u.certificates; }),
           User::time({"changed", [] { return tr("Changed"); }}, times,
                      [](const auto& u) { return u.changed; })},
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

bool GrantModel::isOver(const services::GrantInfo& info, base::WallTime now) {
    return info.expired || (info.grant.expires && *info.grant.expires <= now);
}

StatusLook GrantModel::lookOf(const services::GrantInfo& info, base::WallTime now) {
    if (isOver(info, now)) return {StatusKind::None, tr("expired")};
    if (info.elsewhere) return {StatusKind::Wait, tr("for another cluster")};
    return {StatusKind::Ok, tr("in force")};
}

GrantModel::GrantModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          {Grant::text(
               {"permission", [] { return tr("Permission"); }},
               [](const auto& g) { return patternText(g.grant.verb, tr("every permission")); }),
           Grant::text({"agent", [] { return tr("Agent"); }},
                       [](const auto& g) { return patternText(g.grant.agent, tr("every agent")); }),
           Grant::text(
               {"machine_type", [] { return tr("Machine type"); }},
               [](const auto& g) { return patternText(g.grant.machineType, tr("every type")); }),
           Grant::text(
               {"cluster", [] { return tr("Cluster"); }},
               [](const auto& g) { return patternText(g.grant.cluster, tr("every cluster")); }),
           Grant::state(
               {"state", [] { return tr("State"); }},
               [&times](const auto& g) { return lookOf(g, times.now()); },
               [&times](const auto& g) {
                   if (isOver(g, times.now())) return QStringLiteral("expired");
                   return g.elsewhere ? QStringLiteral("elsewhere") : QStringLiteral("holds");
               }),
           Grant::time(
               {"until", [] { return tr("Until"); }}, times,
               [](const auto& g) { return g.grant.expires; }, CellStyle::Plain,
               [] { return tr("for ever"); }),
           Grant::text(
               {"by", [] { return tr("By"); }},
               [](const auto& g) {
                   return g.grant.id.empty() ? tr("configuration") : toText(g.givenBy);
               },
               CellStyle::Muted),
           Grant::text(
               {"reason", [] { return tr("Reason"); }},
               [](const auto& g) { return toText(g.reason); }, CellStyle::Muted)},
          keyOf, parent) {
    repaintWithZone(times, this);
}

TokenModel::TokenModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          {Token::text({"label", [] { return tr("Label"); }},
                       [](const auto& t) {
                           const QString label = t.label.empty() ? tr("a login") : toText(t.label);
                           return t.current ? tr("%1, of this window").arg(label) : label;
                       }),
           Token::time(
               {"until", [] { return tr("Until"); }}, times,
               [](const auto& t) { return t.expires; }, CellStyle::Plain),
           Token::time({"since", [] { return tr("Since"); }}, times,
                       [](const auto& t) { return t.created; }),
           Token::text(
               {"from", [] { return tr("From"); }}, [](const auto& t) { return toText(t.address); },
               CellStyle::MonospaceMuted),
           Token::text(
               {"id", [] { return tr("Id"); }}, [](const auto& t) { return toText(t.id); },
               CellStyle::MonospaceMuted)},
          [](const auto& t) { return toText(t.id); }, parent) {
    repaintWithZone(times, this);
}

bool CertificateModel::holds(const services::CertificateInfo& certificate, base::WallTime now) {
    return !certificate.revoked && now < certificate.notAfter;
}

StatusLook CertificateModel::lookOf(const services::CertificateInfo& certificate,
                                    base::WallTime now) {
    if (certificate.revoked) return {StatusKind::None, tr("revoked")};
    if (!holds(certificate, now)) return {StatusKind::None, tr("expired")};
    if (certificate.notAfter - now < kSoon) return {StatusKind::Wait, tr("ends soon")};
    return {StatusKind::Ok, tr("in force")};
}

CertificateModel::CertificateModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          {Certificate::state(
               {"state", [] { return tr("State"); }},
               [&times](const auto& c) { return lookOf(c, times.now()); },
               [&times](const auto& c) {
                   if (c.revoked) return QStringLiteral("revoked");
                   return holds(c, times.now()) ? QStringLiteral("in_force")
                                                : QStringLiteral("expired");
               }),
           Certificate::time(
               {"until", [] { return tr("Until"); }}, times,
               [](const auto& c) { return c.notAfter; }, CellStyle::Plain),
           Certificate::time({"issued", [] { return tr("Issued"); }}, times,
                             [](const auto& c) { return c.issued; }),
           Certificate::text(
               {"serial", [] { return tr("Serial"); }},
               [](const auto& c) { return toText(c.serial); }, CellStyle::MonospaceMuted),
           Certificate::time({"revoked", [] { return tr("Revoked"); }}, times,
                             [](const auto& c) { return c.revoked; }),
           Certificate::text(
               {"reason", [] { return tr("Reason"); }},
               [](const auto& c) { return toText(c.revokeReason); }, CellStyle::Muted)},
          [](const auto& c) { return toText(c.serial); }, parent) {
    repaintWithZone(times, this);
}

}  // namespace ifrit::gui::models
