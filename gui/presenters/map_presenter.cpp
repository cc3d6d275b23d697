// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/map_presenter.h"

#include <algorithm>
#include <set>
#include <utility>

#include "gui/models/own_words.h"
#include "gui/presenters/view_judge.h"

namespace ifrit::gui::presenters {

using models::Figure;
using models::FleetColumns;
using models::grouped;
using models::StatusKind;
using models::toText;

MapPresenter::MapPresenter(ConnectionHub& hub, FleetFeed& feed, FleetRoster* roster,
                           const VersionHistory* history, QObject* parent)
    : QObject(parent), m_hub(hub), m_feed(feed), m_roster(roster), m_history(history) {
    if (roster != nullptr) connect(roster, &FleetRoster::changed, this, &MapPresenter::changed);
    connect(&feed, &FleetFeed::storeChanged, this, &MapPresenter::forget);
    connect(&feed, &FleetFeed::figuresChanged, this, &MapPresenter::changed);
    connect(&feed, &FleetFeed::clusterChanged, this, [this] {
        // Whose versions are meant may be another agent.
        if (m_color == MapColor::Version) m_coloring.reset();
        Q_EMIT changed();
    });
    connect(&hub, &ConnectionHub::linkChanged, this, &MapPresenter::changed);
}

void MapPresenter::forget() {
    m_counts.reset();
    m_coloring.reset();
}

void MapPresenter::retell() {
    forget();
    updateGroupModel();
    updateStateModel();
}

const BucketCounts& MapPresenter::counts() const {
    if (!m_counts) {
        m_counts.emplace();
        const FleetColumns& columns = m_feed.store().columns();
        for (std::uint32_t row = 0; row < columns.rows(); ++row) {
            if (columns.alive[row] != 0) m_counts->add(bucketOf(columns.state[row]));
        }
    }
    return *m_counts;
}

const MapColoring& MapPresenter::coloring() const {
    const bool byVersion = m_color == MapColor::Version;
    const std::string agent = byVersion ? ownSums().leadingAgent().toStdString() : std::string();
    models::VersionColors colors = byVersion ? versionColors(agent) : models::VersionColors();
    // Another cluster may run one more.
    if (!m_coloring || colors != m_versionColors) {
        m_versionColors = std::move(colors);
        m_coloring.emplace(m_feed.store().columns(), m_color, agent, m_versionColors,
                           m_hub.times().now());
    }
    return *m_coloring;
}

models::VersionColors MapPresenter::versionColors(const std::string& agent) const {
    std::set<std::string> running;
    const FleetTotals fleet = totals();
    const auto found = fleet.last.versions.find(agent);
    if (found != fleet.last.versions.end()) {
        for (const auto& [version, machines] : found->second) {
            if (!version.empty()) running.insert(version);
        }
    }
    return models::VersionColors(
        running, m_history != nullptr ? m_history->versionsOf(agent) : std::set<std::string>());
}

QList<Figure> MapPresenter::figures() const {
    const FleetTotals fleet = totals();
    const BucketCounts& count = fleet.shown().machines;
    const bool old = fleet.answering == 0;
    const QString whose = fleet.clusters < 2
                              ? QString()
                              : tr("in %1 of %2 clusters").arg(fleet.answering).arg(fleet.clusters);
    QList<Figure> figures = {
        {tr("Machines"), grouped(count.all()), whose, {}, old},
        {tr("Healthy"), count.healthyShare(), {}, StatusKind::Ok, old},
        {tr("Failed or reverted"), grouped(count.of(Bucket::Failed)), {}, StatusKind::Fail, old},
        {tr("Silent"), grouped(count.of(Bucket::Silent)), {}, StatusKind::Silent, old},
        {tr("Watching"), grouped(count.of(Bucket::Watching)), {}, StatusKind::Wait, old},
        {tr("In flight"), grouped(count.of(Bucket::InFlight)), {}, StatusKind::Run, old}};
    for (Figure& figure : figures) {
        // Colour means state: a zero has none.
        if (figure.value == QLatin1String("0") || figure.value == QStringLiteral("–")) {
            figure.kind.reset();
        }
    }
    return figures;
}

FleetSums MapPresenter::ownSums() const {
    FleetSums sums;
    sums.machines = counts();
    if (m_feed.cluster()) sums.addReleases(*m_feed.cluster());
    return sums;
}

QList<models::StateShare> MapPresenter::states() const {
    const BucketCounts machines = totals().machines;
    QList<models::StateShare> out;
    for (std::size_t i = 0; i < static_cast<std::size_t>(Bucket::Count); ++i) {
        const auto bucket = static_cast<Bucket>(i);
        if (machines.of(bucket) == 0) continue;
        const bool only = m_color == MapColor::State && m_only == i;
        out.append({static_cast<std::uint8_t>(i), MapColoring::lookOf(bucket), machines.of(bucket),
                    models::percent(static_cast<double>(machines.of(bucket)),
                                    static_cast<double>(machines.all())),
                    only});
    }
    return out;
}

QString MapPresenter::statesTitle() const {
    const FleetTotals fleet = totals();
    if (fleet.clusters < 2) return tr("Machines by state");
    return tr("By state, in %1 of %2 clusters").arg(fleet.answering).arg(fleet.clusters);
}

void MapPresenter::updateStateModel() {
    const QList<models::StateShare> shares = states();
    m_stateModel.setRecords({shares.begin(), shares.end()});
}

std::vector<models::MapGroup> MapPresenter::groups() const {
    const FleetColumns& columns = m_feed.store().columns();
    const MapGroups groups(columns, m_grouping);
    const MapColoring& colors = coloring();
    const std::vector<std::size_t>& sizes = groups.sizes();
    std::vector<models::MapGroup> out(sizes.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i].title = groups.titles()[static_cast<qsizetype>(i)];
        out[i].note = grouped(static_cast<qint64>(sizes[i]));
        out[i].rows.reserve(sizes[i]);
        out[i].swatches.reserve(sizes[i]);
    }
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
        if (columns.alive[row] == 0) continue;
        models::MapGroup& group = out[groups.of(row)];
        group.rows.push_back(row);
        group.swatches.push_back(colors.of(row));
    }
    return out;
}

