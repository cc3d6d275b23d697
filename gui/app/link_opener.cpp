// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/link_opener.h"

#include "gui/app/main_window.h"
#include "gui/widgets/danger_sheet.h"
#include "gui/widgets/open_dialogs.h"
#include "shared/crypto/certificates.h"

namespace ifrit::gui::app {

using models::IfritLink;
using models::toText;
using Kind = IfritLink::Kind;

LinkOpener::LinkOpener(Desktop& desktop, const widgets::Theme& theme, MainWindow& window)
    : QObject(&window), m_desktop(desktop), m_theme(theme), m_window(window) {}

void LinkOpener::open(const QString& text) {
    const auto link = models::IfritLinks::parse(text);
    if (!link.ok()) {
        m_window.tell(presenters::sentenceOf(link.status()));
        return;
    }
    if (link->kind == Kind::Add) {
        add(*link);
    } else if (connectTo(link->cluster)) {
        show(*link);
    }
}

bool LinkOpener::connectTo(const QString& cluster) {
    const auto& masters = m_desktop.connections.masters();
    const int current = m_desktop.connections.current();
    if (current >= 0 && masters[static_cast<std::size_t>(current)].cluster == cluster) return true;
    for (std::size_t i = 0; i < masters.size(); ++i) {
        if (masters[i].cluster != cluster) continue;
        m_desktop.connections.connectTo(static_cast<int>(i));
        return m_desktop.connections.current() == static_cast<int>(i);
    }
    m_window.showView(WindowPages::Connections);
    m_window.tell(tr("No master of the cluster %1 is known here. Import its bundle file first.")
                      .arg(cluster));
    return false;
}

void LinkOpener::show(const IfritLink& link) {
    m_waiting.reset();
    switch (link.kind) {
        case Kind::Cluster:
            m_window.showView(WindowPages::Map);
            break;
        case Kind::Release:
            m_window.showRelease(QString::number(link.number));
            break;
        case Kind::Machine:
            m_window.showMachine(link.uuid);
            if (m_desktop.machines.model().rowOfUuid(link.uuid) >= 0) break;
            if (m_desktop.feed.store().loaded()) {
                tellUnknown(link);
            } else {
                waitFor(link);
            }
            break;
        case Kind::Add:
            break;
    }
}

// The rows come when the cluster has told of its machines; once, so that nobody is called back to
// the page later.
void LinkOpener::waitFor(const IfritLink& link) {
    m_waiting = std::make_unique<QObject>();
    const auto look = [this, link] {
        if (m_waiting == nullptr) return;
        const bool here = m_desktop.machines.model().rowOfUuid(link.uuid) >= 0;
        if (!here && !m_desktop.feed.store().loaded()) return;
        if (here) {
            m_window.showMachine(link.uuid);
        } else {
            tellUnknown(link);
        }
        m_waiting.release()->deleteLater();  // with what led here
    };
    const auto& model = m_desktop.machines.model();
    connect(&model, &QAbstractItemModel::modelReset, m_waiting.get(), look);
    connect(&model, &QAbstractItemModel::rowsInserted, m_waiting.get(), look);
}

void LinkOpener::tellUnknown(const IfritLink& link) {
    m_window.tell(tr("There is no machine %1 in the cluster %2.").arg(link.uuid, link.cluster));
}

void LinkOpener::add(const IfritLink& link) {
    const auto ca = crypto::describeCertificate(link.caPem);
    if (!ca.ok()) {
        m_window.tell(tr("The link's certificate cannot be read."));
        return;
    }
    models::DangerFacts facts(models::ClusterPlace{link.cluster, link.clusterKind.toStdString()});
    facts.danger = models::DangerClass::ChangesMachines;
    facts.reason = models::DangerFacts::Reason::None;
    facts.title = tr("Add the cluster %1?").arg(link.cluster);
    facts.sentence =
        tr("A link asks for it. Go on only where you expect it, and compare the fingerprint with "
           "the one that the cluster's administrator tells you: whoever holds this certificate's "
           "key can pretend to be the master.");
    facts.verb = tr("Add");
    facts.facts = {{tr("Address"), link.address},
                   {tr("CA"), toText(ca->subject)},
                   {tr("Fingerprint (SHA-256)"), toText(ca->sha256Fingerprint)},
                   {tr("Valid until"), m_desktop.times.full(ca->notAfter)}};
    widgets::DangerSheet sheet(m_theme, facts, &m_window);
    // Of no cluster that is connected.
    widgets::OpenDialogs::keep(sheet);
    if (sheet.exec() != QDialog::Accepted) return;
    bundle::Bundle bundle;
    bundle.cluster = link.cluster.toStdString();
    bundle.kind = link.clusterKind.toStdString();
    bundle.addresses = {link.address.toStdString()};
    bundle.caPem = link.caPem;
    const int index = m_desktop.connections.add(bundle);
    m_window.showView(WindowPages::Connections);
    if (index >= 0) {
        m_desktop.connections.connectTo(index);
        m_window.tell(tr("%1 was added. Sign in with your password.").arg(link.cluster));
    }
}

}  // namespace ifrit::gui::app
