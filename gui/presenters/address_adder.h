// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QObject>
#include <QPair>

#include <optional>
#include <string>
#include <vector>

#include "gui/presenters/connections_presenter.h"
#include "gui/presenters/kept_text.h"
#include "gui/services/chain_source.h"
#include "shared/crypto/certificates.h"

namespace ifrit::gui::presenters {

/// Puts a master on the list of which only the address is known. Its CA comes from a file, or from
/// the server itself: then the operator has to say the CA's fingerprint, as the master's own
/// machine tells it. What the server shows is believed in nothing but what that CA has signed. GUI
/// thread.
class AddressAdder : public QObject {
    Q_OBJECT
public:
    struct Form {
        QString address;
        QString kind = QStringLiteral("production");
        QString caFile;  ///< empty: the server is asked for its CA
        bool operator==(const Form&) const = default;
    };
    /// `source` null: it is not offered.
    AddressAdder(services::ChainSource* source, ConnectionsPresenter& connections,
                 const models::TimeText& times, QObject* parent = nullptr);
    ~AddressAdder() override { m_call.cancel(); }

    bool offered() const { return m_source != nullptr; }
    /// Another form: what was asked about the last one is forgotten.
    void setForm(const Form& form);
    const Form& form() const { return m_form; }
    /// Why ask() cannot be called now; empty: it can.
    QString askProblem() const;
    /// Looks at the server. Then changed(): found(), or error().
    void ask();
    bool asking() const { return m_asking; }
    QString error() const { return m_error.text(); }

    /// A server with a CA that signed its certificate.
    bool found() const { return m_found.has_value(); }
    QList<QPair<QString, QString>> facts() const;
    /// SHA-256 of its CA's certificate, "AB:CD:…".
    QString fingerprint() const;
    /// The CA came from the server: somebody else has to say that it is the right one.
    bool needsFingerprint() const { return m_form.caFile.isEmpty(); }
    /// As openssl prints it, or plain; letters of either case.
    void setFingerprint(const QString& typed);
    /// Why add() would not; empty: it would.
    QString addProblem() const;
    /// Its place on the list; -1: connections tell why.
    int add();

Q_SIGNALS:
    void changed();

private:
    struct Found {
        std::string cluster;
        std::string caPem;
        crypto::CertificateInfo ca;
        crypto::CertificateInfo server;
    };
    void answered(const absl::StatusOr<std::vector<std::string>>& chain);
    absl::StatusOr<Found> judge(const std::vector<std::string>& chain) const;
    absl::StatusOr<std::string> caOf(const std::vector<std::string>& chain) const;
    void fail(const absl::Status& status);

    services::ChainSource* m_source;
    ConnectionsPresenter& m_connections;
    const models::TimeText& m_times;
    Form m_form;
    QString m_typed;
    std::optional<Found> m_found;
    KeptText m_error;
    bool m_asking = false;
    services::CallHandle m_call;
};

}  // namespace ifrit::gui::presenters
