// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/views_access.h"
#include "gui/ctl/text.h"

namespace ifrit::gui::ctl {
namespace {

using services::CertificateInfo;
using services::GrantInfo;
using services::TokenInfo;
using services::UserInfo;

std::string timeOrForEver(const std::optional<base::WallTime>& time) {
    return time ? localTime(*time) : std::string("for ever");
}

Json timeJson(Json out, const std::string& key, const std::optional<base::WallTime>& time) {
    return out.setTime(key, time.value_or(base::WallTime{}));
}

Json grantJson(const domain::Grant& grant) {
    Json out = Json::object();
    out.set("id", grant.id)
        .set("to", grant.to)
        .set("permission", grant.verb)
        .set("agent", grant.agent)
        .set("machine_type", grant.machineType)
        .set("cluster", grant.cluster);
    return timeJson(std::move(out), "expires", grant.expires);
}

Json grantInfoJson(const GrantInfo& info) {
    Json out = grantJson(info.grant);
    out.set("given_by", info.givenBy).set("reason", info.reason);
    out.set("expired", info.expired).set("elsewhere", info.elsewhere);
    return out.setTime("given", info.given);
}

Json tokenJson(const TokenInfo& token) {
    Json out = Json::object();
    out.set("id", token.id)
        .set("user", token.user)
        .set("label", token.label)
        .set("address", token.address)
        .set("current", token.current)
        .setTime("created", token.created);
    return out.setTime("expires", token.expires);
}

/// "elsewhere": for another cluster than this one.
std::string stateText(const GrantInfo& info) {
    if (info.expired) return "expired";
    return info.elsewhere ? "elsewhere" : "holds";
}

Json answerJson(const services::AccessAnswer& answer) {
    Json grants = Json::array();
    for (const domain::Grant& grant : answer.grants)
        grants.push(grantJson(grant));
    Json out = Json::object();
    return out.set("user", answer.user)
        .set("allowed", answer.allowed)
        .set("message", answer.message)
        .set("grants", std::move(grants));
}

}  // namespace

const View<UserInfo>& userView() {
    static const View<UserInfo> kView = {
        {{"NAME", Shown::Always, [](const auto& u) { return u.name; }},
         {"ROLE", Shown::Always, [](const auto& u) { return std::string(nameOf(u.role)); }},
         {"STATE", Shown::Always,
          [](const auto& u) { return std::string(u.disabled ? "disabled" : "enabled"); }},
         {"PASSWORD", Shown::Always,
          [](const auto& u) { return std::string(u.hasPassword ? "yes" : "no"); }},
         {"GRANTS", Shown::Always, [](const auto& u) { return std::to_string(u.grants); }},
         {"TOKENS", Shown::Always, [](const auto& u) { return std::to_string(u.tokens); }},
         {"CERTIFICATES", Shown::Always,
          [](const auto& u) { return std::to_string(u.certificates); }},
         {"ADDED", Shown::WhenWide, [](const auto& u) { return localTime(u.created); }},
         {"CHANGED", Shown::WhenWide, [](const auto& u) { return localTime(u.changed); }}},
        [](const auto& u) { return u.name; },
        [](const auto& u) {
            Json out = Json::object();
            out.set("name", u.name)
                .set("role", nameOf(u.role))
                .set("disabled", u.disabled)
                .set("has_password", u.hasPassword)
                .set("grants", u.grants)
                .set("tokens", u.tokens)
                .set("certificates", u.certificates)
                .setTime("created", u.created);
            return out.setTime("changed", u.changed);
        }};
    return kView;
}

const View<GrantInfo>& grantView() {
    static const View<GrantInfo> kView = {
        {{"TO", Shown::Always, [](const auto& g) { return g.grant.to; }},
         {"PERMISSION", Shown::Always, [](const auto& g) { return g.grant.verb; }},
         {"AGENT", Shown::Always, [](const auto& g) { return g.grant.agent; }},
         {"MACHINE TYPE", Shown::Always, [](const auto& g) { return g.grant.machineType; }},
         {"CLUSTER", Shown::Always, [](const auto& g) { return g.grant.cluster; }},
         {"UNTIL", Shown::Always, [](const auto& g) { return timeOrForEver(g.grant.expires); }},
         {"STATE", Shown::Always, stateText},
         {"BY", Shown::Always, [](const auto& g) { return g.givenBy; }},
         {"ID", Shown::Always, [](const auto& g) { return orDash(g.grant.id); }},
         {"GIVEN", Shown::WhenWide, [](const auto& g) { return localTime(g.given); }},
         {"REASON", Shown::WhenWide, [](const auto& g) { return g.reason; }}},
        [](const auto& g) { return g.grant.id; },
        grantInfoJson};
    return kView;
}

const View<TokenInfo>& tokenView() {
    static const View<TokenInfo> kView = {
        {{"ID", Shown::Always, [](const auto& t) { return t.id; }},
         {"USER", Shown::Always, [](const auto& t) { return t.user; }},
         {"LABEL", Shown::Always,
          [](const auto& t) { return t.label.empty() ? std::string("(login)") : t.label; }},
         {"UNTIL", Shown::Always, [](const auto& t) { return localTime(t.expires); }},
         {"FROM", Shown::Always, [](const auto& t) { return orDash(t.address); }},
         {"SINCE", Shown::WhenWide, [](const auto& t) { return localTime(t.created); }},
         {"THIS ONE", Shown::WhenWide,
          [](const auto& t) { return std::string(t.current ? "yes" : "no"); }}},
        [](const auto& t) { return t.id; },
        tokenJson};
    return kView;
}

const View<CertificateInfo>& certificateView() {
    static const View<CertificateInfo> kView = {
        {{"SERIAL", Shown::Always, [](const auto& c) { return c.serial; }},
         {"USER", Shown::Always, [](const auto& c) { return c.user; }},
         {"ISSUED", Shown::Always, [](const auto& c) { return localTime(c.issued); }},
         {"UNTIL", Shown::Always, [](const auto& c) { return localTime(c.notAfter); }},
         {"REVOKED", Shown::Always,
          [](const auto& c) { return c.revoked ? localTime(*c.revoked) : std::string("-"); }},
         {"REASON", Shown::WhenWide, [](const auto& c) { return c.revokeReason; }}},
        [](const auto& c) { return c.serial; },
        [](const auto& c) {
            Json out = Json::object();
            out.set("serial", c.serial)
                .set("user", c.user)
                .set("revoke_reason", c.revokeReason)
                .setTime("issued", c.issued)
                .setTime("not_after", c.notAfter);
            return timeJson(std::move(out), "revoked", c.revoked);
        }};
    return kView;
}

const View<services::AccessAnswer>& accessAnswerView() {
    static const View<services::AccessAnswer> kView = {
        {{"USER", Shown::Always, [](const auto& a) { return a.user; }},
         {"ALLOWED", Shown::Always,
          [](const auto& a) { return std::string(a.allowed ? "yes" : "no"); }},
         {"WHY", Shown::Always, [](const auto& a) { return a.message; }}},
        [](const auto& a) { return std::string(a.allowed ? "yes" : "no"); },
        answerJson};
    return kView;
}

const View<services::MadePassword>& madePasswordView() {
    static const View<services::MadePassword> kView = {
        {{"USER", Shown::Always, [](const auto& made) { return made.user; }},
         {"PASSWORD", Shown::Always, [](const auto& made) { return made.password; }}},
        [](const auto& made) { return made.user; },
        [](const auto& made) {
            Json out = Json::object();
            return out.set("user", made.user).set("password", made.password);
        }};
    return kView;
}

const View<services::MadeToken>& madeTokenView() {
    static const View<services::MadeToken> kView = {
        {{"ID", Shown::Always, [](const auto& made) { return made.token.id; }},
         {"TOKEN", Shown::Always, [](const auto& made) { return made.secret; }},
         {"UNTIL", Shown::Always, [](const auto& made) { return localTime(made.token.expires); }}},
        [](const auto& made) { return made.token.id; },
        [](const auto& made) { return tokenJson(made.token).set("secret", made.secret); }};
    return kView;
}

}  // namespace ifrit::gui::ctl
