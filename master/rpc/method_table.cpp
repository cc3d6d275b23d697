// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/method_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ifrit::master::rpc {
namespace {

constexpr std::string_view kActOnRelease = "release.act";
constexpr std::array<std::string_view, 10> kReleaseVerbs = {
    "start",       "verify",       "pause", "resume",   "promote",
    "promote-all", "retry-failed", "abort", "rollback", "approve"};

std::vector<std::string> permissionsWith(bool (*fits)(const MethodRule&)) {
    std::vector<std::string> out;
    for (const MethodRule& rule : methodTable()) {
        if (!fits(rule)) continue;
        for (std::string& permission : permissionsOf(rule)) {
            if (std::find(out.begin(), out.end(), permission) == out.end())
                out.push_back(std::move(permission));
        }
    }
    return out;
}

std::string_view wordsOf(Access access) {
    switch (access) {
        case Access::Anyone:
            return "anybody";
        case Access::Machine:
            return "machines, for themselves";
        case Access::Reader:
            return "every operator";
        case Access::Granted:
            return "super admins, or a grant";
        case Access::SuperAdmin:
            return "super admins";
        case Access::Master:
            break;
    }
    return "masters";
}

std::string_view wordsOf(Scope scope) {
    switch (scope) {
        case Scope::Cluster:
            return "cluster";
        case Scope::Agent:
            return "agent, machine types";
        case Scope::Own:
            return "one's own; others': super admins";
        case Scope::None:
            break;
    }
    return "";
}

std::string_view wordsOf(Again again) {
    switch (again) {
        case Again::Password:
        case Again::PasswordInRequest:
            return "password";
        case Again::PasswordForOthers:
            return "of others: password";
        case Again::Nothing:
            break;
    }
    return "";
}

/// Of machines, and of masters among each other.
std::vector<MethodRule> machineMethods() {
    return {
        {"ifrit.v1.Enrolment/Enrol", Access::Anyone, "machine.enrol", Effect::Write},
        {"ifrit.v1.MachineLink/Sync", Access::Machine, {}, Effect::Write},
        {"ifrit.v1.MachineLink/Watch", Access::Machine, {}},
        {"ifrit.v1.MachineLink/RequestPermit", Access::Machine, {}, Effect::Write},
        {"ifrit.v1.MachineLink/GetManifest", Access::Machine, {}},
        {"ifrit.v1.MachineLink/DownloadArchive", Access::Machine, {}},
        {"ifrit.v1.MachineLink/RenewCertificate", Access::Machine, "machine.renew", Effect::Write},
        {"ifrit.v1.Masters/FetchArchive", Access::Master, {}},
        {"ifrit.v1.Masters/AskLog", Access::Master, {}},
        {"ifrit.v1.Masters/GetLoad", Access::Master, {}},
        {"ifrit.v1.Masters/HoldFreeze", Access::Master, {}, Effect::Write},
        {"ifrit.v1.Masters/LookAtFreezes", Access::Master, {}, Effect::Read},
    };
}

/// Who people are, what they may, what they did.
std::vector<MethodRule> peopleMethods() {
    return {
        {"ifrit.v1.Sessions/Login", Access::Anyone, "session.login", Effect::Write},
        {"ifrit.v1.Sessions/Logout", Access::Reader, "session.logout", Effect::Write},
        {"ifrit.v1.Sessions/WhoAmI", Access::Reader, {}},
        {"ifrit.v1.Access/ListUsers", Access::Reader, {}},
        {"ifrit.v1.Access/CreateUser", Access::SuperAdmin, "operator.add", Effect::Write,
         Scope::None, Again::Password},
        {"ifrit.v1.Access/SetPassword", Access::Reader, "operator.passwd", Effect::Write,
         Scope::Own, Again::PasswordForOthers},
        {"ifrit.v1.Access/SetRole", Access::SuperAdmin, "operator.role", Effect::Write, Scope::None,
         Again::Password},
        {"ifrit.v1.Access/DisableUser", Access::SuperAdmin, "operator.disable", Effect::Write},
        {"ifrit.v1.Access/EnableUser", Access::SuperAdmin, "operator.enable", Effect::Write,
         Scope::None, Again::Password},
        {"ifrit.v1.Access/RemoveUser", Access::SuperAdmin, "operator.remove", Effect::Write},
        {"ifrit.v1.Access/ListGrants", Access::Reader, {}},
        {"ifrit.v1.Access/GiveGrant", Access::SuperAdmin, "grant.give", Effect::Write, Scope::None,
         Again::Password},
        {"ifrit.v1.Access/TakeGrant", Access::SuperAdmin, "grant.take", Effect::Write},
        {"ifrit.v1.Access/CheckAccess", Access::Reader, {}},
        {"ifrit.v1.Access/ListTokens", Access::Reader, {}, Effect::Read, Scope::Own},
        {"ifrit.v1.Access/CreateToken", Access::Reader, "session.create", Effect::Write,
         Scope::None, Again::PasswordInRequest},
        {"ifrit.v1.Access/RevokeToken", Access::Reader, "session.revoke", Effect::Write,
         Scope::Own},
        {"ifrit.v1.Access/ListCertificates", Access::Reader, {}, Effect::Read, Scope::Own},
        {"ifrit.v1.Access/IssueCertificate", Access::Reader, "certificate.issue", Effect::Write,
         Scope::Own, Again::Password},
        {"ifrit.v1.Access/RevokeCertificates", Access::SuperAdmin, "certificate.revoke",
         Effect::Write},
        {"ifrit.v1.Access/RevokeMachine", Access::SuperAdmin, "machine.revoke", Effect::Write},
        {"ifrit.v1.Audit/ListAudit", Access::Reader, {}},
        {"ifrit.v1.Audit/VerifyAudit", Access::Reader, {}},
        {"ifrit.v1.AuditHeads/GetHead", Access::Reader, {}},
        {"ifrit.v1.AuditHeads/VerifyChain", Access::Reader, {}},
        {"ifrit.v1.AuditHeads/ReadChain", Access::Reader, {}},
    };
}

/// The cluster and its machines.
std::vector<MethodRule> fleetMethods() {
    return {
        {"ifrit.v1.Clusters/GetCluster", Access::Reader, {}},
        {"ifrit.v1.Clusters/FreezeCluster", Access::Granted, "cluster.freeze", Effect::Write,
         Scope::Cluster},
        {"ifrit.v1.Clusters/UnfreezeCluster", Access::Granted, "cluster.unfreeze", Effect::Write,
         Scope::Cluster},
        {"ifrit.v1.Clusters/ListMasterLoads", Access::Reader, {}},
        {"ifrit.v1.Machines/ListMachines", Access::Reader, {}},
        {"ifrit.v1.Machines/GetMachine", Access::Reader, {}},
        {"ifrit.v1.Machines/ExplainMachine", Access::Reader, {}},
        {"ifrit.v1.Machines/WatchMachines", Access::Reader, {}},
        {"ifrit.v1.Machines/ListMachineEvents", Access::Reader, {}},
        {"ifrit.v1.Machines/ClearKnownBad", Access::Granted, "machine.clear-known-bad",
         Effect::Write, Scope::Agent},
        {"ifrit.v1.Machines/RemoveMachines", Access::SuperAdmin, "machine.remove", Effect::Write},
        {"ifrit.v1.Machines/TailLog", Access::Granted, "machine.log", Effect::Read, Scope::Agent},
        {"ifrit.v1.Agents/ListAgents", Access::Reader, {}},
        {"ifrit.v1.Events/WatchEvents", Access::Reader, {}},
    };
}

/// What is released.
std::vector<MethodRule> releaseMethods() {
    return {
        {"ifrit.v1.Packages/GetUpload", Access::Granted, "package.publish"},
        {"ifrit.v1.Packages/PublishPackage", Access::Granted, "package.publish", Effect::Write,
         Scope::Agent},
        {"ifrit.v1.Packages/ListPackages", Access::Reader, {}},
        {"ifrit.v1.Packages/GetPackage", Access::Reader, {}},
        {"ifrit.v1.Packages/DeletePackage", Access::Granted, "package.delete", Effect::Write,
         Scope::Agent},
        {"ifrit.v1.Packages/ListPublisherKeys", Access::Reader, {}},
        {"ifrit.v1.Releases/CreateRelease", Access::Granted, "release.create", Effect::Write,
         Scope::Agent},
        {"ifrit.v1.Releases/PlanRelease", Access::Reader, {}},
        {"ifrit.v1.Releases/ActOnRelease", Access::Granted, kActOnRelease, Effect::Write,
         Scope::Agent},
        {"ifrit.v1.Releases/GetRelease", Access::Reader, {}},
        {"ifrit.v1.Releases/ListReleases", Access::Reader, {}},
        {"ifrit.v1.Releases/ListReleaseMachines", Access::Reader, {}},
        {"ifrit.v1.Releases/ListReleaseTimeline", Access::Reader, {}},
        {"ifrit.v1.Releases/WatchRelease", Access::Reader, {}},
        {"ifrit.v1.Campaigns/ImportCampaign", Access::Granted, "campaign.import", Effect::Write,
         Scope::Agent},
        {"ifrit.v1.Campaigns/GetCampaign", Access::Reader, {}},
        {"ifrit.v1.Campaigns/ListCampaigns", Access::Reader, {}},
        {"ifrit.v1.Campaigns/PrepareCampaign", Access::Granted, "campaign.prepare", Effect::Write,
         Scope::Agent},
        {"ifrit.v1.Campaigns/PresentReceipt", Access::Granted, "campaign.present-receipt",
         Effect::Write, Scope::Agent},
        {"ifrit.v1.Campaigns/GetReceipt", Access::Reader, {}},
        {"ifrit.v1.Campaigns/StartCampaign", Access::Granted, "campaign.start", Effect::Write,
         Scope::Agent},
        {"ifrit.v1.Campaigns/AbortCampaign", Access::Granted, "campaign.abort", Effect::Write,
         Scope::Agent},
    };
}

}  // namespace

