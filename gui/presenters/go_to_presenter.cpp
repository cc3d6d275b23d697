// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/go_to_presenter.h"

#include <algorithm>
#include <set>

namespace ifrit::gui::presenters {

using models::GoToEntry;
using models::grouped;
using models::toText;
using Kind = GoToEntry::Kind;

namespace {

constexpr std::size_t kMost = 40;
constexpr std::size_t kMachines = 12;
/// One letter would be in nearly every uuid.
constexpr qsizetype kLeastForMachines = 2;

bool beginsWith(std::string_view text, std::string_view start) {
    return text.compare(0, start.size(), start) == 0;
}

}  // namespace

GoToPresenter::Found GoToPresenter::find(const QString& query) const {
    std::size_t machines = 0;
    Entries entries = m_targets.window();
    addVerbs(entries);
    if (!query.trimmed().isEmpty()) {
        addReleases(entries);
        addPackages(entries);
        addAgents(entries);
        addCampaigns(entries);
        addConnections(entries);
        machines = addMachines(query.trimmed(), entries);
    }
    Found out;
    out.entries = models::goToMatches(query, entries);
    const std::size_t among = std::min(machines, kMachines);
    const std::size_t all = out.entries.size() + machines - among;
    if (out.entries.size() > kMost) out.entries.resize(kMost);
    const auto shown = static_cast<std::size_t>(
        std::count_if(out.entries.begin(), out.entries.end(),
                      [](const GoToEntry& entry) { return entry.kind == Kind::Machine; }));
    const auto number = [](std::size_t count) { return grouped(static_cast<qint64>(count)); };
    QStringList parts;
    if (all - machines > out.entries.size() - shown)
        parts << tr("%1 of %2 shown").arg(number(out.entries.size()), number(all));
    if (machines > shown)
        parts << tr("%1 of %2 machines", "are in a list").arg(number(shown), number(machines));
    out.leftOut = parts.join(QStringLiteral(" · "));
    return out;
}

GoToEntry GoToPresenter::machineEntry(std::uint32_t row) const {
    const models::FleetColumns& columns = m_sources.feed.store().columns();
    const QString uuid = toText(columns.uuid[row]);
    const models::StatusLook look =
        models::StatusWords::ofMachine(columns.state[row], columns.offline[row] != 0);
    return {Kind::Machine,
            uuid,
            look.word,
            {},
            [go = m_targets.machine, uuid] { go(uuid); },
            toText(columns.text(columns.address[row]))};
}

std::size_t GoToPresenter::addMachines(const QString& query, Entries& out) const {
    if (query.size() < kLeastForMachines || query.contains(QLatin1Char(' '))) return 0;
    const models::FleetColumns& columns = m_sources.feed.store().columns();
    const std::string text = query.toStdString();
    std::size_t found = 0;
    std::vector<std::uint32_t> first;
    std::vector<std::uint32_t> inside;
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
        if (columns.alive[row] == 0) continue;
        const std::size_t at = columns.uuid[row].find(text);
        const bool begins = at == 0 || beginsWith(columns.text(columns.address[row]), text);
        if (!begins && at == std::string::npos) continue;
        ++found;
        std::vector<std::uint32_t>& rows = begins ? first : inside;
        if (rows.size() < kMachines) rows.push_back(row);
    }
    first.insert(first.end(), inside.begin(), inside.end());
    if (first.size() > kMachines) first.resize(kMachines);
    for (const std::uint32_t row : first)
        out.push_back(machineEntry(row));
    return found;
}

void GoToPresenter::addAgents(Entries& out) const {
    if (!m_sources.feed.cluster()) return;
    std::set<std::string> names;
    for (const services::VersionCount& count : m_sources.feed.cluster()->versions)
        names.insert(count.agent);
    for (const std::string& name : names) {
        const QString agent = toText(name);
        out.push_back(
            {Kind::Agent, agent, tr("machines that run it"), {}, [go = m_targets.agent, agent] {
                 go(agent);
             }});
    }
}

void GoToPresenter::addReleases(Entries& out) const {
    for (const services::ReleaseInfo& info : m_sources.releases.model().all()) {
        const QString id = toText(info.release.id);
        out.push_back({Kind::Release,
                       tr("#%1 %2 %3", "a release: number, agent, versions")
                           .arg(info.release.number)
                           .arg(toText(info.release.spec.agent), models::versionsOf(info)),
                       models::StatusWords::of(info.release).word,
                       {},
                       [go = m_targets.release, id] { go(id); }});
    }
}

void GoToPresenter::addPackages(Entries& out) const {
    for (const services::PackageInfo& package : m_sources.packages.model().all()) {
        const QString digest = toText(package.manifestDigest);
        out.push_back({Kind::Package,
                       toText(package.agent) + QLatin1Char(' ') + toText(package.version),
                       models::joined(package.machineTypes),
                       {},
                       [go = m_targets.package, digest] { go(digest); },
                       models::shortDigest(package.manifestDigest)});
    }
}

void GoToPresenter::addCampaigns(Entries& out) const {
    for (const services::CampaignBoard& board : m_sources.campaigns.model().all()) {
        if (board.any() == nullptr) continue;
        const domain::Campaign& campaign = board.any()->campaign;
        const QString id = toText(campaign.id);
        out.push_back({Kind::Campaign,
                       toText(campaign.name),
                       models::CampaignWords::of(board.phase()).word,
                       {},
                       [go = m_targets.campaign, id] { go(id); }});
    }
}

void GoToPresenter::addConnections(Entries& out) const {
    const auto& masters = m_sources.connections.masters();
    for (std::size_t i = 0; i < masters.size(); ++i) {
        const int index = static_cast<int>(i);
        out.push_back({Kind::Connection,
                       masters[i].cluster,
                       {},
                       {},
                       [go = m_targets.connection, index] { go(index); },
                       masters[i].address});
    }
}

// Only those that can be done: the page says of the others why not.
void GoToPresenter::addVerbs(Entries& out) const {
    const auto& info = m_sources.release.info();
    if (!info) return;
    for (const domain::ReleaseVerb verb : ReleasePresenter::verbs()) {
        if (!m_sources.release.action(verb).enabled()) continue;
        out.push_back({Kind::Verb,
                       m_sources.release.nameOf(verb),
                       m_sources.release.title(),
                       {},
                       [go = m_targets.verb, verb] { go(verb); }});
    }
}

}  // namespace ifrit::gui::presenters
