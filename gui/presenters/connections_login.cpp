// SPDX-License-Identifier: GPL-3.0-or-later
// How an operator without a certificate is known to a master, and what is kept of it here.
#include <algorithm>
#include <utility>

#include "gui/presenters/connections_presenter.h"
#include "shared/crypto/sha256.h"

namespace ifrit::gui::presenters {

std::string ConnectionsPresenter::secretName(const bundle::Bundle& bundle) {
    return bundle.cluster + "/" + crypto::sha256Hex(bundle.caPem).substr(0, 16);
}

void ConnectionsPresenter::keepLogin(const services::LoginSession& session) {
    const std::string name = secretName(m_hub.profile().bundle);
    m_forgottenLogin.supersede(name);
    m_secrets.write(name, session.token);
}

// Whoever has the list back by undo has the login back with it; nobody else finds it.
void ConnectionsPresenter::forgetLogin(const KnownMaster& master) {
    // Whatever becomes of this one's: an undo is of this master, and not of the one before.
    m_forgottenLogin.letGo();
    const auto gone = profileOf(master);
    if (!gone.ok()) return;
    const std::string name = secretName(gone->bundle);
    const bool isShared = std::any_of(m_masters.begin(), m_masters.end(), [&](const auto& known) {
        const auto profile = profileOf(known);
        return profile.ok() && secretName(profile->bundle) == name;
    });
    if (!isShared) m_forgottenLogin.forget(name);
}

services::CallHandle ConnectionsPresenter::signedIn(
    const services::ConnectionProfile& profile,
    std::function<void(const services::ConnectionProfile& profile)> done) {
    if (!profile.bundle.certificatePem.empty()) {
        done(profile);
        return {};
    }
    return m_secrets.read(
        secretName(profile.bundle),
        [profile, done = std::move(done)](const absl::StatusOr<std::string>& token) {
            services::ConnectionProfile out = profile;
            if (token.ok()) out.bearerToken = *token;
            done(out);
        });
}

Action ConnectionsPresenter::signInAction() const {
    if (!m_hub.hasSession()) return {tr("Connect first.")};
    return {};
}

void ConnectionsPresenter::signIn(const QString& user, const QString& password) {
    m_signInResult = KeptText([] { return tr("Signing in."); });
    Q_EMIT changed();
    m_hub.signIn(user, password, [this, user](const absl::Status& status) {
        m_signInResult = KeptText([status, user] {
            return status.ok() ? tr("Signed in as %1.").arg(user) : sentenceOf(status);
        });
        Q_EMIT changed();
    });
}

Action ConnectionsPresenter::signOutAction() const {
    if (!m_hub.hasSession()) return {tr("Connect first.")};
    const auto& who = m_hub.identity();
    if (!who || who->method != "token") return {tr("Nobody has signed in with a password here.")};
    return {};
}

void ConnectionsPresenter::signOut() {
    if (!signOutAction().enabled()) return;
    m_signInResult = KeptText([] { return tr("Signing out."); });
    m_secrets.remove(secretName(m_hub.profile().bundle));
    m_hub.signOut([this](const absl::Status& status) {
        m_signInResult = KeptText([status] {
            return status.ok() ? tr("Signed out.")
                               : tr("Signed out on this computer. The master has not ended the "
                                    "login, which lasts until it expires: %1")
                                     .arg(sentenceOf(status));
        });
        Q_EMIT changed();
    });
    Q_EMIT changed();
}

}  // namespace ifrit::gui::presenters
