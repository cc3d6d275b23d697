// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/address_adder.h"

#include <QFile>

#include <utility>

#include "shared/base/status.h"
#include "shared/bundle/bundle.h"
#include "shared/crypto/host_name.h"

namespace ifrit::gui::presenters {
namespace {

using models::toText;

/// A CA's certificate has some 600 bytes.
constexpr qint64 kMostFileBytes = 64 * 1024;

absl::Status refused(const QString& sentence) {
    return base::makeError(absl::StatusCode::kInvalidArgument, "ADDRESS_NOT_ADDED", "",
                           sentence.toStdString());
}

std::string hostOf(const QString& address) {
    return address.left(address.lastIndexOf(QLatin1Char(':'))).toStdString();
}

/// Of the file, which holds one certificate and nothing that is secret.
absl::StatusOr<std::string> readCa(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return refused(AddressAdder::tr("%1 cannot be read: %2").arg(path, file.errorString()));
    QByteArray text = file.read(kMostFileBytes + 1);
    if (text.size() > kMostFileBytes)
        return refused(
            AddressAdder::tr("%1 is over 64 KiB: this is no CA's certificate.").arg(path));
    if (text.contains("PRIVATE KEY-----"))
        return refused(
            AddressAdder::tr("%1 holds a private key, which belongs on no other machine: choose "
                             "ca.pem.")
                .arg(path));
    // That alone and in one form, whatever is written around it: what is trusted is exactly what
    // was looked at, and a connection is known by its bytes.
    static constexpr char kBegin[] = "-----BEGIN CERTIFICATE-----";
    static constexpr char kEnd[] = "-----END CERTIFICATE-----";
    text.replace("\r", "");
    const qsizetype begin = text.indexOf(kBegin);
    const qsizetype end = begin < 0 ? -1 : text.indexOf(kEnd, begin);
    if (text.count("-----BEGIN ") != 1 || end < 0)
        return refused(AddressAdder::tr("%1 has to hold one certificate in PEM form.").arg(path));
    return text.mid(begin, end - begin).toStdString() + kEnd + '\n';
}

QString plainFingerprint(const QString& typed) {
    QString out = typed.mid(typed.lastIndexOf(QLatin1Char('=')) + 1).toLower();
    out.remove(QLatin1Char(':'));
    return out.simplified().remove(QLatin1Char(' '));
}

}  // namespace

AddressAdder::AddressAdder(services::ChainSource* source, ConnectionsPresenter& connections,
                           const models::TimeText& times, QObject* parent)
    : QObject(parent), m_source(source), m_connections(connections), m_times(times) {}

void AddressAdder::setForm(const Form& form) {
    Form trimmed = form;
    trimmed.address = form.address.trimmed();
    trimmed.caFile = form.caFile.trimmed();
    if (trimmed == m_form) return;
    const bool sameServer = trimmed.address == m_form.address && trimmed.caFile == m_form.caFile;
    m_form = trimmed;
    if (!sameServer) {
        m_call.cancel();
        m_asking = false;
        m_found.reset();
        m_typed.clear();
        m_error.clear();
    }
    Q_EMIT changed();
}

QString AddressAdder::askProblem() const {
    if (m_asking) return tr("The server is being asked.");
    if (!bundle::isAddress(m_form.address.toStdString()))
        return tr("Write the address as host:port, for example m1.example:7443.");
    return {};
}

void AddressAdder::ask() {
    if (!offered() || !askProblem().isEmpty()) return;
    m_found.reset();
    m_error.clear();
    m_asking = true;
    m_call = m_source->fetch(
        m_form.address.toStdString(),
        [this](const absl::StatusOr<std::vector<std::string>>& chain) { answered(chain); });
    Q_EMIT changed();
}

void AddressAdder::answered(const absl::StatusOr<std::vector<std::string>>& chain) {
    m_asking = false;
    absl::StatusOr<Found> found =
        chain.ok() ? judge(*chain) : absl::StatusOr<Found>(chain.status());
    if (!found.ok()) return fail(found.status());
    m_found = *std::move(found);
    Q_EMIT changed();
}

void AddressAdder::fail(const absl::Status& status) {
    m_error = KeptText([status] { return sentenceOf(status); });
    Q_EMIT changed();
}

absl::StatusOr<std::string> AddressAdder::caOf(const std::vector<std::string>& chain) const {
    if (!m_form.caFile.isEmpty()) return readCa(m_form.caFile);
    // The root comes last; the server's own certificate is none.
    for (std::size_t i = chain.size(); i-- > 1;) {
        const auto info = crypto::describeCertificate(chain[i]);
        if (info.ok() && info->subject == info->issuer) return chain[i];
    }
    return refused(
        tr("The server does not show its CA's certificate: choose the cluster's ca.pem."));
}

absl::StatusOr<AddressAdder::Found> AddressAdder::judge(
    const std::vector<std::string>& chain) const {
    if (chain.empty()) return refused(tr("The server shows no certificate."));
    Found out;
    IFRIT_ASSIGN_OR_RETURN(out.caPem, caOf(chain));
    IFRIT_ASSIGN_OR_RETURN(out.ca, crypto::describeCertificate(out.caPem));
    IFRIT_ASSIGN_OR_RETURN(out.server, crypto::describeCertificate(chain.front()));
    if (const absl::Status signedBy =
            crypto::verifyCertificate(chain.front(), out.caPem, m_times.now());
        !signedBy.ok())
        return refused(tr("The server's certificate is not good by this CA: %1")
                           .arg(toText(base::messageOf(signedBy))));
    const auto identity = crypto::parseIdentity(chain.front());
    if (!identity.ok() || identity->role != crypto::Role::Server)
        return refused(tr("This is no ifrit master: its certificate names none."));
    if (!crypto::namesHost(chain.front(), hostOf(m_form.address)))
        return refused(
            tr("The server's certificate does not name this address: use one that it "
               "names."));
    out.cluster = identity->cluster;
    return out;
}

QList<QPair<QString, QString>> AddressAdder::facts() const {
    if (!m_found) return {};
    return {{tr("Cluster"), toText(m_found->cluster)},
            {tr("CA"), toText(m_found->ca.subject)},
            {tr("CA's expiry"), m_times.full(m_found->ca.notAfter)},
            {tr("Server's certificate"), toText(m_found->server.subject)},
            {tr("Server's expiry"), m_times.full(m_found->server.notAfter)}};
}

QString AddressAdder::fingerprint() const {
    if (!m_found) return {};
    QString out = toText(m_found->ca.sha256Fingerprint).toUpper();
    for (qsizetype at = 2; at < out.size(); at += 3)
        out.insert(at, QLatin1Char(':'));
    return out;
}

void AddressAdder::setFingerprint(const QString& typed) {
    if (typed == m_typed) return;
    m_typed = typed;
    Q_EMIT changed();
}

QString AddressAdder::addProblem() const {
    if (!m_found) return tr("Ask the server first.");
    if (!needsFingerprint()) return {};
    const QString typed = plainFingerprint(m_typed);
    if (typed.isEmpty())
        return tr("Write the fingerprint that the master's own machine tells of ca.pem.");
    if (typed == toText(m_found->ca.sha256Fingerprint)) return {};
    return tr(
        "That is another CA's fingerprint, or not all of it: do not go on unless they are "
        "the same.");
}

int AddressAdder::add() {
    if (!addProblem().isEmpty()) return -1;
    bundle::Bundle bundle;
    bundle.cluster = m_found->cluster;
    bundle.kind = m_form.kind.toStdString();
    bundle.addresses = {m_form.address.toStdString()};
    bundle.caPem = m_found->caPem;
    const int index = m_connections.addAddress(std::move(bundle));
    if (index < 0) {
        m_error = KeptText([reason = m_connections.error()] { return reason; });
        Q_EMIT changed();
        return -1;
    }
    setForm({});
    return index;
}

}  // namespace ifrit::gui::presenters
