// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/running_now.h"

#include <algorithm>
#include <unordered_map>

#include "gui/models/text_format.h"
#include "gui/models/version_colors.h"

namespace ifrit::gui::presenters {
namespace {

using models::AgentCell;
using models::FleetColumns;
using models::StringId;

/// More than these are counted together: the form has one line for them.
constexpr std::size_t kMostVersions = 3;

struct TypeCounts {
    std::uint32_t machines = 0;
    std::unordered_map<StringId, std::uint32_t> versions;
};

RunningNow::OfType sortedOf(const TypeCounts& counts, const FleetColumns& columns) {
    RunningNow::OfType out;
    out.machines = counts.machines;
    for (const auto& [version, machines] : counts.versions)
        out.versions.emplace_back(columns.text(version), machines);
    std::sort(out.versions.begin(), out.versions.end(),
              [](const auto& a, const auto& b) { return models::standsBefore(a.first, b.first); });
    return out;
}

}  // namespace

const RunningNow::ByType& RunningNow::of(const std::string& agent,
                                         const models::FleetStore& store) {
    if (m_known && m_agent == agent) return m_types;
    m_known = true;
    m_agent = agent;
    m_types.clear();
    const FleetColumns& columns = store.columns();
    const std::size_t wanted = columns.strings.find(agent);
    std::unordered_map<StringId, TypeCounts> found;
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
        if (columns.alive[row] == 0) continue;
        TypeCounts& counts = found[columns.machineType[row]];
        ++counts.machines;
        for (const AgentCell& cell : columns.agentsOf(row)) {
            if (cell.agent == wanted && cell.runningVersion != 0)
                ++counts.versions[cell.runningVersion];
        }
    }
    for (const auto& [type, counts] : found)
        m_types[std::string(columns.text(type))] = sortedOf(counts, columns);
    return m_types;
}

QString RunningNow::sentenceOf(const ByType& all, const QStringList& types,
                               const QString& version) {
    std::uint32_t machines = 0;
    std::uint32_t changing = 0;
    QStringList lines;
    for (const QString& type : types) {
        const auto found = all.find(type.toStdString());
        if (found == all.end()) continue;
        const OfType& one = found->second;
        std::uint32_t none = one.machines;
        std::uint32_t others = 0;
        std::uint32_t already = 0;
        QStringList parts;
        for (std::size_t i = 0; i < one.versions.size(); ++i) {
            const auto& [running, count] = one.versions[i];
            none -= count;
            if (models::toText(running) == version) already += count;
            if (i < kMostVersions) {
                parts << tr("%1 on %2", "version, machines")
                             .arg(models::toText(running), models::grouped(count));
            } else {
                others += count;
            }
        }
        if (others > 0) parts << tr("others on %1", "machines").arg(models::grouped(others));
        if (none > 0) parts << tr("none on %1", "machines").arg(models::grouped(none));
        machines += one.machines;
        changing += one.machines - (version.isEmpty() ? none : already);
        lines << tr("%1: %2", "machine type, versions").arg(type, models::inARow(parts));
    }
    if (machines == 0) return {};
    // On a line of its own: it is what the operator decides by.
    return lines.join(QStringLiteral(" · ")) + QLatin1Char('\n') +
           tr("%1 of %2 change", "machines")
               .arg(models::grouped(changing), models::grouped(machines));
}

}  // namespace ifrit::gui::presenters
