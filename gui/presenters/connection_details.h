// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QObject>
#include <QPair>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gui/presenters/certificate_facts.h"
#include "gui/presenters/connections_presenter.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/fleet_roster.h"

namespace ifrit::gui::presenters {

/// Who is at either end of the connections on the list: certificates, user, version, latency. From
/// the bundle files, from the lines that stand, and from tests. What nobody has told is unknown.
/// GUI thread.
class ConnectionDetails : public QObject {
    Q_OBJECT
public:
    using Facts = QList<QPair<QString, QString>>;

    struct Sources {
        ConnectionsPresenter& connections;
        ConnectionHub& hub;
        FleetFeed& feed;
        FleetRoster& roster;
    };
    explicit ConnectionDetails(const Sources& sources, QObject* parent = nullptr);

    /// Of the line, also where only the map's card has one.
    models::StatusLook state(const KnownMaster& master) const;
    /// With what becomes of a line that has ended.
    QString stateSentence(const KnownMaster& master) const;
    /// Who is signed in; else whom the client certificate names.
    QString user(const KnownMaster& master) const;
    QString serverVersion(const KnownMaster& master) const;
    QString latency(const KnownMaster& master) const;
    /// The end of CA, server's and own certificate: whichever needs somebody most.
    models::StatusLook certificates(const KnownMaster& master) const;
    /// As certificates(), of all of them.
    models::StatusLook certificatesOf(const std::vector<KnownMaster>& masters) const;
    /// How many of them have a line that stands, and the worst of the lines that do not.
    static models::StatusLook rollUp(const std::vector<models::StatusLook>& states);
    /// Each certificate, and what is trusted.
    Facts trust(const KnownMaster& master) const;

Q_SIGNALS:
    void changed();

private:
    /// What a bundle file says; nothing that is secret.
    struct Bundled {
        bool readable = false;
        CertificateFacts::Certificate ca;
        int cas = 0;
        bool hasOwn = false;
        CertificateFacts::Certificate own;
        QString ownName;
    };
    /// A server's certificate, and when it was seen last.
    struct Shown {
        std::string pem;
        CertificateFacts::Certificate certificate;
        base::WallTime at{};
    };
    void keep(const QString& bundlePath, const std::string& certificatePem);
    void lookAtLines();
    void forgetBundles();
    const Bundled& bundled(const QString& bundlePath) const;
    const Shown& shown(const QString& bundlePath) const;
    void addCertificates(const KnownMaster& master,
                         std::vector<CertificateFacts::Certificate>& to) const;
    bool isCurrent(const KnownMaster& master) const;
    std::optional<FleetRoster::Line> lineOf(const KnownMaster& master) const;

    Sources m_from;
    std::map<QString, Shown> m_shown;
    mutable std::map<QString, Bundled> m_bundled;  ///< read when it is asked for
};

}  // namespace ifrit::gui::presenters
