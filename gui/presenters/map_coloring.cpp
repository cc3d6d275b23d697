// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/map_coloring.h"

#include <algorithm>
#include <map>

#include "gui/models/text_format.h"

namespace ifrit::gui::presenters {
namespace {

using models::FleetColumns;
using models::StatusKind;
using models::StringId;
using models::toText;

/// More versions or batches than these share the last entry.
constexpr std::size_t kMostEntries = 24;

struct Age {
    std::int64_t lessThanMs;
    const char* filter;
};
constexpr Age kAges[] = {{60'000, "seen<1m"},
                         {300'000, "-seen<1m seen<5m"},
                         {3'600'000, "-seen<5m seen<1h"},
                         {86'400'000, "-seen<1h seen<1d"}};

/// The version of the agent on each machine; 0: it has none.
std::vector<StringId> versionsOf(const FleetColumns& columns, const std::string& agent) {
    const auto wanted = static_cast<StringId>(columns.strings.find(agent));
    std::vector<StringId> versions(columns.rows(), 0);
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
        if (columns.alive[row] == 0) continue;
        for (const models::AgentCell& cell : columns.agentsOf(row)) {
            if (cell.agent != wanted) continue;
            versions[row] = cell.runningVersion;
            break;
        }
    }
    return versions;
}

std::uint8_t ageOf(std::int64_t ageMs) {
    std::uint8_t entry = 0;
    while (entry < std::size(kAges) && ageMs >= kAges[entry].lessThanMs)
        ++entry;
    return entry;
}

}  // namespace

models::StatusLook MapColoring::lookOf(MachineBucket bucket) {
    switch (bucket) {
        case MachineBucket::Failed:
            return {StatusKind::Fail, tr("failed or reverted")};
        case MachineBucket::Silent:
            return {StatusKind::Silent, tr("silent")};
        case MachineBucket::Watching:
            return {StatusKind::Wait, tr("watching")};
        case MachineBucket::InFlight:
            return {StatusKind::Run, tr("in flight")};
        case MachineBucket::Healthy:
            return {StatusKind::Ok, tr("healthy")};
        default:
            return {StatusKind::None, tr("no agent yet")};
    }
}

QString MapColoring::filterOf(MachineBucket bucket) {
    switch (bucket) {
        case MachineBucket::Failed:
            return QStringLiteral("state:failed,reverted");
        case MachineBucket::Silent:
            return QStringLiteral("state:silent");
        case MachineBucket::Watching:
            return QStringLiteral("state:watching,degraded");
        case MachineBucket::InFlight:
            return QStringLiteral("state:in_flight -state:watching");
        case MachineBucket::Healthy:
            return QStringLiteral("state:healthy,already");
        default:
            return QStringLiteral("state:unmanaged,unknown,not_applicable");
    }
}

MapColoring::MapColoring(const FleetColumns& columns, MapColor color, const std::string& agent,
                         const models::VersionColors& versions, base::WallTime now)
    : m_of(columns.rows(), 0) {
    switch (color) {
        case MapColor::State:
            makeStates(columns);
            break;
        case MapColor::Version:
            makeVersions(columns, agent, versions);
            break;
        case MapColor::Age:
            makeAges(columns, base::toUnixMillis(now));
            break;
        case MapColor::Batch:
            makeBatches(columns);
            break;
    }
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
        if (columns.alive[row] != 0) ++m_entries[m_of[row]].machines;
    }
}

void MapColoring::makeStates(const FleetColumns& columns) {
    for (int i = 0; i < static_cast<int>(MachineBucket::Count); ++i) {
        const auto bucket = static_cast<MachineBucket>(i);
        const models::StatusLook look = lookOf(bucket);
        Entry entry;
        entry.swatch.kind = look.kind;
        entry.word = look.word;
        entry.filter = filterOf(bucket);
        entry.always = bucket == MachineBucket::Healthy || bucket == MachineBucket::Failed;
        m_entries.push_back(std::move(entry));
    }
    for (std::uint32_t row = 0; row < columns.rows(); ++row)
        m_of[row] = static_cast<std::uint8_t>(bucketOf(columns.state[row]));
}

void MapColoring::addSeries(const QString& word, const QString& filter, int series) {
    Entry entry;
    entry.swatch.series = static_cast<std::uint8_t>(series);
    entry.word = word;
    entry.filter = filter;
    m_entries.push_back(std::move(entry));
}

void MapColoring::closeSeries(bool ramp) {
    for (Entry& entry : m_entries) {
        entry.swatch.of = static_cast<std::uint8_t>(m_entries.size());
        entry.swatch.ramp = ramp;
    }
    // Behind the series: what has none of it is no member of it.
    Entry none;
    none.swatch.kind = StatusKind::None;
    none.word = tr("none");
    m_entries.push_back(std::move(none));
}

void MapColoring::makeVersions(const FleetColumns& columns, const std::string& agent,
                               const models::VersionColors& colors) {
    const std::vector<StringId> versionOn = versionsOf(columns, agent);
    std::vector<std::uint32_t> machines(columns.strings.size() + 1, 0);
    for (const StringId version : versionOn)
        ++machines[version];
    std::vector<StringId> versions;
    for (StringId id = 1; id < columns.strings.size(); ++id) {
        if (machines[id] > 0) versions.push_back(id);
    }
    std::stable_sort(versions.begin(), versions.end(),
                     [&](StringId a, StringId b) { return machines[a] > machines[b]; });
    const bool more = versions.size() > kMostEntries;
    if (more) versions.resize(kMostEntries - 1);
    // Newest first: what a release moves stands side by side.
    std::sort(versions.begin(), versions.end(), [&](StringId a, StringId b) {
        return models::standsBefore(columns.text(a), columns.text(b));
    });
    const std::size_t rest = versions.size();
    int behind = colors.size();
    std::vector<std::uint8_t> entryOf(columns.strings.size() + 1, static_cast<std::uint8_t>(rest));
    for (const StringId id : versions) {
        const QString version = toText(columns.text(id));
        entryOf[id] = static_cast<std::uint8_t>(m_entries.size());
        const std::string_view text = columns.text(id);
        addSeries(version, QStringLiteral("agent:%1 version:%2").arg(toText(agent), version),
                  colors.knows(text) ? colors.of(text) : behind++);
    }
    if (more) addSeries(tr("others"), {}, behind);
    closeSeries(false);
    m_entries.back().filter = QStringLiteral("-agent:%1").arg(toText(agent));
    entryOf[0] = static_cast<std::uint8_t>(m_entries.size() - 1);
    for (std::uint32_t row = 0; row < columns.rows(); ++row)
        m_of[row] = entryOf[versionOn[row]];
}

void MapColoring::makeAges(const FleetColumns& columns, std::int64_t nowMs) {
    const QString words[] = {tr("under 1 min"), tr("under 5 min"), tr("under 1 h"),
                             tr("under 1 d")};
    for (std::size_t i = 0; i < std::size(kAges); ++i)
        addSeries(words[i], QString::fromLatin1(kAges[i].filter), static_cast<int>(i));
    addSeries(tr("older"), QStringLiteral("-seen<1d"), static_cast<int>(std::size(kAges)));
    closeSeries(true);
    for (std::uint32_t row = 0; row < columns.rows(); ++row)
        m_of[row] = ageOf(nowMs - columns.lastSeenMs[row]);
}

void MapColoring::makeBatches(const FleetColumns& columns) {
    std::uint32_t last = 0;
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
        if (columns.alive[row] != 0) last = std::max(last, columns.batch[row]);
    }
    std::vector<std::uint8_t> entryOf(std::size_t{last} + 1, 0);
    const bool more = last > kMostEntries;
    for (std::uint32_t batch = 1; batch <= last; ++batch) {
        const bool shared = more && batch >= kMostEntries;
        entryOf[batch] = static_cast<std::uint8_t>(shared ? kMostEntries - 1 : batch - 1);
        if (!shared) {
            addSeries(models::StatusWords::nameOf(domain::StageKind::Batch, batch),
                      QStringLiteral("batch:%1").arg(batch), static_cast<int>(batch) - 1);
        }
    }
    if (more) {
        addSeries(tr("others"), QStringLiteral("batch:%1..%2").arg(kMostEntries).arg(last),
                  static_cast<int>(kMostEntries) - 1);
    }
    closeSeries(false);
    entryOf[0] = static_cast<std::uint8_t>(m_entries.size() - 1);
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
        if (columns.alive[row] != 0) m_of[row] = entryOf[columns.batch[row]];
    }
}

}  // namespace ifrit::gui::presenters
