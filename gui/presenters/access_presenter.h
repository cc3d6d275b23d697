// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

#include "gui/models/access_models.h"
#include "gui/models/page_parts.h"
#include "gui/models/view_notice.h"
#include "gui/presenters/action.h"
#include "gui/presenters/certificates_presenter.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/kept_text.h"
#include "gui/presenters/pending_change.h"
#include "gui/presenters/read_age.h"
#include "gui/presenters/repeated_call.h"
#include "gui/presenters/row_source.h"
#include "gui/presenters/tokens_presenter.h"

namespace ifrit::gui::presenters {

/// Users, what they are granted, their tokens and certificates; and whether somebody may do
/// something. GUI thread.
class AccessPresenter : public QObject {
    Q_OBJECT
public:
    using Verb = models::UserVerb;
    struct NewUser {
        QString name;
        services::UserRole role = services::UserRole::Reader;
        bool withPassword = true;
    };
    struct NewGrant {
        QString permission;
        QString agent;        ///< empty: every one
        QString machineType;  ///< empty: every one
        QString cluster;      ///< empty: every one
        int days = 0;         ///< 0: for ever
    };

    AccessPresenter(ConnectionHub& hub, FleetFeed& feed, QObject* parent = nullptr);

    models::UserModel& users() { return m_users; }
    /// Of the chosen user.
    models::GrantModel& grants() { return m_grants; }
    TokensPresenter& tokens() { return m_tokens; }
    CertificatesPresenter& certificates() { return m_certificates; }
    /// What can be granted; and all that can be asked about.
    QStringList grantable() const;
    QStringList permissions() const;
    void refresh();
    /// The page is shown: what was read long ago is read again.
    void look();
    /// Nobody looks any more: what happens now is read when somebody does.
    void lookAway() { m_isLookedAt = false; }
    /// Each word has to be in what a row says. A user who is left out is not chosen; whoever was,
    /// is again when the filter lets them through.
    void filterUsers(const QString& text);
    void filterGrants(const QString& text);

    /// How many of the chosen user's the filter shows; empty: there is no filter.
    QString grantsCount() const;
    /// Whatever the filters leave of them.
    std::unique_ptr<RowSource> userRows() const;
    std::unique_ptr<RowSource> grantRows() const;

    void choose(const QString& name);
    /// nullptr: nobody is chosen.
    const services::UserInfo* chosen() const;
    QList<QPair<QString, QString>> chosenFacts() const;  ///< over the table of the grants
    /// Why the table of grants is empty or may be out of date; empty: it is what the master said.
    QString grantsNote() const;

    Action createAction() const;
    /// What is wrong with what was filled in; empty: nothing.
    QString problemOf(const NewUser& user) const;
    models::DangerFacts createFacts(const NewUser& user) const;
    void create(const NewUser& user, const models::Consent& consent);

    Action action(Verb verb) const;
    models::DangerFacts facts(Verb verb) const;
    // What facts were about is changed, whoever is chosen by now and whatever the rows are.
    void act(Verb verb, const std::string& user, const models::Consent& consent);

    Action giveAction() const;
    QString problemOf(const NewGrant& grant) const;
    models::DangerFacts giveFacts(const NewGrant& grant) const;
    /// For the chosen user.
    domain::Grant grantOf(const NewGrant& grant) const;
    void give(const domain::Grant& grant, const models::Consent& consent);
    /// `row` of grants().
    Action takeAction(int row) const;
    models::DangerFacts takeFacts(int row) const;
    void take(const std::string& grantId, const QString& reason);

    /// Asks the master whether the chosen user may do it.
    void check(const QString& permission, const QString& agent, const QString& machineTypes);
    QString answer() const { return m_answer.text(); }
    models::StatusKind answerKind() const { return m_answerKind; }

    /// Empty before anything was told.
    QString countLine() const;
    models::ViewNotice notice() const;

Q_SIGNALS:
    void changed();
    /// How a change ended; empty: well.
    void acted(const QString& sentence);
    /// What was told by acted() is of a line that is not that one any more.
    void answersOver();
    /// A password that the master made: shown once.
    void secretMade(const QString& whose, const QString& secret);

private:
    QList<QPair<QString, QString>> sheetFacts() const;  ///< where no table stands below
    /// `reader`: what whoever is no super admin may do.
    QList<QPair<QString, QString>> factsOf(const QString& reader) const;
    void clear();
    void readOwned();
    void takeUsers(const absl::StatusOr<std::vector<services::UserInfo>>& users);
    void takeGrants(const absl::StatusOr<services::GrantList>& list);
    void showChosen();
    bool isSelf() const;
    /// Those who may sign in.
    qint64 superAdmins() const;
    bool isLastSuperAdmin(const services::UserInfo& user) const;
    models::DangerFacts oneUser(const QString& title, const QString& sentence,
                                const QString& verb) const;
    /// How it ended; empty: well.
    QString madePassword(const absl::StatusOr<services::MadePassword>& made);
    void answered(const absl::StatusOr<services::AccessAnswer>& answer);

    ConnectionHub& m_hub;
    models::UserModel m_users;
    models::GrantModel m_grants;
    TokensPresenter m_tokens;
    CertificatesPresenter m_certificates;
    QString m_usersFilter;
    QString m_grantsFilter;
    services::GrantList m_allGrants;
    absl::Status m_grantsError;
    bool m_grantsLoaded = false;
    std::string m_chosen;
    absl::Status m_error;
    bool m_loaded = false;
    RepeatedCall<std::vector<services::UserInfo>> m_listUsers;
    RepeatedCall<services::GrantList> m_listGrants;
    PendingChange m_change;
    services::CallHandle m_check;
    KeptText m_answer;
    models::StatusKind m_answerKind = models::StatusKind::None;
    QTimer m_reload;
    ReadAge m_age;
    bool m_isLookedAt = true;
};

}  // namespace ifrit::gui::presenters