const std::vector<MethodRule>& methodTable() {
    static const std::vector<MethodRule> kTable = [] {
        std::vector<MethodRule> all;
        for (const auto& some :
             {machineMethods(), peopleMethods(), fleetMethods(), releaseMethods()})
            all.insert(all.end(), some.begin(), some.end());
        return all;
    }();
    return kTable;
}

const MethodRule* findMethod(std::string_view method) {
    const auto& table = methodTable();
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const auto& rule) { return rule.method == method; });
    return found == table.end() ? nullptr : &*found;
}

Lane laneOf(std::string_view method) {
    const MethodRule* rule = findMethod(method);
    const bool isMachine = rule != nullptr && (rule->access == Access::Machine ||
                                               rule->method == "ifrit.v1.Enrolment/Enrol");
    return isMachine ? Lane::Machines : Lane::Operators;
}

std::vector<std::string> permissionsOf(const MethodRule& rule) {
    if (rule.verb.empty()) return {};
    if (rule.verb != kActOnRelease) return {std::string(rule.verb)};
    std::vector<std::string> out;
    for (const std::string_view verb : kReleaseVerbs)
        out.push_back(fmt::format("release.{}", verb));
    return out;
}

std::vector<std::string> grantablePermissions() {
    return permissionsWith([](const MethodRule& rule) { return rule.access == Access::Granted; });
}

std::vector<std::string> superAdminPermissions() {
    return permissionsWith([](const MethodRule& rule) {
        return rule.access == Access::SuperAdmin || rule.scope == Scope::Own;
    });
}

std::string methodTableMarkdown() {
    std::string out =
        "| call | does | permission | it must cover | who may | says again with a token |\n"
        "|---|---|---|---|---|---|\n";
    for (const MethodRule& rule : methodTable()) {
        const bool isAsked = rule.access == Access::Granted || rule.access == Access::SuperAdmin ||
                             rule.scope == Scope::Own;
        const bool isAct = rule.verb == kActOnRelease;
        out += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", rule.method.substr(9),
                           rule.effect == Effect::Write ? "write" : "read",
                           !isAsked || rule.verb.empty() ? ""
                           : isAct                       ? "`release.` and the verb"
                                                         : fmt::format("`{}`", rule.verb),
                           isAsked ? wordsOf(rule.scope) : "", wordsOf(rule.access),
                           wordsOf(rule.again));
    }
    return out;
}

}  // namespace ifrit::master::rpc
