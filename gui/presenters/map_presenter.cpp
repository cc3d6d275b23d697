// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/map_presenter.h"

#include <algorithm>

#include "gui/models/own_words.h"
#include "gui/presenters/view_judge.h"

namespace ifrit::gui::presenters {

using domain::MachineState;
using models::Figure;
using models::FleetColumns;
using models::grouped;
using models::StatusKind;
using models::toText;

MapPresenter::MapPresenter(ConnectionHub& hub, FleetFeed& feed, FleetRoster* roster,
                           QObject* parent)
    : QObject(parent), m_hub(hub), m_feed(feed), m_roster(roster) {
    if (roster != nullptr) connect(roster, &FleetRoster::changed, this, &MapPresenter::changed);
    connect(&feed, &FleetFeed::figuresChanged, this, &MapPresenter::changed);
    connect(&feed, &FleetFeed::clusterChanged, this, &MapPresenter::changed);
    connect(&hub, &ConnectionHub::linkChanged, this, &MapPresenter::changed);
}

MapPresenter::Bucket MapPresenter::bucketOf(std::uint32_t row) const {
    const FleetColumns& columns = m_feed.store().columns();
    const MachineState state = columns.state[row];
    if (state == MachineState::Silent) return Bucket::Silent;
    if (columns.offline[row] != 0) return Bucket::Offline;
    switch (state) {
        case MachineState::Failed:
        case MachineState::Reverted:
            return Bucket::Failed;
        case MachineState::Watching:
        case MachineState::Degraded:
            return Bucket::Watching;
        case MachineState::Scheduled:
        case MachineState::WaitingPermit:
        case MachineState::Downloading:
        case MachineState::Verifying:
        case MachineState::Installing:
            return Bucket::InFlight;
        case MachineState::Healthy:
        case MachineState::Already:
            return Bucket::Healthy;
        default:
            return Bucket::Other;
    }
}

models::StatusLook MapPresenter::lookOf(Bucket bucket) {
    switch (bucket) {
        case Bucket::Failed:
            return {StatusKind::Fail, tr("failed")};
        case Bucket::Silent:
            return {StatusKind::Silent, tr("silent")};
        case Bucket::Watching:
            return {StatusKind::Wait, tr("watching")};
        case Bucket::InFlight:
            return {StatusKind::Run, tr("in flight")};
        case Bucket::Healthy:
            return {StatusKind::Ok, tr("healthy")};
        case Bucket::Offline:
            return {StatusKind::None, tr("offline")};
        default:
            return {StatusKind::None, tr("no agent yet")};
    }
}

QString MapPresenter::filterOf(Bucket bucket) {
    switch (bucket) {
        case Bucket::Failed:
            return QStringLiteral("state:failed,reverted");
        case Bucket::Silent:
            return QStringLiteral("state:silent");
        case Bucket::Watching:
            return QStringLiteral("state:watching,degraded");
        case Bucket::InFlight:
            return QStringLiteral("state:in_flight -state:watching");
        case Bucket::Healthy:
            return QStringLiteral("state:healthy,already -state:offline");
        case Bucket::Offline:
            return QStringLiteral("state:offline");
        default:
            return QStringLiteral("state:unmanaged,unknown,not_applicable");
    }
}

std::vector<qint64> MapPresenter::counts() const {
    std::vector<qint64> out(static_cast<std::size_t>(Bucket::Count), 0);
    const FleetColumns& columns = m_feed.store().columns();
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
        if (columns.alive[row] != 0) ++out[static_cast<std::size_t>(bucketOf(row))];
    }
    return out;
}

QList<Figure> MapPresenter::figures() const {
    const std::vector<qint64> count = counts();
    const auto of = [&](Bucket bucket) { return count[static_cast<std::size_t>(bucket)]; };
    const qint64 all = total();
    // Machines that are offline leave the percentage: nothing is known of them.
    const qint64 reachable = all - of(Bucket::Offline);
    const bool old = models::isOld(notice().state);
    QList<Figure> figures = {
        {tr("Machines"), grouped(all), {}, {}, old},
        {tr("Healthy"),
         models::percent(static_cast<double>(of(Bucket::Healthy)), static_cast<double>(reachable)),
         {},
         StatusKind::Ok,
         old},
        {tr("Failed"), grouped(of(Bucket::Failed)), {}, StatusKind::Fail, old},
        {tr("Silent"), grouped(of(Bucket::Silent)), {}, StatusKind::Silent, old},
        {tr("In flight"),
         grouped(of(Bucket::InFlight) + of(Bucket::Watching)),
         {},
         StatusKind::Run,
         old},
        {tr("Offline"), grouped(of(Bucket::Offline)), {}, StatusKind::None, old}};
    for (Figure& figure : figures) {
        // Colour means state: a zero has none.
        if (figure.value == QLatin1String("0") || figure.value == QStringLiteral("–")) {
            figure.kind.reset();
        }
    }
    return figures;
}

