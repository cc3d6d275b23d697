// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>

#include <memory>
#include <optional>
#include <string>

#include "gui/models/cluster_place.h"
#include "gui/models/text_format.h"
#include "gui/services/session.h"

namespace ifrit::gui::presenters {

/// The connection that the window is about: its session, how the line is, who we are on it. All
/// presenters stand on one hub. GUI thread.
class ConnectionHub : public QObject {
    Q_OBJECT
public:
    ConnectionHub(services::SessionFactory& factory, const models::TimeText& times,
                  QObject* parent = nullptr);
    ~ConnectionHub() override;

    /// Ends the session that there is and opens another.
    void open(const services::ConnectionProfile& profile);
    void close();
    void retryNow();
    /// Password for a token.
    void signIn(const QString& user, const QString& password,
                std::function<void(const absl::Status&)> done);
    /// Ends the token at the master; it is not spoken with any more, whatever the master answers.
    void signOut(std::function<void(const absl::Status&)> done);

    services::Session* session() { return m_session.get(); }
    bool hasSession() const { return m_session != nullptr; }
    const services::ConnectionProfile& profile() const { return m_profile; }
    const services::LinkStatus& link() const { return m_link; }
    bool isConnected() const { return m_link.state == services::LinkState::Connected; }
    /// What was asked before says nothing about now. Not while the master is only silent.
    bool isBroken() const { return services::isBroken(m_link.state); }
    const std::optional<services::Identity>& identity() const { return m_identity; }
    /// The window's cluster, by name.
    QString clusterName() const { return models::toText(m_profile.bundle.cluster); }
    models::ClusterPlace place() const { return {clusterName(), m_profile.bundle.kind}; }
    bool isProduction() const { return place().isProduction(); }
    const models::TimeText& times() const { return m_times; }

    /// Why an action that needs this permission cannot be taken now; empty: it can. The connection
    /// comes before the permission: a reason that passes by itself is told first.
    QString whyNot(const std::string& permission) const;
    /// "no contact since 11:02:14, attempt 6, next in 8 s", or that one has to sign in; empty while
    /// connected. Says another thing with each secondPassed().
    QString linkSentence() const { return lineText(Waiting::Counted); }
    /// Beside a button: the same without the seconds, which would stand still there.
    QString whyNoLine() const { return lineText(Waiting::Left); }
    /// The line ended because the master does not take who is there: trying again cannot help.
    bool isUnknownThere() const;
    /// The master answered, and ended the line with a no: of whoever asks, or of what was asked.
    bool isRefused() const;
    /// What to do where a call was UNAUTHENTICATED: sign in again, or, of an account that is
    /// disabled, ask who can enable it.
    static QString strangerSentence(const absl::Status& error);
    /// The account is there, and disabled: to sign in again is refused again.
    static bool isDisabled(const absl::Status& error);
    /// Of the master, as it said it since the line stands; empty: it has not.
    QString serverVersion() const { return m_serverVersion; }
    void noteServerVersion(const QString& version) { m_serverVersion = version; }

Q_SIGNALS:
    /// The session is about to go: let go of every call.
    void sessionClosing();
    void sessionOpened();
    void linkChanged();
    /// While the line waits for its next attempt: what linkSentence() counts is one less. All who
    /// show it go by this, so that no two of them say different seconds.
    void secondPassed();
    /// Behind linkChanged() or a login: the line came to stand, or somebody signed in on one that
    /// does. What ended or failed for good before that is to be asked for again.
    void resumed();
    void identityChanged();
    /// A password was taken: what came for it, to be kept where secrets are.
    void signedIn(const ifrit::gui::services::LoginSession& session);

private:
    enum class Waiting { Counted, Left };  ///< what is left of it, in seconds, or not a word
    QString lineText(Waiting waiting) const;
    void linkTold(const services::LinkStatus& link);
    void askWhoWeAre();

    services::SessionFactory& m_factory;
    const models::TimeText& m_times;
    services::ConnectionProfile m_profile;
    std::unique_ptr<services::Session> m_session;
    services::LinkStatus m_link;
    std::optional<services::Identity> m_identity;
    QString m_serverVersion;
    absl::Status m_identityError;  ///< why it is not known
    services::CallHandle m_statusWatch;
    services::CallHandle m_whoAmI;
    services::CallHandle m_login;
    QTimer m_seconds{this};
};

/// A status as a sentence for people: what is wrong and, where it is known, what to do.
QString sentenceOf(const absl::Status& status);
/// "PERMISSION_DENIED (NOT_ALLOWED), request 7f…": what to give to who helps.
QString codeLineOf(const absl::Status& status);
/// How a change ended, the sentence and the line after it; empty: well.
QString failureOf(const absl::Status& status);
template <typename T>
QString failureOf(const absl::StatusOr<T>& answer) {
    return failureOf(answer.status());
}

}  // namespace ifrit::gui::presenters
