// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/audit/signed_head.h"
#include "shared/base/hex.h"
#include "shared/base/status.h"

using namespace ifrit;
using audit::SignedHead;
using std::chrono::hours;

namespace {

const base::WallTime kNow = base::fromUnixMillis(1'800'000'000'000);

struct Cluster {
    crypto::Credentials ca = crypto::createCa("demo", kNow, hours(24 * 365)).value();
    crypto::StatementSigner signer =
        crypto::StatementSigner::make(ca, "demo", "m1", kNow, hours(24)).value();

    SignedHead sign(base::WallTime at = kNow) const {
        SignedHead out;
        out.head = {"demo", 17, std::string(32, 'h'), at};
        out.seal = signer.sign(audit::kHeadStatement, audit::statementOf(out.head)).value();
        return out;
    }
    absl::Status verify(SignedHead head) const {
        return audit::verifyHead(head, ca.certificatePem, "demo");
    }
    crypto::Credentials credentials(crypto::Role role) const {
        return crypto::issue(ca, {role, "demo", "m1", {"localhost"}, kNow, hours(24)}).value();
    }
};

std::string reasonOf(const absl::Status& status) {
    return base::errorInfo(status).reason;
}

using Change = std::function<void(SignedHead&, const Cluster&)>;

}  // namespace
Q_DECLARE_METATYPE(Change)

class TestSignedHead : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aHeadIsBelievedAndNamesItsMaster() {
        const Cluster cluster;
        SignedHead head = cluster.sign();
        QVERIFY(audit::verifyHead(head, cluster.ca.certificatePem, "demo").ok());
        QCOMPARE(head.signer, std::string("m1"));
        // Kept for years: the certificate had to be valid when it signed, not when one looks.
        QVERIFY(cluster.verify(cluster.sign(kNow + hours(23))).ok());
    }

    // What is signed is for ever: a change would make every kept head worthless.
    void theStatementIsPinned() {
        const audit::Head head{"demo", 17, std::string(4, 'h'), base::fromUnixMillis(258)};
        QCOMPARE(base::toHex(audit::statementOf(head)),
                 std::string("000000000000000464656d6f0000000000000011000000000000000468686868"
                             "0000000000000102"));
    }

    void aChangedOneIsNot_data() {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const char* reason, const Change& change) {
            QTest::newRow(name) << change << QString::fromLatin1(reason);
        };
        constexpr char kSignature[] = "STATEMENT_SIGNATURE";
        constexpr char kSigner[] = "STATEMENT_SIGNER";
        row("row", kSignature, [](SignedHead& h, const Cluster&) { ++h.head.row; });
        row("hash", kSignature, [](SignedHead& h, const Cluster&) { h.head.hash[5] ^= 1; });
        row("time", kSignature,
            [](SignedHead& h, const Cluster&) { h.head.at += std::chrono::milliseconds(1); });
        row("signature", kSignature,
            [](SignedHead& h, const Cluster&) { h.seal.signature.back() ^= 1; });
        row("no signature", kSignature,
            [](SignedHead& h, const Cluster&) { h.seal.signature.clear(); });
        row("short hash", kSigner, [](SignedHead& h, const Cluster&) { h.head.hash.resize(31); });
        row("cluster", kSigner, [](SignedHead& h, const Cluster&) { h.head.cluster = "demo2"; });
        row("signed before the certificate", kSigner,
            [](SignedHead& h, const Cluster& c) { h = c.sign(kNow - hours(1)); });
        row("signed after the certificate's end", kSigner,
            [](SignedHead& h, const Cluster& c) { h = c.sign(kNow + hours(25)); });
        row("another statement of the same master", kSignature,
            [](SignedHead& h, const Cluster& c) {
                h.seal = c.signer.sign("receipt 1", audit::statementOf(h.head)).value();
            });
        row("no certificate", kSigner,
            [](SignedHead& h, const Cluster&) { h.seal.certificatePem.clear(); });
        row("huge certificate", kSigner,
            [](SignedHead& h, const Cluster&) { h.seal.certificatePem.append(9'000, '\n'); });
        row("another cluster's master", kSigner,
            [](SignedHead& h, const Cluster&) { h = Cluster().sign(); });
        row("a master of another cluster with one CA", kSigner,
            [](SignedHead& h, const Cluster& c) {
                h.seal = crypto::StatementSigner::make(c.ca, "other", "m1", kNow, hours(24))
                             ->sign(audit::kHeadStatement, audit::statementOf(h.head))
                             .value();
            });
        for (const auto role :
             {crypto::Role::Server, crypto::Role::Machine, crypto::Role::Operator}) {
            const std::string name =
                "certificate of role " + std::to_string(static_cast<int>(role));
            row(name.c_str(), kSigner, [role](SignedHead& h, const Cluster& c) {
                h.seal.certificatePem = c.credentials(role).certificatePem;
            });
        }
    }
    void aChangedOneIsNot() {
        QFETCH(Change, change);
        QFETCH(QString, reason);
        const Cluster cluster;
        SignedHead head = cluster.sign();
        QVERIFY(cluster.verify(head).ok());
        change(head, cluster);
        const absl::Status status = cluster.verify(head);
        QCOMPARE(status.code(), absl::StatusCode::kFailedPrecondition);
        QCOMPARE(QString::fromStdString(reasonOf(status)), reason);
        QVERIFY(!base::messageOf(status).empty());
    }

    void aStatementHasAKindOfOneLine() {
        const Cluster cluster;
        QVERIFY(!cluster.signer.sign("", "x").ok());
        QVERIFY(!cluster.signer.sign("audit head 1\nreceipt", "x").ok());
        const std::string big(crypto::kMaxStatementBytes + 1, 'x');
        QVERIFY(!cluster.signer.sign("receipt 1", big).ok());
    }
};

QTEST_GUILESS_MAIN(TestSignedHead)
#include "tst_signed_head.moc"