QList<models::ClusterCard> MapPresenter::cards() const {
    QList<models::ClusterCard> out = ownCards();
    if (m_roster != nullptr) out << m_roster->cards();
    return out;
}

int MapPresenter::masterOfCard(int index) const {
    const int own = m_hub.hasSession() ? 1 : 0;
    return m_roster == nullptr || index < own ? -1 : m_roster->masterOf(index - own);
}

QString MapPresenter::fleetLine() const {
    FleetTotals totals = m_roster != nullptr ? m_roster->totals() : FleetTotals();
    if (m_hub.hasSession()) ++totals.clusters;
    if (m_hub.isConnected()) {
        const std::vector<qint64> count = counts();
        ++totals.answering;
        totals.machines += total();
        totals.healthy += count[static_cast<std::size_t>(Bucket::Healthy)];
        totals.offline += count[static_cast<std::size_t>(Bucket::Offline)];
    }
    const QString line =
        tr("clusters: %1 · answering: %2").arg(grouped(totals.clusters), grouped(totals.answering));
    if (totals.clusters < 2) return line;
    // What does not answer is in neither number.
    return line + QStringLiteral(" · ") +
           tr("%1 machine(s), %2 healthy", "", models::pluralOf(totals.machines))
               .arg(grouped(totals.machines),
                    models::percent(static_cast<double>(totals.healthy),
                                    static_cast<double>(totals.machines - totals.offline)));
}

QString MapPresenter::missingLine() const {
    if (m_roster == nullptr) return {};
    const FleetTotals totals = m_roster->totals();
    if (totals.missing.isEmpty()) return {};
    return tr("%1 of %2 clusters answer. No answer from: %3.")
        .arg(totals.answering + 1)
        .arg(totals.clusters + 1)
        .arg(totals.missing.join(QStringLiteral(", ")));
}

QList<models::ClusterCard> MapPresenter::ownCards() const {
    if (!m_hub.hasSession()) return {};
    const std::vector<qint64> count = counts();
    const auto of = [&](Bucket bucket) { return count[static_cast<std::size_t>(bucket)]; };
    models::ClusterCard card;
    card.name = toText(m_hub.profile().bundle.cluster);
    card.machines = total();
    card.chosen = true;
    const services::LinkStatus& link = m_hub.link();
    if (!m_hub.isConnected()) {
        card.old = true;
        card.share = QStringLiteral("–");
        card.look = {StatusKind::None,
                     link.staleSince
                         ? tr("no contact since %1").arg(m_hub.times().at(*link.staleSince))
                         : tr("not reached yet")};
        return {card};
    }
    card.share = models::percent(static_cast<double>(of(Bucket::Healthy)),
                                 static_cast<double>(total() - of(Bucket::Offline)));
    const qint64 failing = of(Bucket::Failed) + of(Bucket::Silent);
    if (failing > 0) {
        card.look = {StatusKind::Fail, tr("%1 failing").arg(grouped(failing))};
    } else if (of(Bucket::InFlight) + of(Bucket::Watching) > 0) {
        card.look = {StatusKind::Run,
                     tr("%1 in flight").arg(grouped(of(Bucket::InFlight) + of(Bucket::Watching)))};
    } else if (of(Bucket::Healthy) > 0) {
        card.look = {StatusKind::Ok, tr("healthy")};
    } else {
        card.look = {StatusKind::None, tr("no agent yet")};
    }
    return {card};
}

QString MapPresenter::groupTitle(std::uint32_t row) const {
    const FleetColumns& columns = m_feed.store().columns();
    switch (m_groupBy) {
        case GroupBy::Batch:
            return columns.batch[row] == 0
                       ? tr("No batch")
                       : models::StatusWords::nameOf(domain::StageKind::Batch, columns.batch[row]);
        case GroupBy::Pin:
            return columns.pin[row] == 0 ? tr("No pin") : toText(columns.text(columns.pin[row]));
        case GroupBy::Type:
            return toText(columns.text(columns.machineType[row]));
        case GroupBy::Nothing:
            break;
    }
    return tr("All machines");
}

