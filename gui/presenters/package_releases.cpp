// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/package_releases.h"

#include <algorithm>

namespace ifrit::gui::presenters {
namespace {

using models::grouped;
using models::toText;

constexpr int kReloadAfterMs = 300;

}  // namespace

bool usesPackage(const domain::ReleaseSpec& spec, const services::PackageInfo& package) {
    if (spec.action != domain::DesiredAction::Install) return false;
    if (spec.agent != package.agent || spec.version != package.version) return false;
    return std::any_of(spec.machineTypes.begin(), spec.machineTypes.end(), [&](const auto& type) {
        const auto& types = package.machineTypes;
        return std::find(types.begin(), types.end(), type) != types.end();
    });
}

PackageReleases::PackageReleases(ConnectionHub& hub, FleetFeed& feed, PackagesPresenter& packages,
                                 QObject* parent)
    : QObject(parent), m_hub(hub), m_packages(packages), m_model(hub.times()), m_list([this] {
          filter();
      }) {
    m_reload.setSingleShot(true);
    m_reload.setInterval(kReloadAfterMs);
    connect(&m_reload, &QTimer::timeout, this, &PackageReleases::refresh);
    connect(&packages, &PackagesPresenter::chosenChanged, this, &PackageReleases::follow);
    connect(&hub, &ConnectionHub::linkChanged, this, [this] {
        if (m_hub.isConnected()) follow();
    });
    connect(&hub, &ConnectionHub::resumed, this, [this] {
        if (failed()) refresh();
    });
    connect(&hub, &ConnectionHub::sessionClosing, this, [this] {
        m_agent.clear();
        m_list.clear();
        filter();
    });
    connect(&feed, &FleetFeed::happened, this, [this](const services::ClusterEvent& event) {
        using Kind = services::ClusterEvent::Kind;
        const bool mine = event.kind == Kind::ReleaseChanged || event.kind == Kind::Reset;
        // A timer that runs already is left alone: constant change must not starve the list.
        if (mine && !m_reload.isActive()) m_reload.start();
    });
}

void PackageReleases::setShown(bool shown) {
    if (shown == m_shown) return;
    m_shown = shown;
    // What happened while nobody looked.
    if (shown && !m_agent.empty() && !m_list.loading()) refresh();
    follow();
}

void PackageReleases::refresh() {
    if (m_shown && !m_agent.empty() && m_hub.session() != nullptr) read();
}

void PackageReleases::follow() {
    const auto& package = m_packages.chosen();
    const std::string agent = package ? package->agent : std::string();
    if (m_shown && m_hub.session() != nullptr) {
        if (agent != m_agent) m_list.clear();
        m_agent = agent;
        const bool toRead = !m_list.loaded() && !m_list.loading() && m_hub.isConnected();
        if (!agent.empty() && toRead) read();
    }
    filter();
}

void PackageReleases::read() {
    m_list.reload([this](const services::PageRequest& page,
                         services::Reply<services::Page<services::ReleaseInfo>> reply) {
        return m_hub.session()->releases().list({m_agent, false, page}, std::move(reply));
    });
}

void PackageReleases::filter() {
    std::vector<services::ReleaseInfo> rows;
    const auto& package = m_packages.chosen();
    for (const services::ReleaseInfo& info : m_list.items()) {
        if (package && usesPackage(info.release.spec, *package)) rows.push_back(info);
    }
    m_model.setRecords(std::move(rows));
    Q_EMIT changed();
}

QString PackageReleases::line() const {
    if (failed() && m_model.rowCount() > 0) return sentenceOf(m_list.error());
    if (!m_list.loaded()) return {};
    const int used = m_model.rowCount();
    QString text = tr("%1 release(s) brought this version", "", used).arg(grouped(used));
    if (!hasMore()) return text;
    const std::size_t read = m_list.items().size();
    return text + QStringLiteral(" · ") +
           tr("among the newest %1 of this agent, more to load", "", models::pluralOf(read))
               .arg(grouped(static_cast<qint64>(read)));
}

QString PackageReleases::emptyText() const {
    if (failed())
        return sentenceOf(m_list.error()) + QLatin1Char('\n') + codeLineOf(m_list.error());
    if (!m_list.loaded())
        return m_list.loading() ? tr("Reading the releases…") : tr("Not connected.");
    if (hasMore()) return tr("None of those that were read brought this version.");
    return tr("No release has brought this version to a machine.");
}

}  // namespace ifrit::gui::presenters
