// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/connections_presenter.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <utility>

#include "gui/models/own_words.h"
#include "gui/presenters/master_groups.h"
#include "shared/base/atomic_file.h"
#include "shared/base/status.h"
#include "shared/bundle/bundle.h"

namespace ifrit::gui::presenters {

using models::StatusKind;
using models::toText;
using services::LinkState;

ConnectionsPresenter::ConnectionsPresenter(const Parts& parts, QObject* parent)
    : QObject(parent),
      m_hub(parts.hub),
      m_store(parts.store),
      m_factory(parts.factory),
      m_secrets(parts.secrets),
      m_masters(parts.store.load()),
      m_forgottenLogin(parts.secrets) {
    connect(&m_hub, &ConnectionHub::linkChanged, this, &ConnectionsPresenter::changed);
    connect(&m_hub, &ConnectionHub::identityChanged, this, &ConnectionsPresenter::changed);
    connect(&m_hub, &ConnectionHub::signedIn, this, &ConnectionsPresenter::keepLogin);
}

ConnectionsPresenter::~ConnectionsPresenter() {
    m_secret.cancel();
}

QString ConnectionsPresenter::pathOf(const bundle::Bundle& bundle) const {
    return QStringLiteral("%1/%2.bundle")
        .arg(m_store.bundleDirectory(),
             toText(secretName(bundle)).replace(QLatin1Char('/'), QLatin1Char('-')));
}

int ConnectionsPresenter::addAddress(bundle::Bundle bundle) {
    const QString path = pathOf(bundle);
    const bool isListed =
        std::any_of(m_masters.begin(), m_masters.end(),
                    [&path](const KnownMaster& master) { return master.bundlePath == path; });
    const auto known = bundle::readBundleFile(path.toStdString());
    if (isListed && known.ok()) {
        bundle.kind = known->kind;
        for (const std::string& address : known->addresses) {
            auto& all = bundle.addresses;
            if (std::find(all.begin(), all.end(), address) == all.end()) all.push_back(address);
        }
    }
    return add(bundle);
}

int ConnectionsPresenter::add(const bundle::Bundle& bundle) {
    const QString directory = m_store.bundleDirectory();
    const QString path = pathOf(bundle);
    absl::Status written = bundle::parseBundle(bundle::formatBundle(bundle), "link").status();
    if (written.ok() && !QDir().mkpath(directory))
        written = base::failedPrecondition("SYSTEM", "", "cannot make {}", directory.toStdString());
    constexpr int kOwnerOnly = 0600;
    if (written.ok())
        written =
            base::writeFileAtomically(path.toStdString(), bundle::formatBundle(bundle), kOwnerOnly);
    if (!written.ok()) {
        m_error = KeptText([written] { return sentenceOf(written); });
        Q_EMIT changed();
        return -1;
    }
    return take(path, false);
}

// What was imported again is wanted now: the line would go on by the old address or certificate
// until somebody thought of connecting once more.
int ConnectionsPresenter::import(const QString& path) {
    const int index = take(path, false);
    if (index < 0 || index != current()) return index;
    const auto profile = profileOf(m_masters[static_cast<std::size_t>(index)]);
    if (!profile.ok()) return index;
    if (m_hub.hasSession() && m_hub.profile().bundle == profile->bundle) return index;
    connectTo(index);
    Q_EMIT renewed(m_masters[static_cast<std::size_t>(index)].cluster);
    return index;
}

int ConnectionsPresenter::importPassing(const QString& path) {
    return take(path, true);
}

int ConnectionsPresenter::take(const QString& path, bool isPassing) {
    const QString absolute = QFileInfo(path).absoluteFilePath();
    const auto bundle = bundle::readBundleFile(absolute.toStdString());
    if (!bundle.ok()) {
        m_error = KeptText([status = bundle.status()] { return sentenceOf(status); });
        Q_EMIT changed();
        return -1;
    }
    m_error.clear();
    KnownMaster master{absolute,
                       toText(bundle->cluster),
                       toText(bundle->kind),
                       toText(bundle->addresses.front()),
                       m_readOnlyFirst,
                       {},
                       true,
                       isPassing};
    const auto same = std::find_if(m_masters.begin(), m_masters.end(),
                                   [&](const auto& known) { return known.bundlePath == absolute; });
    const auto index = static_cast<int>(same - m_masters.begin());
    if (same == m_masters.end()) {
        m_masters.push_back(master);
    } else {
        master.readOnly = same->readOnly;
        master.group = same->group;
        master.watched = same->watched;
        *same = master;
    }
    // Imported again by hand: there is nothing left to bring back.
    if (m_removed && m_removed->master.bundlePath == absolute) endUndo();
    m_tests.erase(absolute);
    m_store.save(m_masters);
    tellList();
    Q_EMIT changed();
    return index;
}

void ConnectionsPresenter::removePassing() {
    const int connected = current();
    if (connected >= 0 && m_masters[static_cast<std::size_t>(connected)].isPassing) disconnect();
    if (m_removed && m_removed->master.isPassing) endUndo();
    if (std::erase_if(m_masters, [](const auto& known) { return known.isPassing; }) == 0) return;
    tellList();
    Q_EMIT changed();
}

void ConnectionsPresenter::remove(int index) {
    if (index < 0 || index >= static_cast<int>(m_masters.size())) return;
    const auto at = m_masters.begin() + index;
    m_removed = Removed{*at, index, index == current()};
    if (m_removed->wasConnected) disconnect();
    m_masters.erase(at);
    forgetLogin(m_removed->master);
    m_store.save(m_masters);
    tellList();
    Q_EMIT changed();
}

QString ConnectionsPresenter::removedName() const {
    return m_removed ? m_removed->master.cluster : QString();
}

void ConnectionsPresenter::undoRemove() {
    if (!m_removed) return;
    const Removed removed = *std::exchange(m_removed, std::nullopt);
    m_forgottenLogin.bringBack();
    const auto index = std::min(removed.index, static_cast<int>(m_masters.size()));
    m_masters.insert(m_masters.begin() + index, removed.master);
    m_store.save(m_masters);
    tellList();
    // Unless another was connected meanwhile, which is not for an undo to break.
    if (removed.wasConnected && !m_hub.hasSession()) connectTo(index);
    Q_EMIT changed();
}

void ConnectionsPresenter::setReadOnly(int index, bool readOnly) {
    if (index < 0 || index >= static_cast<int>(m_masters.size())) return;
    KnownMaster& master = m_masters[static_cast<std::size_t>(index)];
    if (master.readOnly == readOnly) return;
    master.readOnly = readOnly;
    m_store.save(m_masters);
    tellList();
    // Read-only is a property of the connection: it holds before any call is made.
    if (index == current()) connectTo(index);
}

void ConnectionsPresenter::setWatched(int index, bool watched) {
    if (index < 0 || index >= static_cast<int>(m_masters.size())) return;
    m_masters[static_cast<std::size_t>(index)].watched = watched;
    m_store.save(m_masters);
    tellList();
}

void ConnectionsPresenter::setGroup(int index, const QString& group) {
    if (index < 0 || index >= static_cast<int>(m_masters.size())) return;
    KnownMaster& master = m_masters[static_cast<std::size_t>(index)];
    const QString name = groupName(group);
    if (master.group == name) return;
    master.group = name;
    sortByGroup(m_masters);
    m_store.save(m_masters);
    tellList();
}

QString ConnectionsPresenter::renameGroup(const QString& from, const QString& to) {
    const QString name = groupName(to);
    if (from == name) return name;
    for (KnownMaster& master : m_masters) {
        if (master.group == from) master.group = name;
    }
    sortByGroup(m_masters);
    m_store.save(m_masters);
    tellList();
    return name;
}

QStringList ConnectionsPresenter::groups() const {
    return groupsOf(m_masters);
}

absl::StatusOr<services::ConnectionProfile> ConnectionsPresenter::profileOf(
    const KnownMaster& master) const {
    auto known = m_profiles.find(master.bundlePath);
    if (known == m_profiles.end()) {
        auto bundle = bundle::readBundleFile(master.bundlePath.toStdString());
        if (!bundle.ok()) return bundle.status();
        services::ConnectionProfile profile;
        profile.bundle = *std::move(bundle);
        profile.bundlePath = master.bundlePath.toStdString();
        known = m_profiles.emplace(master.bundlePath, std::move(profile)).first;
    }
    services::ConnectionProfile out = known->second;
    out.readOnly = master.readOnly;
    return out;
}

void ConnectionsPresenter::tellList() {
    m_profiles.clear();
    std::erase_if(m_tests, [this](const auto& test) {
        return std::none_of(m_masters.begin(), m_masters.end(),
                            [&test](const auto& known) { return known.bundlePath == test.first; });
    });
    Q_EMIT listChanged();
}

std::optional<services::ConnectionProfile> ConnectionsPresenter::profileOf(int index) {
    if (index < 0 || index >= static_cast<int>(m_masters.size())) return std::nullopt;
    const KnownMaster& master = m_masters[static_cast<std::size_t>(index)];
    // Whoever connects or tests wants the file of now.
    m_profiles.erase(master.bundlePath);
    auto profile = profileOf(master);
    if (!profile.ok()) {
        m_error = KeptText([status = profile.status()] { return sentenceOf(status); });
        Q_EMIT changed();
        return std::nullopt;
    }
    m_error.clear();
    return *std::move(profile);
}

void ConnectionsPresenter::endUndo() {
    m_removed.reset();
    m_forgottenLogin.letGo();
}

void ConnectionsPresenter::open(const services::ConnectionProfile& profile) {
    // Who was to be opened before is not any more, however late its token comes.
    m_secret.cancel();
    m_opening = profile.bundle.certificatePem.empty();
    if (m_opening) m_hub.close();
    m_secret = signedIn(profile, [this](const services::ConnectionProfile& whole) {
        m_opening = false;
        m_hub.open(whole);
        Q_EMIT changed();
    });
}

void ConnectionsPresenter::connectTo(int index) {
    const auto profile = profileOf(index);
    if (!profile) return;
    m_signInResult.clear();
    m_currentBundle = m_masters[static_cast<std::size_t>(index)].bundlePath;
    open(*profile);
    Q_EMIT changed();
}

void ConnectionsPresenter::disconnect() {
    m_secret.cancel();
    m_opening = false;
    m_currentBundle.clear();
    m_hub.close();
    Q_EMIT changed();
}

int ConnectionsPresenter::current() const {
    if ((!m_hub.hasSession() && !m_opening) || m_currentBundle.isEmpty()) return -1;
    const auto found = std::find_if(m_masters.begin(), m_masters.end(), [&](const auto& known) {
        return known.bundlePath == m_currentBundle;
    });
    return found == m_masters.end() ? -1 : static_cast<int>(found - m_masters.begin());
}

Action ConnectionsPresenter::actionOn(int index) const {
    const bool any = index >= 0 && static_cast<std::size_t>(index) < m_masters.size();
    return {any ? QString() : tr("Choose a master in the list first.")};
}

models::StatusLook ConnectionsPresenter::lookOf(int index) const {
    if (index != current()) return {StatusKind::None, tr("not connected")};
    if (m_opening) return {StatusKind::Run, tr("connecting")};
    return lookOf(m_hub.link());
}

models::StatusLook ConnectionsPresenter::lookOf(const services::LinkStatus& link) {
    switch (link.state) {
        case LinkState::Connected:
            return {StatusKind::Ok, link.latency ? tr("connected, %1 ms").arg(link.latency->count())
                                                 : tr("connected")};
        case LinkState::Connecting:
            return {StatusKind::Run, tr("connecting")};
        case LinkState::Stale:
            return {StatusKind::Wait, tr("silent")};
        case LinkState::Reconnecting:
            return {StatusKind::Fail, tr("reconnecting")};
        case LinkState::Disconnected:
            break;
    }
    return {StatusKind::Fail, tr("failed")};
}

models::ViewNotice ConnectionsPresenter::notice() const {
    models::ViewNotice notice;
    notice.state = m_masters.empty() ? models::ViewState::Empty : models::ViewState::Ready;
    if (!m_masters.empty()) return notice;
    notice.sentence = tr("No master is known yet.");
    notice.detail =
        tr("Import the bundle file that \"ifrit-master init\" has written, open a link that a "
           "colleague has copied for you, or start a demo cluster on this machine.");
    notice.action = tr("Import bundle file…");
    return notice;
}

}  // namespace ifrit::gui::presenters
