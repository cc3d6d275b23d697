// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/package_spread.h"

#include <algorithm>

namespace ifrit::gui::presenters {

using models::grouped;
using models::toText;

PackageSpread::PackageSpread(FleetFeed& feed, PackagesPresenter& packages, QObject* parent)
    : QObject(parent), m_feed(feed), m_packages(packages) {
    connect(&packages, &PackagesPresenter::chosenChanged, this, &PackageSpread::follow);
    connect(&feed, &FleetFeed::storeChanged, this, [this] { m_stale = true; });
    connect(&feed, &FleetFeed::figuresChanged, this, &PackageSpread::count);
}

void PackageSpread::setShown(bool shown) {
    m_shown = shown;
    count();
}

void PackageSpread::follow() {
    const auto& package = m_packages.chosen();
    const std::string agent = package ? package->agent : std::string();
    if (agent != m_agent) m_stale = true;
    m_agent = agent;
    count();
    // Another version of the same agent: the bars are the same, and another one is marked.
    Q_EMIT changed();
}

void PackageSpread::count() {
    if (!m_shown || !m_stale) return;
    m_stale = false;
    m_versions = models::versionSpread(m_feed.store().columns(), m_agent);
    m_model.setRecords(m_versions);
    Q_EMIT changed();
}

int PackageSpread::chosenVersion() const {
    const auto& package = m_packages.chosen();
    const auto found = std::find_if(m_versions.begin(), m_versions.end(), [&](const auto& one) {
        return package && one.version == package->version;
    });
    return found == m_versions.end() ? -1 : static_cast<int>(found - m_versions.begin());
}

QString PackageSpread::title() const {
    return tr("Machines by their version of %1").arg(toText(m_agent));
}

QString PackageSpread::line() const {
    std::uint64_t running = 0;
    std::uint64_t coming = 0;
    for (const models::VersionSpread& one : m_versions) {
        running += one.running;
        coming += one.coming;
    }
    const QString runs = tr("%1 machine(s) run it", "", models::pluralOf(running))
                             .arg(grouped(static_cast<qint64>(running)));
    if (coming == 0) return runs;
    return runs + QStringLiteral(" · ") +
           tr("%1 are to change", "", models::pluralOf(coming))
               .arg(grouped(static_cast<qint64>(coming)));
}

QString PackageSpread::whyEmpty() const {
    if (!m_versions.empty()) return {};
    if (!m_feed.store().loaded()) return tr("The machines have not been loaded yet.");
    return tr("No machine runs %1, and none is to.").arg(toText(m_agent));
}

QString PackageSpread::filterOf(const std::string& version) const {
    return QStringLiteral("agent:%1 version:%2").arg(toText(m_agent), toText(version));
}

}  // namespace ifrit::gui::presenters
