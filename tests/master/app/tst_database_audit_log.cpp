// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>

#include "master/app/database_audit_log.h"
#include "master/auth/certificate_authority.h"
#include "master/storage/sql/sql_database.h"
#include "shared/base/call_details.h"
#include "shared/base/status.h"
#include "shared/crypto/certificates.h"

using namespace ifrit;
using namespace ifrit::master;
using app::DatabaseAuditLog;

class TestDatabaseAuditLog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        storage::sql::SqlDatabase::Options options;
        options.file = m_directory.filePath(QStringLiteral("a.db")).toStdString();
        options.schema = storage::sql::SqlDatabase::Schema::Migrate;
        auto opened = storage::sql::SqlDatabase::open(options, m_clock);
        QVERIFY(opened.ok());
        m_database = *std::move(opened);
        for (int row = 0; row < 3; ++row) {
            storage::AuditEntry entry;
            entry.actor = "anna";
            entry.verb = "release.start";
            entry.result = "allowed";
            QVERIFY(m_trail.record(*m_database, entry).ok());
        }
    }

    void oneVerificationAtATime() {
        DatabaseAuditLog log({*m_database, m_trail, m_signer, "demo", m_clock});
        DatabaseAuditLog otherMaster({*m_database, m_trail, m_signer, "demo", m_clock});
        // Asked between two pages of the first, as another caller's thread would.
        absl::Status second;
        absl::Status elsewhere;
        const auto first = log.verify({}, [&] {
            second = log.verify({}, {}).status();
            elsewhere = otherMaster.verify({}, {}).status();
            return false;
        });
        QVERIFY2(first.ok(), base::messageOf(first.status()).c_str());
        QCOMPARE(first->rows, std::uint64_t{3});
        QCOMPARE(base::errorInfo(second).reason, std::string("AUDIT_VERIFY_BUSY"));
        QCOMPARE(second.code(), absl::StatusCode::kResourceExhausted);
        QVERIFY(base::callDetails(second).retryAfter > std::chrono::milliseconds(0));
        QVERIFY(elsewhere.ok());
        QVERIFY(log.verify({}, {}).ok());
    }

    void oneThatNobodyWaitsForLeavesRoomForTheNext() {
        DatabaseAuditLog log({*m_database, m_trail, m_signer, "demo", m_clock});
        const absl::Status gone = log.verify({}, [] { return true; }).status();
        QCOMPARE(base::errorInfo(gone).reason, std::string("CALLER_GONE"));
        QVERIFY(log.verify({}, {}).ok());
    }

private:
    const QTemporaryDir m_directory;
    const base::SystemClock m_clock{};
    const auth::CertificateAuthority m_authority{
        "demo", crypto::createCa("demo", m_clock.now(), std::chrono::hours(24)).value(), {}};
    const master::audit::AuditTrail m_trail{"demo"};
    auth::Signer m_signer{m_authority, "master", m_clock};
    std::unique_ptr<storage::sql::SqlDatabase> m_database;
};

QTEST_GUILESS_MAIN(TestDatabaseAuditLog)
#include "tst_database_audit_log.moc"
