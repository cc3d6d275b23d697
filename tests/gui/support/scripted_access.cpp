// SPDX-License-Identifier: GPL-3.0-or-later
// ScriptedMaster: who may do what.
#include <fmt/format.h>

#include "tests/gui/support/scripted_master.h"

namespace ifrit::tests {

using namespace std::chrono_literals;

void ScriptedMaster::answerAccess() {
    m_fakes.connection.whoAmICalls.automatic = [this](const None&) {
        services::Identity who;
        who.user = "admin";
        who.role = "super_admin";
        who.method = signedInBy;
        who.permissions = {"release.create",       "release.approve",
                           "release.promote",      "release.promote-all",
                           "release.retry-failed", "release.start",
                           "release.verify",       "release.pause",
                           "release.resume",       "release.abort",
                           "release.rollback",     "package.publish",
                           "package.delete",       "machine.clear-known-bad",
                           "machine.remove",       "cluster.freeze",
                           "cluster.unfreeze",     "campaign.import",
                           "campaign.prepare",     "campaign.present-receipt",
                           "campaign.start",       "campaign.abort",
                           "operator.add",         "operator.passwd",
                           "operator.role",        "operator.disable",
                           "operator.enable",      "operator.remove",
                           "grant.give",           "grant.take",
                           "session.revoke",       "certificate.revoke",
                           "machine.revoke"};
        return who;
    };
    m_fakes.access.userCalls.automatic = [this](const None&) { return users; };
    m_fakes.access.grantCalls.automatic = [this](const std::string&) { return grants; };
    m_fakes.access.tokenCalls.automatic = [this](const std::string&) { return tokens; };
    m_fakes.access.certificateCalls.automatic = [this](const std::string&) { return certificates; };
    m_fakes.access.checkCalls.automatic = [](const services::AccessQuestion& question) {
        return services::AccessAnswer{
            question.user,
            false,
            fmt::format("no grant gives {} {} of agent {} on ARM64", question.user,
                        question.permission, question.agent),
            {}};
    };
}

void ScriptedMaster::makeAccess() {
    const auto user = [this](const char* name, services::UserRole role, bool password,
                             std::uint32_t tokenCount, std::uint32_t certificateCount,
                             std::chrono::hours age) {
        services::UserInfo out;
        out.name = name;
        out.role = role;
        out.hasPassword = password;
        out.tokens = tokenCount;
        out.certificates = certificateCount;
        out.created = m_now - age;
        out.changed = m_now - age / 3;
        users.push_back(out);
    };
    using Role = services::UserRole;
    user("admin", Role::SuperAdmin, true, 1, 1, 4'000h);
    user("builder", Role::Reader, false, 0, 1, 900h);
    user("chen.yu", Role::Reader, true, 2, 2, 2'100h);
    user("intern", Role::Reader, true, 0, 0, 700h);
    user("li.na", Role::SuperAdmin, true, 1, 1, 3'600h);
    users[3].disabled = true;
    const auto grant = [this](const char* id, const char* to, const char* verb, const char* agent,
                              const char* type, std::optional<base::WallTime> expires,
                              const char* reason) {
        services::GrantInfo out;
        out.grant = {id, to, verb, agent, "*", type, expires};
        out.givenBy = "li.na";
        out.given = m_now - 300h;
        out.reason = reason;
        grants.grants.push_back(out);
    };
    grant("5f0c6a3e-77f1-4c0d-8b1e-2f7a9d1c0b11", "chen.yu", "release.*", "metrics-agent", "LINUX",
          m_now + 700h, "on call until the end of the month");
    grant("0b7d1a52-0f5e-4a8c-9a3d-6c1e8f2b7d90", "chen.yu", "cluster.freeze", "*", "*",
          std::nullopt, "may pull the brake");
    grant("", "builder", "package.publish", "*", "*", std::nullopt, "");
    users[2].grants = 2;
    users[1].grants = 1;
    grants.permissions = {"release.create", "release.start",    "release.pause",
                          "release.abort",  "package.publish",  "package.delete",
                          "cluster.freeze", "cluster.unfreeze", "machine.log"};
    grants.superAdminPermissions = {"operator.add", "operator.role", "grant.give"};
    const auto token = [this](const char* id, const char* who, const char* label,
                              std::chrono::hours left) {
        tokens.push_back({id, who, m_now - 5h, m_now + left, "10.4.0.77:51122", label, false});
    };
    token("3fa94c0d1e22b7a5", "admin", "", 3h);
    token("8c41d07be9f3a612", "chen.yu", "", 6h);
    token("b20e5d9917c4f083", "chen.yu", "nightly report", 1'900h);
    token("e77f21ab6c90d354", "li.na", "", 2h);
    const auto certificate = [this](const char* serial, const char* who, std::chrono::hours age,
                                    std::chrono::hours left) {
        certificates.push_back({serial, who, m_now - age, m_now + left, std::nullopt, {}});
    };
    certificate("1b4c0f7de2a95863", "admin", 4'000h, 4'760h);
    certificate("52d9a81c33f0e47b", "builder", 900h, 7'860h);
    certificate("7fe01b6690c2d5a4", "chen.yu", 300h, 8'460h);
    certificate("0a93bd4ff51e7c28", "chen.yu", 2'100h, 240h);
    certificate("c81e5520ad97f36b", "chen.yu", 9'000h, -240h);
    certificate("e6720d1f8b4ac953", "chen.yu", 1'200h, 7'560h);
    certificates.back().revoked = m_now - 500h;
    certificates.back().revokeReason = "laptop lost, OPS-2044";
    certificate("90c7fe38d12b654a", "li.na", 3'600h, 5'160h);
}

}  // namespace ifrit::tests