std::vector<models::MapGroup> MapPresenter::groups() const {
    const FleetColumns& columns = m_feed.store().columns();
    const bool old = models::isOld(notice().state);
    // Batches by number, everything else by name.
    std::map<std::pair<std::uint32_t, QString>, models::MapGroup> byTitle;
    std::map<std::uint32_t, QString> titles;  // of batch, pin or type, so that each is made once
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
        if (columns.alive[row] == 0) continue;
        const std::uint32_t id = m_groupBy == GroupBy::Batch  ? columns.batch[row]
                                 : m_groupBy == GroupBy::Pin  ? columns.pin[row]
                                 : m_groupBy == GroupBy::Type ? columns.machineType[row]
                                                              : 0;
        auto [title, isNew] = titles.try_emplace(id);
        if (isNew) title->second = groupTitle(row);
        models::MapGroup& group = byTitle[{m_groupBy == GroupBy::Batch ? id : 0, title->second}];
        group.title = title->second;
        const Bucket bucket = bucketOf(row);
        group.rows.push_back(row);
        group.kinds.push_back(lookOf(bucket).kind);
        group.faded.push_back(old || (m_only && *m_only != bucket) ? 1 : 0);
    }
    std::vector<models::MapGroup> out;
    for (auto& [key, group] : byTitle) {
        group.note = grouped(static_cast<qint64>(group.rows.size()));
        out.push_back(std::move(group));
    }
    return out;
}

std::vector<MapPresenter::LegendEntry> MapPresenter::legend() const {
    const std::vector<qint64> count = counts();
    std::vector<LegendEntry> out;
    for (std::size_t i = 0; i < count.size(); ++i) {
        const auto bucket = static_cast<Bucket>(i);
        if (count[i] == 0 && bucket != Bucket::Healthy && bucket != Bucket::Failed) continue;
        out.push_back({bucket, lookOf(bucket), count[i], m_only == bucket});
    }
    return out;
}

QString MapPresenter::leadingAgent() const {
    if (!m_feed.cluster()) return {};
    std::map<std::string, std::uint64_t> machines;
    for (const services::VersionCount& count : m_feed.cluster()->versions)
        machines[count.agent] += count.machines;
    const auto most =
        std::max_element(machines.begin(), machines.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == machines.end() ? QString() : toText(most->first);
}

std::vector<MapPresenter::VersionShare> MapPresenter::versions() const {
    std::vector<VersionShare> out;
    const std::string agent = leadingAgent().toStdString();
    if (agent.empty()) return out;
    for (const services::VersionCount& count : m_feed.cluster()->versions) {
        if (count.agent != agent || count.version.empty()) continue;
        out.push_back({toText(count.version), static_cast<qint64>(count.machines)});
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.machines > b.machines; });
    return out;
}

qint64 MapPresenter::runningReleases() const {
    return m_feed.cluster() ? m_feed.cluster()->runningReleases : 0;
}

QString MapPresenter::uuidOf(std::uint32_t row) const {
    const FleetColumns& columns = m_feed.store().columns();
    return row < columns.rows() ? toText(columns.uuid[row]) : QString();
}

QString MapPresenter::describe(std::uint32_t row) const {
    const FleetColumns& columns = m_feed.store().columns();
    if (row >= columns.rows()) return {};
    QString text = uuidOf(row) + QStringLiteral(" · ") +
                   toText(columns.text(columns.address[row])) + QStringLiteral(" · ") +
                   lookOf(bucketOf(row)).word;
    for (const models::AgentCell& cell : columns.agentsOf(row)) {
        text += QLatin1Char('\n') + toText(columns.text(cell.agent)) + QLatin1Char(' ') +
                toText(columns.text(cell.runningVersion));
        const models::StringId now = cell.error != 0 ? cell.error : cell.step;
        if (now == 0) continue;
        const QString said = toText(columns.text(now));
        text += QStringLiteral(": ") + (cell.error != 0 ? said : models::OwnWords::ofStep(said));
    }
    return text;
}

void MapPresenter::setGroupBy(GroupBy groupBy) {
    if (groupBy == m_groupBy) return;
    m_groupBy = groupBy;
    Q_EMIT changed();
}

void MapPresenter::toggle(Bucket bucket) {
    m_only = m_only == bucket ? std::nullopt : std::optional(bucket);
    Q_EMIT changed();
}

void MapPresenter::clearFilter() {
    m_only.reset();
    Q_EMIT changed();
}

models::ViewNotice MapPresenter::notice() const {
    ViewFacts facts;
    const models::FleetStore& store = m_feed.store();
    facts.loaded = store.loaded();
    facts.error = m_feed.error();
    if (store.expected() > 0) {
        facts.progress = static_cast<int>(100 * store.gathered() / store.expected());
    }
    facts.total = facts.shown = store.size();
    facts.partial = missingLine();
    facts.empty = tr("No machine has joined this cluster yet.");
    return judgeView(m_hub, facts);
}

}  // namespace ifrit::gui::presenters
