// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "gui/models/access_models.h"
#include "gui/models/page_parts.h"
#include "gui/presenters/action.h"
#include "gui/presenters/owned_records.h"
#include "gui/presenters/pending_change.h"

namespace ifrit::gui::presenters {

/// The tokens of one user: those that there are, a new one of one's own, and their end. GUI thread.
class TokensPresenter : public QObject {
    Q_OBJECT
public:
    using List = OwnedRecords<services::TokenInfo, models::TokenModel>;
    struct NewToken {
        QString label;
        int days = 30;
    };
    /// As the master holds it.
    static constexpr int kMostDays = 90;

    explicit TokensPresenter(ConnectionHub& hub, QObject* parent = nullptr);

    List& list() { return m_list; }
    const List& list() const { return m_list; }
    models::TokenModel& model() { return m_list.model(); }
    /// Why the list is not there, or not all of it; empty: it is.
    QString note() const;
    /// What stands in its room while it shows no row.
    QString emptyText() const;

    Action createAction() const;
    /// What is wrong with what was filled in; empty: nothing.
    QString problemOf(const NewToken& token) const;
    models::DangerFacts createFacts(const NewToken& token) const;
    void create(const NewToken& token, const models::Consent& consent);

    /// `row` of model().
    Action endAction(int row) const;
    models::DangerFacts endFacts(int row) const;
    void end(const std::string& tokenId, const QString& reason);
    /// Every one of the user.
    Action endAllAction() const;
    models::DangerFacts endAllFacts() const;
    void endAll(const std::string& user, const QString& reason);

Q_SIGNALS:
    void changed();
    /// How a change ended; empty: well.
    void acted(const QString& sentence);
    /// Shown once; nothing of it is kept here.
    void secretMade(const QString& label, const QString& secret, const QString& id);

private:
    Action endAction() const;
    /// As PendingChange::whyNot(), for what everybody may do with their own.
    QString whyNotOwn() const;
    void revoke(const QString& whyNot, const services::Revocation& which);
    QString made(const QString& label, const absl::StatusOr<services::MadeToken>& token);

    ConnectionHub& m_hub;
    List m_list;
    PendingChange m_change;
};

}  // namespace ifrit::gui::presenters
