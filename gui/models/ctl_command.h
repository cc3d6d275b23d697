// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <chrono>
#include <cstdint>
#include <string>

#include "gui/services/audit.h"
#include "gui/services/campaign_board.h"
#include "shared/domain/danger.h"
#include "shared/domain/grant.h"
#include "shared/domain/release.h"

namespace ifrit::gui::models {

/// A command of ifritctl that does what a control of the desktop does. The only place that knows
/// its words; tst_ctl_command feeds each through ifritctl itself, so that they cannot drift apart.
struct CtlCommand {
    /// What ifritctl wants to hear before it changes something.
    enum class Confirm { Nothing, Yes, Count };
    QStringList words;  ///< without the program, as it gets them: not quoted
    Confirm confirm = Confirm::Nothing;
    std::uint64_t count = 0;
    bool operator==(const CtlCommand&) const = default;
};

/// `plan`: of Start, the one that was shown; empty: ifritctl makes one. What it asks for follows
/// from `reach`, as in ifritctl.
CtlCommand releaseCommand(domain::ReleaseVerb verb, std::uint64_t number, const std::string& plan,
                          const domain::Reach& reach);
/// Ends a draft that nobody has started.
CtlCommand discardCommand(std::uint64_t number);
/// Makes a draft of `spec`, which `release create` reads back as it is. Limits of the cost gate
/// other than the default, which only a file can say, are left out.
CtlCommand createReleaseCommand(const domain::ReleaseSpec& spec);
/// What shows a page's content.
CtlCommand clusterCommand();
CtlCommand loadCommand();
CtlCommand machinesCommand(const QString& filter);
CtlCommand machineCommand(const QString& uuid);
CtlCommand packagesCommand();
CtlCommand packageCommand(const std::string& manifestDigest);
CtlCommand releasesCommand();
CtlCommand showReleaseCommand(std::uint64_t number);
/// The rows of this filter; of a page of them nothing is said.
CtlCommand auditCommand(const services::AuditQuery& query = {});
CtlCommand usersCommand();
CtlCommand tokensCommand(const std::string& user);
CtlCommand certificatesCommand(const std::string& user);
CtlCommand contextsCommand();
CtlCommand explainCommand(const QString& uuid);
CtlCommand machineLogCommand(const QString& uuid, const std::string& agent);
/// `manifestDigest`: of the bad version.
CtlCommand clearBadCommand(const QString& uuid, const std::string& agent,
                           const std::string& manifestDigest);
CtlCommand removeMachinesCommand(const QStringList& uuids);
CtlCommand revokeMachineCommand(const QString& uuid);
CtlCommand freezeCommand();
CtlCommand unfreezeCommand();
/// The same spec in each cluster, in this order; `release`: number of the one in the cluster `of`
/// that it is made from.
CtlCommand createCampaignCommand(const QString& name, std::uint64_t release, const std::string& of,
                                 const QStringList& clusters, std::chrono::minutes settle,
                                 std::chrono::hours expiresIn);
/// Of these `clusters` are asked; none: whichever the shell has a context of.
CtlCommand campaignsCommand(const QStringList& clusters);
CtlCommand campaignCommand(const std::string& campaign, const QStringList& clusters);
/// `reach`: of the plan that was shown.
CtlCommand campaignStartCommand(const std::string& campaign, const std::string& cluster,
                                const domain::Reach& reach, const QStringList& clusters);
/// `machines`: of its releases that run, or of those that are rolled back.
CtlCommand campaignAbortCommand(const std::string& campaign, services::CampaignReleases releases,
                                std::uint64_t machines, const QStringList& clusters);
CtlCommand deletePackageCommand(const std::string& manifestDigest);

/// What changes one user; Promote and Demote are the two ends of `user role`.
enum class UserVerb { Password, Promote, Demote, Disable, Enable, Remove };
CtlCommand userCommand(UserVerb verb, const QString& name);
CtlCommand createUserCommand(const QString& name, bool superAdmin, bool withPassword);
/// For so many days; 0: for ever.
CtlCommand giveGrantCommand(const domain::Grant& grant, int days);
CtlCommand takeGrantCommand(const std::string& id);
CtlCommand createTokenCommand(const QString& label, int days);
CtlCommand endTokenCommand(const std::string& id);
/// All of this user's.
CtlCommand endTokensCommand(const std::string& user);
CtlCommand revokeCertificateCommand(const std::string& serial);
CtlCommand revokeCertificatesCommand(const std::string& user);

/// As a POSIX shell takes it, a command a line. An empty reason is left out, though ifritctl wants
/// one where it asks for a count. `bundle`: path of the bundle file of the cluster that is meant,
/// which each command names but those of contexts, which are of none, and of campaigns, which name
/// all of theirs; empty: the shell's current context is meant.
QString commandText(const QList<CtlCommand>& commands, const QString& reason = {},
                    const QString& bundle = {});

}  // namespace ifrit::gui::models