std::vector<models::MapSwatch> MapPresenter::swatches() const {
    const bool old = models::isOld(notice().state);
    std::vector<models::MapSwatch> out;
    for (const MapColoring::Entry& entry : coloring().entries()) {
        out.push_back(entry.swatch);
        out.back().faded = old || (m_only && *m_only != out.size() - 1);
    }
    return out;
}

std::vector<MapPresenter::LegendEntry> MapPresenter::legend() const {
    const bool old = models::isOld(notice().state);
    std::vector<LegendEntry> out;
    const auto& entries = coloring().entries();
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const MapColoring::Entry& entry = entries[i];
        if (entry.machines == 0 && !entry.always) continue;
        out.push_back({static_cast<std::uint8_t>(i), entry.swatch, entry.word, entry.machines,
                       entry.filter, m_only == i});
        out.back().swatch.faded = old;
    }
    return out;
}

void MapPresenter::updateGroupModel() {
    const FleetColumns& columns = m_feed.store().columns();
    const MapGroups groups(columns, m_grouping);
    const MapColoring& colors = coloring();
    const std::size_t count = groups.sizes().size();
    std::vector<models::MapGroupRow> rows(count);
    std::vector<std::vector<qint64>> entries(count,
                                             std::vector<qint64>(colors.entries().size(), 0));
    static constexpr qint64 models::MapGroupRow::*kCounts[] = {
        &models::MapGroupRow::failed,   &models::MapGroupRow::silent,
        &models::MapGroupRow::watching, &models::MapGroupRow::inFlight,
        &models::MapGroupRow::healthy,  &models::MapGroupRow::other};
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
        if (columns.alive[row] == 0) continue;
        const std::uint32_t group = groups.of(row);
        ++(rows[group].*kCounts[static_cast<std::size_t>(bucketOf(columns.state[row]))]);
        ++entries[group][colors.of(row)];
    }
    for (std::size_t i = 0; i < count; ++i) {
        rows[i].title = groups.titles()[static_cast<qsizetype>(i)];
        rows[i].machines = static_cast<qint64>(groups.sizes()[i]);
        QStringList parts;
        for (std::size_t entry = 0; entry < entries[i].size(); ++entry) {
            if (entries[i][entry] == 0) continue;
            parts << colors.entries()[entry].word + QLatin1Char(' ') + grouped(entries[i][entry]);
        }
        rows[i].colors = parts.join(QStringLiteral(" · "));
    }
    m_groupModel.setRecords(std::move(rows));
}

