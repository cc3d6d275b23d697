// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/ctl_command.h"

#include <QDateTime>

#include <algorithm>

#include "gui/models/text_format.h"
#include "shared/domain/enum_names.h"

namespace ifrit::gui::models {
namespace {

using domain::ReleaseVerb;

bool isPlain(QChar c) {
    return c.unicode() < 128 && (c.isLetterOrNumber() || QStringLiteral("-_./:=@%+,").contains(c));
}

QString quoted(const QString& word) {
    if (!word.isEmpty() && std::all_of(word.begin(), word.end(), isPlain)) return word;
    // Nothing is special between single quotes but the single quote.
    return QLatin1Char('\'') + QString(word).replace(QLatin1Char('\''), QLatin1String("'\\''")) +
           QLatin1Char('\'');
}

/// The same moment wherever the command is run.
QString isoOf(const std::optional<base::WallTime>& time) {
    if (!time) return {};
    return QDateTime::fromMSecsSinceEpoch(base::toUnixMillis(*time), Qt::UTC)
        .toString(Qt::ISODateWithMs);
}

/// A campaign is of several clusters, each of which ifritctl has a context of its own for.
void nameClusters(CtlCommand& command, const QStringList& clusters) {
    if (!clusters.isEmpty())
        command.words << QStringLiteral("--clusters=") + clusters.join(QLatin1Char(','));
}

/// Of one cluster: ifritctl must be told which.
bool isOfACluster(const CtlCommand& command) {
    const QString noun = command.words.value(0);
    return noun != QLatin1String("context") && noun != QLatin1String("campaign");
}

QString textOf(const CtlCommand& command, const QString& reason, const QString& bundle) {
    QStringList words = {QStringLiteral("ifritctl")};
    // In front: behind "--" it would be a word like any other.
    if (!bundle.isEmpty() && isOfACluster(command)) words << QStringLiteral("--bundle") << bundle;
    words << command.words;
    if (command.confirm == CtlCommand::Confirm::Yes) words << QStringLiteral("--yes");
    if (command.confirm == CtlCommand::Confirm::Count) {
        words << QStringLiteral("--confirm-count") << QString::number(command.count);
    }
    // A reason that begins with a dash would be read as an option.
    if (!reason.isEmpty()) words << QStringLiteral("--reason=") + reason;
    for (QString& word : words)
        word = quoted(word);
    return words.join(QLatin1Char(' '));
}

}  // namespace

CtlCommand releaseCommand(ReleaseVerb verb, std::uint64_t number, const std::string& plan,
                          const domain::Reach& reach) {
    CtlCommand out{
        {QStringLiteral("release"), toText(domain::nameOf(verb)), QString::number(number)}};
    const bool planned = verb == ReleaseVerb::Start || verb == ReleaseVerb::Approve;
    if (planned && !plan.empty()) out.words << QStringLiteral("--plan") << toText(plan);
    const domain::DangerClass danger = domain::dangerOf(verb, reach);
    if (danger == domain::DangerClass::ChangesMachines) {
        out.confirm = CtlCommand::Confirm::Yes;
    } else if (danger > domain::DangerClass::ChangesMachines) {
        out.confirm = CtlCommand::Confirm::Count;
        out.count = reach.machines;
    }
    return out;
}

CtlCommand discardCommand(std::uint64_t number) {
    return {{QStringLiteral("release"), QStringLiteral("discard"), QString::number(number)},
            CtlCommand::Confirm::Yes};
}

CtlCommand clusterCommand() {
    return {{QStringLiteral("cluster"), QStringLiteral("show")}};
}

CtlCommand loadCommand() {
    return {{QStringLiteral("cluster"), QStringLiteral("load")}};
}

CtlCommand machinesCommand(const QString& filter) {
    CtlCommand out{{QStringLiteral("machine"), QStringLiteral("list")}};
    // A filter may begin with a dash, which would be read as an option.
    if (!filter.trimmed().isEmpty()) out.words << QStringLiteral("--") << filter.trimmed();
    return out;
}

CtlCommand machineCommand(const QString& uuid) {
    return {{QStringLiteral("machine"), QStringLiteral("show"), uuid}};
}

CtlCommand packagesCommand() {
    return {{QStringLiteral("package"), QStringLiteral("list")}};
}

CtlCommand packageCommand(const std::string& manifestDigest) {
    return {{QStringLiteral("package"), QStringLiteral("show"), toText(manifestDigest)}};
}

CtlCommand releasesCommand() {
    return {{QStringLiteral("release"), QStringLiteral("list")}};
}

CtlCommand showReleaseCommand(std::uint64_t number) {
    return {{QStringLiteral("release"), QStringLiteral("show"), QString::number(number)}};
}

CtlCommand usersCommand() {
    return {{QStringLiteral("user"), QStringLiteral("list")}};
}

CtlCommand tokensCommand(const std::string& user) {
    return {
        {QStringLiteral("token"), QStringLiteral("list"), QStringLiteral("--user"), toText(user)}};
}

CtlCommand certificatesCommand(const std::string& user) {
    return {{QStringLiteral("user"), QStringLiteral("certificates"), toText(user)}};
}

CtlCommand auditCommand(const services::AuditQuery& query) {
    CtlCommand out{{QStringLiteral("audit"), QStringLiteral("list")}};
    // In one word each: a name may begin with a dash, which would be read as an option.
    const auto add = [&out](const char* option, const QString& value) {
        if (!value.isEmpty()) out.words << QLatin1String(option) + value;
    };
    add("--actor=", toText(query.actor));
    add("--verb=", toText(query.verb));
    add("--object=", toText(query.object));
    add("--result=", toText(query.result));
    add("--since=", isoOf(query.since));
    add("--until=", isoOf(query.until));
    return out;
}

CtlCommand contextsCommand() {
    return {{QStringLiteral("context"), QStringLiteral("list")}};
}

CtlCommand explainCommand(const QString& uuid) {
    return {{QStringLiteral("machine"), QStringLiteral("explain"), uuid}};
}

CtlCommand machineLogCommand(const QString& uuid, const std::string& agent) {
    return {{QStringLiteral("machine"), QStringLiteral("log"), uuid, toText(agent)}};
}

CtlCommand clearBadCommand(const QString& uuid, const std::string& agent,
                           const std::string& manifestDigest) {
    return {
        {QStringLiteral("machine"), QStringLiteral("clear-bad"), uuid, QStringLiteral("--agent"),
         toText(agent), QStringLiteral("--digest"), toText(manifestDigest)},
        CtlCommand::Confirm::Yes};
}

CtlCommand removeMachinesCommand(const QStringList& uuids) {
    return {QStringList{QStringLiteral("machine"), QStringLiteral("remove")} + uuids,
            CtlCommand::Confirm::Count, static_cast<std::uint64_t>(uuids.size())};
}

CtlCommand revokeMachineCommand(const QString& uuid) {
    return {{QStringLiteral("machine"), QStringLiteral("revoke"), uuid}, CtlCommand::Confirm::Yes};
}

CtlCommand freezeCommand() {
    return {{QStringLiteral("cluster"), QStringLiteral("freeze")}};
}

CtlCommand unfreezeCommand() {
    return {{QStringLiteral("cluster"), QStringLiteral("unfreeze")}, CtlCommand::Confirm::Yes};
}

CtlCommand createCampaignCommand(const QString& name, std::uint64_t release, const std::string& of,
                                 const QStringList& clusters, std::chrono::minutes settle,
                                 std::chrono::hours expiresIn) {
    // In one word each: a name may begin with a dash, which would be read as an option.
    return {{QStringLiteral("campaign"), QStringLiteral("create"), QStringLiteral("--name=") + name,
             QStringLiteral("--from-release=%1").arg(release), QStringLiteral("--of=") + toText(of),
             QStringLiteral("--clusters=") + clusters.join(QLatin1Char(',')),
             QStringLiteral("--settle=%1m").arg(settle.count()),
             QStringLiteral("--expires-in=%1h").arg(expiresIn.count())}};
}

CtlCommand campaignStartCommand(const std::string& campaign, const std::string& cluster,
                                const domain::Reach& reach, const QStringList& clusters) {
    CtlCommand out{{QStringLiteral("campaign"), QStringLiteral("advance"), toText(campaign),
                    QStringLiteral("--cluster"), toText(cluster)},
                   CtlCommand::Confirm::Yes};
    nameClusters(out, clusters);
    if (domain::dangerOf(ReleaseVerb::Start, reach) > domain::DangerClass::ChangesMachines) {
        out.confirm = CtlCommand::Confirm::Count;
        out.count = reach.machines;
    }
    return out;
}

CtlCommand campaignAbortCommand(const std::string& campaign, services::CampaignReleases releases,
                                std::uint64_t machines, const QStringList& clusters) {
    CtlCommand out{{QStringLiteral("campaign"), QStringLiteral("abort"), toText(campaign)},
                   CtlCommand::Confirm::Count,
                   machines};
    nameClusters(out, clusters);
    if (releases == services::CampaignReleases::RolledBack)
        out.words << QStringLiteral("--rollback");
    return out;
}

CtlCommand campaignsCommand(const QStringList& clusters) {
    CtlCommand out{{QStringLiteral("campaign"), QStringLiteral("list")}};
    nameClusters(out, clusters);
    return out;
}

CtlCommand campaignCommand(const std::string& campaign, const QStringList& clusters) {
    CtlCommand out{{QStringLiteral("campaign"), QStringLiteral("show"), toText(campaign)}};
    nameClusters(out, clusters);
    return out;
}

CtlCommand deletePackageCommand(const std::string& manifestDigest) {
    return {{QStringLiteral("package"), QStringLiteral("delete"), toText(manifestDigest)},
            CtlCommand::Confirm::Count,
            1};
}

CtlCommand userCommand(UserVerb verb, const QString& name) {
    using Confirm = CtlCommand::Confirm;
    const auto words = [&name](const char* verb_) {
        return QStringList{QStringLiteral("user"), QString::fromLatin1(verb_), name};
    };
    switch (verb) {
        case UserVerb::Password:
            return {words("passwd"), Confirm::Count, 1};
        case UserVerb::Promote:
            return {words("role") << QStringLiteral("super_admin"), Confirm::Count, 1};
        case UserVerb::Demote:
            return {words("role") << QStringLiteral("reader"), Confirm::Count, 1};
        case UserVerb::Disable:
            return {words("disable"), Confirm::Count, 1};
        case UserVerb::Enable:
            return {words("enable"), Confirm::Count, 1};
        case UserVerb::Remove:
            break;
    }
    return {words("remove"), Confirm::Count, 1};
}

CtlCommand createUserCommand(const QString& name, bool superAdmin, bool withPassword) {
    CtlCommand out{{QStringLiteral("user"), QStringLiteral("create"), name}};
    if (superAdmin) {
        out.words << QStringLiteral("--role") << QStringLiteral("super_admin");
        out.confirm = CtlCommand::Confirm::Count;
        out.count = 1;
    }
    if (!withPassword) out.words << QStringLiteral("--certificate-only");
    return out;
}

CtlCommand giveGrantCommand(const domain::Grant& grant, int days) {
    CtlCommand out{
        {QStringLiteral("grant"), QStringLiteral("give"), toText(grant.to), toText(grant.verb)},
        CtlCommand::Confirm::Count,
        1};
    if (grant.agent != "*") out.words << QStringLiteral("--agent") << toText(grant.agent);
    if (grant.machineType != "*")
        out.words << QStringLiteral("--type") << toText(grant.machineType);
    if (grant.cluster != "*") out.words << QStringLiteral("--cluster") << toText(grant.cluster);
    if (days > 0) out.words << QStringLiteral("--for") << QStringLiteral("%1d").arg(days);
    return out;
}

CtlCommand takeGrantCommand(const std::string& id) {
    return {{QStringLiteral("grant"), QStringLiteral("take"), toText(id)},
            CtlCommand::Confirm::Count,
            1};
}

CtlCommand createTokenCommand(const QString& label, int days) {
    return {{QStringLiteral("token"), QStringLiteral("create"), label, QStringLiteral("--for"),
             QStringLiteral("%1d").arg(days)},
            CtlCommand::Confirm::Yes};
}

CtlCommand endTokenCommand(const std::string& id) {
    return {{QStringLiteral("token"), QStringLiteral("revoke"), toText(id)},
            CtlCommand::Confirm::Yes};
}

CtlCommand endTokensCommand(const std::string& user) {
    return {
        {QStringLiteral("token"), QStringLiteral("revoke"), QStringLiteral("--user"), toText(user)},
        CtlCommand::Confirm::Yes};
}

CtlCommand revokeCertificateCommand(const std::string& serial) {
    return {{QStringLiteral("user"), QStringLiteral("revoke"), toText(serial)},
            CtlCommand::Confirm::Count,
            1};
}

CtlCommand revokeCertificatesCommand(const std::string& user) {
    return {
        {QStringLiteral("user"), QStringLiteral("revoke"), QStringLiteral("--user"), toText(user)},
        CtlCommand::Confirm::Count,
        1};
}

QString commandText(const QList<CtlCommand>& commands, const QString& reason,
                    const QString& bundle) {
    QStringList lines;
    for (const CtlCommand& command : commands)
        lines << textOf(command, reason, bundle);
    return lines.join(QLatin1Char('\n'));
}

}  // namespace ifrit::gui::models
