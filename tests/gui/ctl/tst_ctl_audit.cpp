// SPDX-License-Identifier: Apache-2.0
#include <QFile>
#include <QTest>

#include "gui/heads/head_store.h"
#include "shared/base/hex.h"
#include "tests/gui/ctl/ctl_harness.h"
#include "tests/support/signed_heads.h"

using namespace ifrit;
using tests::Outcome;
namespace services = gui::services;

namespace {

/// ifritctl against a cluster with four audit rows, of which a real CA signs the heads.
struct AuditCtl : tests::Ctl {
    AuditCtl() {
        QFile file(QString::fromStdString(variables["IFRIT_BUNDLE"]));
        if (!file.open(QIODevice::WriteOnly)) qFatal("no temporary file");
        file.write(QByteArray::fromStdString(bundle::formatBundle(withKey())));
        rewrite("ada");
    }

    /// The whole chain anew, all hashes recomputed, as somebody who can write the database does.
    void rewrite(const std::string& actorOfRow3) {
        auto& chain = sessions.session.chain;
        chain.clear();
        std::string previous = audit::rootHash();
        hashes.clear();
        for (std::uint64_t id = 1; id <= 4; ++id) {
            services::AuditRow row;
            row.id = id;
            row.at = base::fromUnixMillis(1'700'000'000'000);
            row.cluster = "demo";
            row.actor = id == 3 ? actorOfRow3 : "ada";
            row.previousHash = base::toHex(previous);
            audit::RowView view;
            view.id = id;
            view.at = row.at;
            view.cluster = row.cluster;
            view.actor = row.actor;
            view.previousHash = previous;
            previous = audit::hashOf(view);
            hashes[id] = previous;
            row.hash = base::toHex(previous);
            chain.push_back(row);
        }
        answer();
    }
    /// What the master says now.
    void answer() {
        services::AuditVerification& verification = sessions.session.verification;
        verification = {4, base::toHex(hashes[4]), true, 0, {}, {}};
        verification.heads.head = cluster.head(4, hashes[4]);
        verification.heads.hashes = hashes;
    }
    std::size_t kept() {
        return gui::heads::HeadStore(path("config/heads")).load(withKey())->all().size();
    }
    bundle::Bundle withKey() const {
        bundle::Bundle out = cluster.bundle();
        out.certificatePem = out.privateKeyPem = tests::kPem;
        return out;
    }
    std::string exported(const std::string& name) {
        const Outcome outcome = run({"audit", "export", "-o", "jsonl"});
        const std::string file = path(name.c_str());
        QFile out(QString::fromStdString(file));
        if (!out.open(QIODevice::WriteOnly)) qFatal("no temporary file");
        out.write(QByteArray::fromStdString(outcome.out));
        return file;
    }

    tests::SigningCluster cluster;
    audit::RowHashes hashes;
};

}  // namespace