std::vector<MapPresenter::VersionShare> MapPresenter::versions() const {
    const FleetTotals fleet = totals();
    const QString agent = fleet.shown().leadingAgent();
    const models::VersionColors colors = versionColors(agent.toStdString());
    std::vector<VersionShare> out;
    for (const auto& [version, machines] : fleet.shown().versionsOf(agent))
        out.push_back({version, machines, colors.of(version.toStdString())});
    return out;
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
                   MapColoring::lookOf(bucketOf(columns.state[row])).word;
    for (const models::AgentCell& cell : columns.agentsOf(row)) {
        text += QLatin1Char('\n') + toText(columns.text(cell.agent)) + QLatin1Char(' ') +
                toText(columns.text(cell.runningVersion));
        const models::StringId now = cell.error != 0 ? cell.error : cell.step;
        if (now == 0) continue;
        const QString said = toText(columns.text(now));
        text += QStringLiteral(": ") + (cell.error != 0 ? models::OwnWords::ofFailure(said)
                                                        : models::OwnWords::ofStep(said));
    }
    return text;
}

void MapPresenter::setGroupBy(GroupBy by, const QString& label) {
    const MapGrouping wanted{by, label};
    if (wanted == m_grouping) return;
    m_grouping = wanted;
    Q_EMIT changed();
}

QStringList MapPresenter::labelKeys() const {
    return MapGroups::labelKeys(m_feed.store().columns());
}

void MapPresenter::setColor(MapColor color) {
    if (color == m_color) return;
    m_color = color;
    m_coloring.reset();
    m_only.reset();
    Q_EMIT changed();
}

void MapPresenter::toggle(std::uint8_t entry) {
    m_only = m_only == entry ? std::nullopt : std::optional(entry);
    Q_EMIT changed();
}

void MapPresenter::toggle(Bucket bucket) {
    if (m_color != MapColor::State) setColor(MapColor::State);
    toggle(static_cast<std::uint8_t>(bucket));
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
    const QString missing = missingLine();
    facts.partial = missing;
    // Versions, open releases and whether it is frozen are of before then.
    if (const absl::Status& status = m_feed.clusterError(); !status.ok()) {
        if (!facts.partial.isEmpty()) facts.partial += QLatin1Char(' ');
        facts.partial +=
            tr("The master does not sum up the cluster now: %1").arg(sentenceOf(status));
    }
    facts.empty = nobodyJoined();
    models::ViewNotice notice = judgeView(m_hub, facts);
    // That the window's own cluster has nothing to show hides no other one.
    if (m_hub.hasSession() && hasOthers() && !models::keepsContent(notice.state))
        notice.state = models::ViewState::Partial;
    // For F5 nobody looks who does not know it.
    const bool isMissing = notice.state == models::ViewState::Partial && !missing.isEmpty();
    if (isMissing && notice.action.isEmpty()) notice.action = tr("Try again");
    return notice;
}

}  // namespace ifrit::gui::presenters
