// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/method_table.h"

#include <algorithm>

namespace ifrit::master::rpc {

const std::vector<MethodRule>& methodTable() {
    static const std::vector<MethodRule> kTable = {
        {"ifrit.v1.Enrolment/Enrol", Access::Anyone, "machine.enrol"},
        {"ifrit.v1.MachineLink/Sync", Access::Machine, {}},
        {"ifrit.v1.MachineLink/Watch", Access::Machine, {}},
        {"ifrit.v1.MachineLink/RequestPermit", Access::Machine, {}},
        {"ifrit.v1.MachineLink/GetManifest", Access::Machine, {}},
        {"ifrit.v1.MachineLink/DownloadArchive", Access::Machine, {}},
        {"ifrit.v1.MachineLink/RenewCertificate", Access::Machine, "machine.renew"},
        {"ifrit.v1.Sessions/Login", Access::Anyone, "session.login"},
        {"ifrit.v1.Sessions/Logout", Access::Reader, "session.logout"},
        {"ifrit.v1.Sessions/WhoAmI", Access::Reader, {}},
        {"ifrit.v1.Clusters/GetCluster", Access::Reader, {}},
        {"ifrit.v1.Clusters/FreezeCluster", Access::SuperAdmin, "cluster.freeze"},
        {"ifrit.v1.Clusters/UnfreezeCluster", Access::SuperAdmin, "cluster.unfreeze"},
        {"ifrit.v1.Machines/ListMachines", Access::Reader, {}},
        {"ifrit.v1.Machines/GetMachine", Access::Reader, {}},
        {"ifrit.v1.Machines/ExplainMachine", Access::Reader, {}},
        {"ifrit.v1.Machines/WatchMachines", Access::Reader, {}},
        {"ifrit.v1.Machines/ListMachineEvents", Access::Reader, {}},
        {"ifrit.v1.Machines/ClearKnownBad", Access::SuperAdmin, "machine.clear-known-bad"},
        {"ifrit.v1.Machines/TailLog", Access::SuperAdmin, "machine.log"},
        {"ifrit.v1.Agents/ListAgents", Access::Reader, {}},
        {"ifrit.v1.Events/WatchEvents", Access::Reader, {}},
        {"ifrit.v1.Packages/GetUpload", Access::SuperAdmin, {}},
        {"ifrit.v1.Packages/PublishPackage", Access::SuperAdmin, "package.publish"},
        {"ifrit.v1.Packages/ListPackages", Access::Reader, {}},
        {"ifrit.v1.Packages/GetPackage", Access::Reader, {}},
        {"ifrit.v1.Packages/DeletePackage", Access::SuperAdmin, "package.delete"},
        {"ifrit.v1.Packages/ListPublisherKeys", Access::Reader, {}},
        {"ifrit.v1.Releases/CreateRelease", Access::SuperAdmin, "release.create"},
        {"ifrit.v1.Releases/PlanRelease", Access::Reader, {}},
        {"ifrit.v1.Releases/ActOnRelease", Access::SuperAdmin, "release.act"},
        {"ifrit.v1.Releases/GetRelease", Access::Reader, {}},
        {"ifrit.v1.Releases/ListReleases", Access::Reader, {}},
        {"ifrit.v1.Releases/ListReleaseMachines", Access::Reader, {}},
        {"ifrit.v1.Releases/ListReleaseTimeline", Access::Reader, {}},
        {"ifrit.v1.Releases/WatchRelease", Access::Reader, {}},
        {"ifrit.v1.Campaigns/ImportCampaign", Access::SuperAdmin, "campaign.import"},
        {"ifrit.v1.Campaigns/GetCampaign", Access::Reader, {}},
        {"ifrit.v1.Campaigns/ListCampaigns", Access::Reader, {}},
        {"ifrit.v1.Campaigns/PrepareCampaign", Access::SuperAdmin, "campaign.prepare"},
        {"ifrit.v1.Campaigns/PresentReceipt", Access::SuperAdmin, "campaign.present-receipt"},
        {"ifrit.v1.Campaigns/GetReceipt", Access::Reader, {}},
        {"ifrit.v1.Campaigns/StartCampaign", Access::SuperAdmin, "campaign.start"},
        {"ifrit.v1.Campaigns/AbortCampaign", Access::SuperAdmin, "campaign.abort"},
        {"ifrit.v1.Audit/ListAudit", Access::Reader, {}},
        {"ifrit.v1.Audit/VerifyAudit", Access::Reader, {}},
        {"ifrit.v1.Masters/FetchArchive", Access::Master, {}},
        {"ifrit.v1.Masters/AskLog", Access::Master, {}},
    };
    return kTable;
}

const MethodRule* findMethod(std::string_view method) {
    const auto& table = methodTable();
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const auto& rule) { return rule.method == method; });
    return found == table.end() ? nullptr : &*found;
}

}  // namespace ifrit::master::rpc
