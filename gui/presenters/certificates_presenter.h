// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "gui/models/access_models.h"
#include "gui/models/page_parts.h"
#include "gui/presenters/action.h"
#include "gui/presenters/owned_records.h"
#include "gui/presenters/pending_change.h"

namespace ifrit::gui::presenters {

/// The certificates of one user, also those that ended, and how one that holds is revoked. GUI
/// thread.
class CertificatesPresenter : public QObject {
    Q_OBJECT
public:
    using List = OwnedRecords<services::CertificateInfo, models::CertificateModel>;

    explicit CertificatesPresenter(ConnectionHub& hub, QObject* parent = nullptr);

    List& list() { return m_list; }
    models::CertificateModel& model() { return m_list.model(); }
    /// Why the list is not there, or not all of it; empty: it is.
    QString note() const;
    /// What stands in its room while it shows no row.
    QString emptyText() const;

    /// `row` of model().
    Action revokeAction(int row) const;
    models::DangerFacts revokeFacts(int row) const;
    void revoke(const std::string& serial, const QString& reason);
    /// Every one of the user.
    Action revokeAllAction() const;
    models::DangerFacts revokeAllFacts() const;
    void revokeAll(const std::string& user, const QString& reason);

Q_SIGNALS:
    void changed();
    /// How a change ended; empty: well.
    void acted(const QString& sentence);

private:
    qint64 inForce() const;
    models::DangerFacts facts(const std::string& user) const;
    void send(services::Revocation which, const QString& reason);

    ConnectionHub& m_hub;
    List m_list;
    PendingChange m_change;
};

}  // namespace ifrit::gui::presenters
