// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/go_to_presenter.h"

#include <set>

namespace ifrit::gui::presenters {

using models::GoToEntry;
using models::toText;
using Kind = GoToEntry::Kind;

namespace {

constexpr std::size_t kMachines = 12;
/// One letter would be in nearly every uuid.
constexpr qsizetype kLeastForMachines = 2;

bool beginsWith(std::string_view text, std::string_view start) {
    return text.compare(0, start.size(), start) == 0;
}

}  // namespace

std::vector<GoToEntry> GoToPresenter::find(const QString& query, std::size_t limit) const {
    Entries entries = m_targets.window();
    addVerbs(entries);
    if (!query.trimmed().isEmpty()) {
        addReleases(entries);
        addPackages(entries);
        addAgents(entries);
        addConnections(entries);
        addMachines(query.trimmed(), entries);
    }
    return models::goToMatches(query, entries, limit);
}

GoToEntry GoToPresenter::machineEntry(std::uint32_t row) const {
    const models::FleetColumns& columns = m_sources.feed.store().columns();
    const QString uuid = toText(columns.uuid[row]);
    const models::StatusLook look =
        models::StatusWords::ofMachine(columns.state[row], columns.offline[row] != 0);
    return {Kind::Machine,
            uuid,
            toText(columns.text(columns.address[row])) + QStringLiteral(" · ") + look.word,
            {},
            [go = m_targets.machine, uuid] { go(uuid); }};
}

void GoToPresenter::addMachines(const QString& query, Entries& out) const {
    if (query.size() < kLeastForMachines || query.contains(QLatin1Char(' '))) return;
    const models::FleetColumns& columns = m_sources.feed.store().columns();
    const std::string text = query.toStdString();
    std::size_t found = 0;
    for (std::uint32_t row = 0; row < columns.rows() && found < kMachines; ++row) {
        if (columns.alive[row] == 0) continue;
        if (!beginsWith(columns.uuid[row], text) &&
            !beginsWith(columns.text(columns.address[row]), text))
            continue;
        out.push_back(machineEntry(row));
        ++found;
    }
    for (std::uint32_t row = 0; row < columns.rows() && found < kMachines; ++row) {
        if (columns.alive[row] == 0) continue;
        const std::size_t at = columns.uuid[row].find(text);
        // What begins with it is there already.
        if (at == std::string::npos || at == 0 ||
            beginsWith(columns.text(columns.address[row]), text))
            continue;
        out.push_back(machineEntry(row));
        ++found;
    }
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
                       models::joined(package.machineTypes) + QStringLiteral(" · ") +
                           models::shortDigest(package.manifestDigest),
                       {},
                       [go = m_targets.package, digest] { go(digest); }});
    }
}

void GoToPresenter::addConnections(Entries& out) const {
    const auto& masters = m_sources.connections.masters();
    for (std::size_t i = 0; i < masters.size(); ++i) {
        const int index = static_cast<int>(i);
        out.push_back({Kind::Connection,
                       masters[i].cluster,
                       masters[i].address,
                       {},
                       [go = m_targets.connection, index] { go(index); }});
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
