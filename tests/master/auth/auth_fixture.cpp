// SPDX-License-Identifier: Apache-2.0
#include "tests/master/auth/auth_fixture.h"

#include "shared/crypto/certificates.h"

namespace ifrit::master::auth {

AuthFixture::AuthFixture()
    : ca(crypto::createCa("demo", clock.now(), std::chrono::hours(24 * 3'650)).value()),
      authority(
          std::make_unique<CertificateAuthority>("demo", ca, CertificateAuthority::Lifetimes{})) {
    storage::sql::SqlDatabase::Options options;
    options.file = directory.filePath(QStringLiteral("m.db")).toStdString();
    options.schema = storage::sql::SqlDatabase::Schema::Migrate;
    auto opened = storage::sql::SqlDatabase::open(options, clock);
    if (!opened.ok()) qFatal("%s", base::messageOf(opened.status()).c_str());
    database = *std::move(opened);
}

std::vector<storage::AuditRow> AuthFixture::auditRows() {
    std::vector<storage::AuditRow> out;
    const absl::Status status = database->read([&](storage::Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(out, view.audit().read(0, 10'000));
        return absl::OkStatus();
    });
    if (!status.ok()) qFatal("%s", base::messageOf(status).c_str());
    return out;
}

bool AuthFixture::auditIsIntact() {
    const auto result = trail.verify(*database);
    return result.ok() && result->intact;
}

domain::MachineFacts AuthFixture::factsOf(const std::string& uuid) const {
    domain::MachineFacts facts;
    facts.uuid = uuid;
    facts.machineType = "LINUX";
    facts.hostname = "web";
    return facts;
}

std::string AuthFixture::csr() const {
    // The subject is a hint that nobody may take for a name.
    return crypto::createCsr(crypto::generatePrivateKey().value(), "somebody-else").value();
}

}  // namespace ifrit::master::auth