class TestCtlAudit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void verifyKeepsTheHeadAndAsksForItLater() {
        AuditCtl ctl;
        Outcome outcome = ctl.run({"audit", "verify"});
        QCOMPARE(outcome.code, 0);
        QVERIFY2(tests::has(outcome.out, "none yet"), outcome.out.c_str());
        QVERIFY(ctl.sessions.session.askedRows.empty());
        QCOMPARE(ctl.kept(), std::size_t{1});
        outcome = ctl.run({"audit", "verify"});
        QCOMPARE(outcome.code, 0);
        QCOMPARE(ctl.sessions.session.askedRows, (std::vector<std::uint64_t>{4}));
        QVERIFY2(tests::has(outcome.out, "1, all on the chain"), outcome.out.c_str());
    }

    void aRewrittenDatabaseIsFoundByTheKeptHead_data() {
        QTest::addColumn<QString>("how");
        QTest::newRow("on the master") << QString();
        QTest::newRow("here") << QStringLiteral("--here");
    }
    void aRewrittenDatabaseIsFoundByTheKeptHead() {
        QFETCH(QString, how);
        AuditCtl ctl;
        std::vector<std::string> command = {"audit", "verify"};
        if (!how.isEmpty()) command.push_back(how.toStdString());
        QCOMPARE(ctl.run(command).code, 0);
        ctl.rewrite("eve");
        const Outcome outcome = ctl.run(command);
        QCOMPARE(outcome.code, 1);
        QVERIFY2(tests::has(outcome.err, "AUDIT_REWRITTEN"), outcome.err.c_str());
        QVERIFY2(tests::has(outcome.err, "row 4"), outcome.err.c_str());
        QVERIFY2(tests::has(outcome.err, "forget --from-row 4"), outcome.err.c_str());
        // The head of the rewritten chain does not take the place of the proof.
        QCOMPARE(ctl.kept(), std::size_t{1});
    }

    void aChangeBringsItsHead() {
        AuditCtl ctl;
        QCOMPARE(ctl.run({"cluster", "freeze", "--reason", "x", "--yes"}).code, 0);
        QCOMPARE(ctl.sessions.session.headCalls, 1);
        QCOMPARE(ctl.kept(), std::size_t{1});
        // Reading does not.
        QCOMPARE(ctl.run({"audit", "list"}).code, 0);
        QCOMPARE(ctl.sessions.session.headCalls, 1);
    }

    void aFreezeThatIsNotRecordedAsksForNoHead() {
        AuditCtl ctl;
        ctl.sessions.session.freezeRecorded = false;
        const Outcome outcome = ctl.run({"cluster", "freeze", "--reason", "x", "--yes"});
        QCOMPARE(outcome.code, 0);
        QVERIFY2(tests::has(outcome.err, "until its database takes it"), outcome.err.c_str());
        QCOMPARE(ctl.sessions.session.headCalls, 0);
        ctl.sessions.session.freezeRecorded = true;
        QCOMPARE(ctl.run({"cluster", "freeze", "--reason", "x", "--yes"}).code, 0);
        QCOMPARE(ctl.sessions.session.headCalls, 1);
    }

    void aChangeAgainstARewrittenAuditWarns() {
        AuditCtl ctl;
        QCOMPARE(ctl.run({"audit", "verify"}).code, 0);
        ctl.rewrite("eve");
        const Outcome outcome = ctl.run({"cluster", "freeze", "--reason", "x", "--yes"});
        QCOMPARE(outcome.code, 0);
        QVERIFY2(tests::has(outcome.err, "WARNING: the audit of cluster demo was rewritten"),
                 outcome.err.c_str());
    }

    void aMasterThatSignsNoneIsNoError() {
        AuditCtl ctl;
        ctl.sessions.session.headFailure = absl::UnimplementedError("unknown service");
        const Outcome outcome = ctl.run({"cluster", "freeze", "--reason", "x", "--yes"});
        QCOMPARE(outcome.code, 0);
        QVERIFY2(!tests::has(outcome.err, "head"), outcome.err.c_str());
    }

    void anExportIsVerifiedWithoutAMaster() {
        AuditCtl ctl;
        QCOMPARE(ctl.run({"audit", "verify"}).code, 0);
        const std::string file = ctl.exported("a.jsonl");
        ctl.sessions.session.failure = absl::UnavailableError("gone");
        const int opened = ctl.sessions.opened;
        const Outcome outcome = ctl.run({"audit", "verify", "--file", file});
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        QVERIFY2(tests::has(outcome.out, "1, all on the chain"), outcome.out.c_str());
        QCOMPARE(ctl.sessions.opened, opened);
    }

    void aTamperedExportIsFound() {
        AuditCtl ctl;
        QCOMPARE(ctl.run({"audit", "verify"}).code, 0);
        ctl.sessions.session.chain[1].actor = "eve";
        const std::string edited = ctl.exported("edited.jsonl");
        Outcome outcome = ctl.run({"audit", "verify", "--file", edited});
        QCOMPARE(outcome.code, 1);
        QVERIFY2(tests::has(outcome.err, "broken at row 2"), outcome.err.c_str());
        ctl.rewrite("eve");
        const std::string rewritten = ctl.exported("rewritten.jsonl");
        outcome = ctl.run({"audit", "verify", "--file", rewritten});
        QCOMPARE(outcome.code, 1);
        QVERIFY2(tests::has(outcome.err, "AUDIT_REWRITTEN"), outcome.err.c_str());
    }

    void anOldExportIsNotARewrittenOne() {
        AuditCtl ctl;
        auto& chain = ctl.sessions.session.chain;
        chain.pop_back();
        const std::string file = ctl.exported("old.jsonl");
        QCOMPARE(ctl.run({"audit", "verify"}).code, 0);
        QCOMPARE(ctl.run({"audit", "verify", "--file", file, "--older"}).code, 0);
        // It may be one that somebody cut off.
        const Outcome outcome = ctl.run({"audit", "verify", "--file", file});
        QCOMPARE(outcome.code, 1);
        QVERIFY2(tests::has(outcome.err, "AUDIT_SHORT"), outcome.err.c_str());
        QVERIFY2(tests::has(outcome.err, "ends at row 3"), outcome.err.c_str());
        QCOMPARE(ctl.run({"audit", "verify", "--older"}).code, 2);
    }

    void anEmptyExportProvesNothing() {
        AuditCtl ctl;
        QCOMPARE(ctl.run({"audit", "verify"}).code, 0);
        ctl.sessions.session.chain.clear();
        const Outcome outcome = ctl.run({"audit", "verify", "--file", ctl.exported("empty.jsonl")});
        QCOMPARE(outcome.code, 1);
        QVERIFY2(tests::has(outcome.err, "AUDIT_SHORT"), outcome.err.c_str());
    }

    void aChainIsJudgedWithoutACluster() {
        AuditCtl ctl;
        const std::string file = ctl.exported("a.jsonl");
        ctl.variables.clear();
        const Outcome outcome = ctl.run({"audit", "verify", "--file", file});
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        QVERIFY2(tests::has(outcome.err, "no cluster is chosen"), outcome.err.c_str());
    }

    void headsAreListedAndForgotten() {
        AuditCtl ctl;
        QCOMPARE(ctl.run({"audit", "verify"}).code, 0);
        Outcome outcome = ctl.run({"audit", "heads"});
        QCOMPARE(outcome.code, 0);
        QVERIFY(tests::has(outcome.out, base::toHex(ctl.hashes[4])));
        QVERIFY(tests::has(outcome.err, ctl.path("config")));
        outcome = ctl.run({"audit", "forget", "--from-row", "4"});
        QVERIFY(outcome.code != 0);
        QCOMPARE(ctl.kept(), std::size_t{1});
        QCOMPARE(ctl.run({"audit", "forget", "--from-row", "4", "--yes"}).code, 0);
        QCOMPARE(ctl.kept(), std::size_t{0});
    }

    void anExportThatIsOlderSaysSo() {
        AuditCtl ctl;
        QCOMPARE(ctl.run({"audit", "verify"}).code, 0);
        ctl.sessions.session.chain.pop_back();
        const std::string file = ctl.exported("old.jsonl");
        Outcome outcome = ctl.run({"audit", "verify", "--older", "--file", file});
        QCOMPARE(outcome.code, 0);
        QVERIFY2(tests::has(outcome.out, "1, all of later rows than the export has"),
                 outcome.out.c_str());
        ctl.variables.clear();
        outcome = ctl.run({"audit", "verify", "--file", file});
        QVERIFY2(tests::has(outcome.out, "not compared: no cluster is chosen"),
                 outcome.out.c_str());
    }

    void anExportThatNobodyReadsEnds_data() {
        QTest::addColumn<bool>("left");
        QTest::newRow("head has what it wanted") << true;
        QTest::newRow("the disk is full") << false;
    }
    void anExportThatNobodyReadsEnds() {
        QFETCH(bool, left);
        AuditCtl ctl;
        ctl.readerLeft = left;
        ctl.outputFails = true;
        const Outcome outcome = ctl.run({"audit", "export"});
        QCOMPARE(outcome.code, left ? 0 : 1);
        QCOMPARE(tests::has(outcome.err, "DATA_LOSS"), !left);
        QVERIFY2(!tests::has(outcome.err, "exported"), outcome.err.c_str());
        // Nothing more is asked for.
        const auto& calls = ctl.sessions.session.calls;
        QCOMPARE(std::count(calls.begin(), calls.end(), "readAudit 2"), 0);
    }

    void exportWritesOneFormat() {
        AuditCtl ctl;
        QCOMPARE(ctl.run({"audit", "export", "-o", "csv"}).code, 2);
        QCOMPARE(ctl.run({"audit", "verify", "--here", "--file", "x"}).code, 2);
        QCOMPARE(ctl.run({"audit", "verify", "--file", ctl.path("none")}).code, 1);
    }
};

QTEST_GUILESS_MAIN(TestCtlAudit)
#include "tst_ctl_audit.moc"
