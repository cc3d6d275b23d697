// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/connection_details.h"

#include <algorithm>

#include "shared/bundle/bundle.h"

namespace ifrit::gui::presenters {
namespace {

using models::StatusKind;
using models::toText;
using services::LinkState;

int countOfCertificates(const std::string& pem) {
    constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
    int out = 0;
    for (std::size_t at = pem.find(kBegin); at != std::string::npos;
         at = pem.find(kBegin, at + kBegin.size()))
        ++out;
    return out;
}

CertificateFacts::Certificate describe(const std::string& pem) {
    auto info = crypto::describeCertificate(pem);
    if (!info.ok()) return std::nullopt;
    return *std::move(info);
}

}  // namespace

ConnectionDetails::ConnectionDetails(const Sources& sources, QObject* parent)
    : QObject(parent), m_from(sources) {
    connect(&m_from.connections, &ConnectionsPresenter::certificateShown, this,
            [this](const QString& bundlePath, const std::string& certificatePem) {
                keep(bundlePath, certificatePem);
                Q_EMIT changed();
            });
    connect(&m_from.connections, &ConnectionsPresenter::listChanged, this,
            &ConnectionDetails::forgetBundles);
    connect(&m_from.hub, &ConnectionHub::sessionOpened, this, &ConnectionDetails::forgetBundles);
    connect(&m_from.hub, &ConnectionHub::linkChanged, this, &ConnectionDetails::lookAtLines);
    connect(&m_from.hub, &ConnectionHub::identityChanged, this, &ConnectionDetails::changed);
    connect(&m_from.roster, &FleetRoster::changed, this, &ConnectionDetails::lookAtLines);
    connect(&m_from.feed, &FleetFeed::clusterChanged, this, &ConnectionDetails::changed);
}

void ConnectionDetails::keep(const QString& bundlePath, const std::string& certificatePem) {
    if (bundlePath.isEmpty() || certificatePem.empty()) return;
    Shown& shown = m_shown[bundlePath];
    shown.at = m_from.hub.times().now();
    if (shown.pem != certificatePem) {
        shown.pem = certificatePem;
        shown.certificate = describe(certificatePem);
    }
}

// A line that does not stand shows nothing now: what it has shown keeps its time.
void ConnectionDetails::lookAtLines() {
    for (const KnownMaster& master : m_from.connections.masters()) {
        const auto line = lineOf(master);
        if (line && line->link.state == LinkState::Connected)
            keep(master.bundlePath, line->link.serverCertificatePem);
    }
    Q_EMIT changed();
}

void ConnectionDetails::forgetBundles() {
    m_bundled.clear();
    Q_EMIT changed();
}

const ConnectionDetails::Bundled& ConnectionDetails::bundled(const QString& bundlePath) const {
    const auto [at, isNew] = m_bundled.try_emplace(bundlePath);
    Bundled& out = at->second;
    if (!isNew) return out;
    const auto bundle = bundle::readBundleFile(bundlePath.toStdString());
    if (!bundle.ok()) return out;
    out.readable = true;
    out.ca = describe(bundle->caPem);
    out.cas = countOfCertificates(bundle->caPem);
    out.hasOwn = !bundle->certificatePem.empty();
    if (!out.hasOwn) return out;
    out.own = describe(bundle->certificatePem);
    if (const auto identity = crypto::parseIdentity(bundle->certificatePem); identity.ok())
        out.ownName = toText(identity->name);
    return out;
}

const ConnectionDetails::Shown& ConnectionDetails::shown(const QString& bundlePath) const {
    static const Shown kNone;
    const auto found = m_shown.find(bundlePath);
    return found == m_shown.end() ? kNone : found->second;
}

bool ConnectionDetails::isCurrent(const KnownMaster& master) const {
    return m_from.hub.hasSession() && toText(m_from.hub.profile().bundlePath) == master.bundlePath;
}

std::optional<FleetRoster::Line> ConnectionDetails::lineOf(const KnownMaster& master) const {
    if (!isCurrent(master)) return m_from.roster.lineOf(master.bundlePath);
    FleetRoster::Line line{m_from.hub.link(), {}};
    const auto& cluster = m_from.feed.cluster();
    if (cluster && m_from.hub.isConnected() && m_from.feed.clusterError().ok())
        line.serverVersion = cluster->serverVersion;
    return line;
}

models::StatusLook ConnectionDetails::state(const KnownMaster& master) const {
    const auto& all = m_from.connections.masters();
    const auto at = std::find_if(all.begin(), all.end(), [&master](const auto& known) {
        return known.bundlePath == master.bundlePath;
    });
    const auto index = static_cast<int>(at - all.begin());
    if (at != all.end() && index == m_from.connections.current())
        return m_from.connections.lookOf(index);
    const auto line = m_from.roster.lineOf(master.bundlePath);
    if (line && line->ended) return *line->ended;
    if (!line || line->link.state == LinkState::Disconnected)
        return {StatusKind::None, tr("not connected")};
    if (line->link.state == LinkState::Connected) return {StatusKind::Ok, tr("on the map")};
    return ConnectionsPresenter::lookOf(line->link);
}

QString ConnectionDetails::stateSentence(const KnownMaster& master) const {
    const auto line = isCurrent(master) ? std::nullopt : m_from.roster.lineOf(master.bundlePath);
    return line && line->ended ? line->becomes : state(master).word;
}

QString ConnectionDetails::user(const KnownMaster& master) const {
    if (isCurrent(master) && m_from.hub.identity()) return toText(m_from.hub.identity()->user);
    const QString& name = bundled(master.bundlePath).ownName;
    return name.isEmpty() ? tr("unknown") : name;
}

QString ConnectionDetails::serverVersion(const KnownMaster& master) const {
    const auto line = lineOf(master);
    return line && !line->serverVersion.empty() ? toText(line->serverVersion) : tr("unknown");
}

QString ConnectionDetails::latency(const KnownMaster& master) const {
    const auto line = lineOf(master);
    const bool isKnown = line && line->link.state == LinkState::Connected && line->link.latency;
    return isKnown ? tr("%1 ms").arg(line->link.latency->count()) : tr("unknown");
}

models::StatusLook ConnectionDetails::certificates(const KnownMaster& master) const {
    return certificatesOf({master});
}

models::StatusLook ConnectionDetails::certificatesOf(
    const std::vector<KnownMaster>& masters) const {
    std::vector<CertificateFacts::Certificate> all;
    for (const KnownMaster& master : masters)
        addCertificates(master, all);
    return CertificateFacts::worstOf(all, m_from.hub.times().now());
}

void ConnectionDetails::addCertificates(const KnownMaster& master,
                                        std::vector<CertificateFacts::Certificate>& to) const {
    const Bundled& bundle = bundled(master.bundlePath);
    to.push_back(bundle.ca);
    to.push_back(shown(master.bundlePath).certificate);
    if (bundle.hasOwn) to.push_back(bundle.own);
}

models::StatusLook ConnectionDetails::rollUp(const std::vector<models::StatusLook>& states) {
    static constexpr StatusKind kWorstFirst[] = {StatusKind::Fail, StatusKind::Wait,
                                                 StatusKind::Run};
    const auto connected = std::count_if(states.begin(), states.end(), [](const auto& state) {
        return state.kind == StatusKind::Ok;
    });
    const QString line = tr("%1 of %2 connected").arg(connected).arg(states.size());
    for (const StatusKind kind : kWorstFirst) {
        const auto worst = std::find_if(states.begin(), states.end(),
                                        [kind](const auto& state) { return state.kind == kind; });
        // "1 of 3 connected, reconnecting"
        if (worst != states.end()) return {kind, tr("%1, %2").arg(line, worst->word)};
    }
    return {connected > 0 ? StatusKind::Ok : StatusKind::None, line};
}

ConnectionDetails::Facts ConnectionDetails::trust(const KnownMaster& master) const {
    const models::TimeText& times = m_from.hub.times();
    const Bundled& bundle = bundled(master.bundlePath);
    const Shown& server = shown(master.bundlePath);
    const auto add = [](Facts& to, const QString& label, const QString& value) {
        to << qMakePair(label, value.isEmpty() ? tr("unknown") : value);
    };
    Facts out;
    add(out, tr("CA"), bundle.ca ? toText(bundle.ca->subject) : QString());
    add(out, tr("CA's fingerprint (SHA-256)"),
        bundle.ca ? toText(bundle.ca->sha256Fingerprint) : QString());
    add(out, tr("CA's expiry"), CertificateFacts::endOf(bundle.ca, times));
    add(out, tr("Trusted"),
        !bundle.readable ? tr("nobody: the bundle file cannot be read")
        : bundle.cas > 1 ? tr("pinned: servers whose certificate one of the bundle's %n CA(s) "
                              "signed for their address, and no other CA of this computer",
                              "", bundle.cas)
                         : tr("pinned: servers whose certificate this CA signed for their "
                              "address, and no other CA of this computer"));
    add(out, tr("Server's certificate"),
        server.certificate ? toText(server.certificate->subject)
                           : tr("unknown: connect, or test the connection"));
    add(out, tr("Server's expiry"), CertificateFacts::endOf(server.certificate, times));
    if (server.certificate) add(out, tr("Seen"), times.full(server.at));
    if (!bundle.readable) return out;
    if (!bundle.hasOwn) {
        add(out, tr("Your certificate"), tr("none: a password signs in"));
        return out;
    }
    add(out, tr("Your certificate"), bundle.own ? toText(bundle.own->subject) : QString());
    add(out, tr("Your certificate's expiry"), CertificateFacts::endOf(bundle.own, times));
    return out;
}

}  // namespace ifrit::gui::presenters
