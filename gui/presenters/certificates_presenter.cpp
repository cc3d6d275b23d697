// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/certificates_presenter.h"

namespace ifrit::gui::presenters {
namespace {

using models::CertificateModel;
using models::grouped;
using models::toText;

/// Only super admins have it.
constexpr char kRevoke[] = "certificate.revoke";

}  // namespace

CertificatesPresenter::CertificatesPresenter(ConnectionHub& hub, QObject* parent)
    : QObject(parent),
      m_hub(hub),
      m_list(
          hub, kRevoke,
          [this](const std::string& whose,
                 services::Reply<std::vector<services::CertificateInfo>> reply) {
              return m_hub.session()->access().listCertificates(whose, std::move(reply));
          },
          [this] { Q_EMIT changed(); }),
      m_change(hub) {
    // A sheet that is open asks then whether it still can be done.
    for (const auto signal : {&ConnectionHub::linkChanged, &ConnectionHub::identityChanged})
        connect(&hub, signal, this, &CertificatesPresenter::changed);
    connect(&m_change, &PendingChange::changed, this, &CertificatesPresenter::changed);
    connect(&m_change, &PendingChange::acted, this, &CertificatesPresenter::acted);
}

QString CertificatesPresenter::note() const {
    if (m_list.isHidden()) return tr("Certificates of others are shown to super admins alone.");
    return noteOf(m_list.notice({}));
}

QString CertificatesPresenter::emptyText() const {
    if (m_list.user().empty() || m_list.model().rowCount() > 0 || !note().isEmpty()) return {};
    return m_list.model().all().empty() ? tr("No certificate was issued.")
                                        : tr("No certificate of this user matches the filter.");
}

qint64 CertificatesPresenter::inForce() const {
    const auto& all = m_list.model().all();
    const base::WallTime now = m_hub.times().now();
    return std::count_if(all.begin(), all.end(), [now](const auto& certificate) {
        return CertificateModel::holds(certificate, now);
    });
}

Action CertificatesPresenter::revokeAction(int row) const {
    const services::CertificateInfo* certificate = m_list.model().at(row);
    if (certificate == nullptr) return {tr("No certificate is chosen.")};
    if (const QString whyNot = m_change.whyNot(kRevoke); !whyNot.isEmpty()) return {whyNot};
    if (certificate->revoked) return {tr("It is revoked already.")};
    if (!CertificateModel::holds(*certificate, m_hub.times().now()))
        return {tr("It has expired: nobody comes with it any more.")};
    return {};
}

models::DangerFacts CertificatesPresenter::facts(const std::string& user) const {
    models::DangerFacts out(m_hub.place());
    out.danger = domain::dangerOfDestruction({1, 0, m_hub.isProduction()});
    out.machines = 1;
    out.verb = tr("Revoke");
    if (m_list.isOwn()) {
        out.sentence =
            tr("You come in with it, or could: where this window did, it is refused "
               "from now on, too.");
    } else {
        out.sentence = tr("Whoever comes with it is refused from now on, and what they have open "
                          "ends. Passwords and tokens of %1 stay good.")
                           .arg(toText(user));
    }
    return out;
}

models::DangerFacts CertificatesPresenter::revokeFacts(int row) const {
    const services::CertificateInfo& certificate = *m_list.model().at(row);
    models::DangerFacts out = facts(certificate.user);
    out.title = tr("Revoke a certificate of %1?").arg(toText(certificate.user));
    out.countPrompt = tr("Type the number of certificates, 1, to go on");
    out.facts = {{tr("Serial"), toText(certificate.serial)},
                 {tr("Issued"), m_hub.times().at(certificate.issued)},
                 {tr("Until"), m_hub.times().at(certificate.notAfter)}};
    out.commands = {models::revokeCertificateCommand(certificate.serial)};
    return out;
}

void CertificatesPresenter::revoke(const std::string& serial, const QString& reason) {
    send({serial, {}, {}}, reason);
}

Action CertificatesPresenter::revokeAllAction() const {
    if (const QString whyNot = m_change.whyNot(kRevoke); !whyNot.isEmpty()) return {whyNot};
    if (inForce() == 0) return {tr("There is no certificate in force.")};
    return {};
}

models::DangerFacts CertificatesPresenter::revokeAllFacts() const {
    models::DangerFacts out = facts(m_list.user());
    out.title = tr("Revoke every certificate of %1?").arg(toText(m_list.user()));
    out.verb = tr("Revoke all");
    // As ifritctl counts: the user, however many they have by then.
    out.countPrompt = tr("Type the number of users, 1, to go on");
    out.facts = {{tr("Certificates"), tr("%1 in force").arg(grouped(inForce()))}};
    out.commands = {models::revokeCertificatesCommand(m_list.user())};
    return out;
}

void CertificatesPresenter::revokeAll(const std::string& user, const QString& reason) {
    send({{}, user, {}}, reason);
}

void CertificatesPresenter::send(services::Revocation which, const QString& reason) {
    which.mutation.reason = reason.toStdString();
    m_change.begin(
        m_change.whyNot(kRevoke),
        [&](const auto& reply) {
            return m_hub.session()->access().revokeCertificates(which, reply);
        },
        [](const absl::StatusOr<std::uint32_t>& revoked) { return failureOf(revoked); });
}

}  // namespace ifrit::gui::presenters
