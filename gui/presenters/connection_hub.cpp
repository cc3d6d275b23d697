// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/connection_hub.h"

#include <utility>

#include "gui/models/own_words.h"
#include "shared/base/status.h"

namespace ifrit::gui::presenters {

using services::LinkState;

namespace {

/// Names are what they are, at the beginning of a sentence, too: "admin is disabled".
bool beginsWithName(const QString& sentence, const QString& name) {
    if (name.isEmpty() || !sentence.startsWith(name)) return false;
    return sentence.size() == name.size() || !sentence[name.size()].isLetterOrNumber();
}

}  // namespace

QString sentenceOf(const absl::Status& status) {
    const QString said = models::toText(base::messageOf(status));
    QString text = models::OwnWords::of(said);
    if (text.isEmpty()) text = models::toText(absl::StatusCodeToString(status.code()));
    if (!beginsWithName(text, models::toText(base::errorInfo(status).subject)) &&
        !models::OwnWords::beginsWithName(said))
        text[0] = text[0].toUpper();
    if (!QStringLiteral(".?。？").contains(text.back())) text += QLatin1Char('.');
    return text;
}

QString codeLineOf(const absl::Status& status) {
    QString line = models::toText(absl::StatusCodeToString(status.code()));
    const base::ErrorInfo info = base::errorInfo(status);
    if (!info.reason.empty()) line += QStringLiteral(" (%1)").arg(models::toText(info.reason));
    if (!info.subject.empty()) line += QStringLiteral(", %1").arg(models::toText(info.subject));
    const std::string request = services::requestIdOf(status);
    if (!request.empty()) line += ConnectionHub::tr(", request %1").arg(models::toText(request));
    return line;
}

QString failureOf(const absl::Status& status) {
    if (status.ok()) return {};
    return sentenceOf(status) + QLatin1Char(' ') + codeLineOf(status);
}

ConnectionHub::ConnectionHub(services::SessionFactory& factory, const models::TimeText& times,
                             QObject* parent)
    : QObject(parent), m_factory(factory), m_times(times) {
    constexpr int kSecondMs = 1'000;
    m_seconds.setInterval(kSecondMs);
    connect(&m_seconds, &QTimer::timeout, this, &ConnectionHub::secondPassed);
}

ConnectionHub::~ConnectionHub() {
    // Handles before the session that they speak to.
    m_statusWatch.cancel();
    m_whoAmI.cancel();
    m_login.cancel();
}

void ConnectionHub::open(const services::ConnectionProfile& profile) {
    close();
    m_profile = profile;
    m_session = m_factory.open(profile);
    m_link = {};
    m_link.state = LinkState::Connecting;
    m_statusWatch = m_session->connection().watchStatus(
        [this](const services::LinkStatus& link) { linkTold(link); });
    m_session->connection().connect();
    Q_EMIT sessionOpened();
    Q_EMIT linkChanged();
}

void ConnectionHub::close() {
    if (!m_session) return;
    Q_EMIT sessionClosing();
    m_statusWatch.cancel();
    m_whoAmI.cancel();
    m_login.cancel();
    m_session.reset();
    m_link = {};
    m_seconds.stop();
    m_identity.reset();
    m_serverVersion.clear();
    m_identityError = absl::OkStatus();
    m_profile = {};
    Q_EMIT identityChanged();
    Q_EMIT linkChanged();
}

void ConnectionHub::retryNow() {
    if (m_session) m_session->connection().retryNow();
}

void ConnectionHub::signIn(const QString& user, const QString& password,
                           std::function<void(const absl::Status&)> done) {
    if (!m_session) return;
    m_login = m_session->connection().login(
        user.toStdString(), password.toStdString(),
        [this, done = std::move(done)](const absl::StatusOr<services::LoginSession>& session) {
            if (!session.ok()) {
                done(session.status());
                return;
            }
            Q_EMIT signedIn(*session);
            m_session->connection().retryNow();
            askWhoWeAre();
            if (isConnected()) Q_EMIT resumed();
            done(absl::OkStatus());
        });
}

void ConnectionHub::signOut(std::function<void(const absl::Status&)> done) {
    if (!m_session) return;
    m_login =
        m_session->connection().logout([this, done = std::move(done)](const absl::Status& status) {
            m_profile.bearerToken.clear();
            m_identity.reset();
            Q_EMIT identityChanged();
            m_session->connection().retryNow();
            askWhoWeAre();
            done(status);
        });
}

void ConnectionHub::linkTold(const services::LinkStatus& link) {
    // What the session says before its connect() took effect is not news.
    if (link.state == LinkState::Disconnected && link.lastError.ok()) return;
    const bool connectedNow = link.state == LinkState::Connected && !isConnected();
    // The line may come back to another master, of another version.
    if (isConnected() && link.state != LinkState::Connected) m_serverVersion.clear();
    // Who we were on a line that broke is asked again on the next one.
    if (services::isBroken(link.state) && !services::isBroken(m_link.state)) m_whoAmI.cancel();
    m_link = link;
    const bool waits = link.state == LinkState::Reconnecting && link.nextAttempt;
    waits ? m_seconds.start() : m_seconds.stop();
    if (connectedNow) askWhoWeAre();
    Q_EMIT linkChanged();
    if (connectedNow && isConnected()) Q_EMIT resumed();
}

void ConnectionHub::askWhoWeAre() {
    m_whoAmI =
        m_session->connection().whoAmI([this](const absl::StatusOr<services::Identity>& identity) {
            m_identityError = identity.status();
            if (identity.ok()) {
                m_identity = *identity;
            } else {
                m_identity.reset();
            }
            Q_EMIT identityChanged();
        });
}

bool ConnectionHub::isDisabled(const absl::Status& error) {
    return absl::IsUnauthenticated(error) && base::errorInfo(error).reason == "OPERATOR_DISABLED";
}

QString ConnectionHub::strangerSentence(const absl::Status& error) {
    if (!isDisabled(error)) return tr("The login is missing or has expired: sign in again.");
    return tr("The account %1 is disabled. A super admin of the cluster can enable it again; to "
              "sign in again does not help.")
        .arg(models::toText(base::errorInfo(error).subject));
}

bool ConnectionHub::isUnknownThere() const {
    return m_session && !isConnected() && absl::IsUnauthenticated(m_link.lastError);
}

bool ConnectionHub::isRefused() const {
    return isUnknownThere() ||
           (m_session && m_link.state == LinkState::Disconnected && !m_link.lastError.ok());
}

QString ConnectionHub::lineText(Waiting waiting) const {
    if (isConnected()) return {};
    if (!m_session) return tr("Not connected.");
    if (isUnknownThere()) return strangerSentence(m_link.lastError);
    QString text;
    if (m_link.state == LinkState::Connecting) {
        return tr("Connecting to %1.").arg(models::toText(m_link.address));
    }
    text = m_link.staleSince ? tr("No contact since %1").arg(m_times.at(*m_link.staleSince))
                             : tr("Not reached yet");
    if (m_link.state == LinkState::Reconnecting) {
        text += tr(", attempt %1").arg(m_link.attempt);
        const bool counts = waiting == Waiting::Counted && m_link.nextAttempt;
        if (counts && *m_link.nextAttempt > m_times.now()) {
            const auto wait = std::chrono::duration_cast<std::chrono::seconds>(*m_link.nextAttempt -
                                                                               m_times.now());
            text += tr(", next in %1 s").arg(wait.count() + 1);
        }
    }
    return tr("%1.", "ends a sentence").arg(text);
}

QString ConnectionHub::whyNot(const std::string& permission) const {
    if (!m_session) return tr("Not connected.");
    if (!isConnected()) return whyNoLine();
    if (m_profile.readOnly) return tr("This connection is read-only.");
    if (absl::IsUnauthenticated(m_identityError)) return strangerSentence(m_identityError);
    if (!m_identity) return tr("Not known yet who you are here.");
    if (m_identity->may(permission)) return {};
    return tr("%1 lacks the permission %2; a super admin can grant it.")
        .arg(models::toText(m_identity->user), models::toText(permission));
}

}  // namespace ifrit::gui::presenters
