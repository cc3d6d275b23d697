// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTemporaryDir>
#include <QTest>
#include <memory>
#include <string>
#include <vector>

#include "master/audit/audit_trail.h"
#include "master/auth/certificate_authority.h"
#include "master/storage/sql/sql_database.h"
#include "shared/base/status.h"
#include "tests/master/support/manual_clock.h"

namespace ifrit::master::auth {

/// A cluster "demo" with a real database and a real CA, and a clock that the test moves.
struct AuthFixture {
    AuthFixture();

    /// Rows of the audit, oldest first.
    std::vector<storage::AuditRow> auditRows();
    bool auditIsIntact();
    domain::MachineFacts factsOf(const std::string& uuid) const;
    /// A CSR with a new key.
    std::string csr() const;

    services::ManualClock clock;
    QTemporaryDir directory;
    std::unique_ptr<storage::sql::SqlDatabase> database;
    audit::AuditTrail trail{"demo"};
    crypto::Credentials ca;
    std::unique_ptr<CertificateAuthority> authority;
};

#define VERIFY_OK(expression)                                               \
    do {                                                                    \
        const absl::Status verifyStatus = (expression);                     \
        QVERIFY2(verifyStatus.ok(), base::messageOf(verifyStatus).c_str()); \
    } while (false)
#define VERIFY_REASON(expression, wanted)                                      \
    do {                                                                       \
        const absl::Status verifyStatus = (expression);                        \
        QVERIFY(!verifyStatus.ok());                                           \
        QCOMPARE(QString::fromStdString(base::errorInfo(verifyStatus).reason), \
                 QString::fromLatin1(wanted));                                 \
    } while (false)

}  // namespace ifrit::master::auth
