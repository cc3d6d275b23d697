// SPDX-License-Identifier: Apache-2.0
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "gui/ctl/exit_code.h"
#include "shared/base/status.h"
#include "shared/bundle/bundle.h"
#include "shared/crypto/certificates.h"
#include "tests/gui/ctl/ctl_harness.h"

using namespace ifrit;
using namespace ifrit::gui;
using tests::Ctl;
using tests::has;
using tests::kPem;

namespace {

services::GrantInfo grantInfo() {
    services::GrantInfo out;
    out.grant = {
        "g-1", "anna", "release.*", "logd", "*", "LINUX", base::fromUnixMillis(1'800'000'000'000)};
    out.givenBy = "root";
    out.given = base::fromUnixMillis(1'700'000'000'000);
    out.reason = "on call";
    return out;
}

}  // namespace

class TestCtlAccess : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        qputenv("TZ", "UTC");
        tzset();
    }

    void whatChangesWantsAReasonAndAYes_data() {
        QTest::addColumn<QString>("line");
        for (const char* line : {"machine revoke m-1", "token create nightly"})
            QTest::newRow(line) << QString::fromUtf8(line);
    }
    void whatChangesWantsAReasonAndAYes() {
        QFETCH(QString, line);
        Ctl ctl;
        auto arguments = tests::arguments(qPrintable(line));
        const auto none = ctl.run(arguments);
        QCOMPARE(none.code, 2);
        QVERIFY(has(none.err, "--reason"));
        arguments.insert(arguments.end(), {"--reason", "why"});
        const auto unasked = ctl.run(arguments);
        QCOMPARE(unasked.code, 2);
        QVERIFY2(has(unasked.err, "nobody can be asked"), unasked.err.c_str());
        ctl.interactive = true;
        ctl.typed = "n";
        QCOMPARE(ctl.run(arguments).code, 2);
        QVERIFY(ctl.sessions.session.calls.empty());
        ctl.typed = "y";
        QCOMPARE(ctl.run(arguments).code, 0);
        QCOMPARE(ctl.sessions.session.calls.size(), std::size_t{1});
        QCOMPARE(ctl.sessions.session.mutation.reason, std::string("why"));
    }

    void grantsAreGivenForWhatIsSaid() {
        Ctl ctl;
        const base::WallTime now = base::SystemClock().now();
        const auto outcome =
            ctl.run({"grant", "give", "anna", "release.*", "--agent", "logd", "--type", "LINUX",
                     "--for", "30d", "--reason", "on call", "--confirm-count", "1"});
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        const domain::Grant& grant = ctl.sessions.session.lastGrant;
        QCOMPARE(grant.to, std::string("anna"));
        QCOMPARE(grant.verb, std::string("release.*"));
        QCOMPARE(grant.agent, std::string("logd"));
        QCOMPARE(grant.machineType, std::string("LINUX"));
        QCOMPARE(grant.cluster, std::string("*"));
        QVERIFY(grant.expires.has_value());
        QVERIFY(*grant.expires - now >= std::chrono::hours(30 * 24));
        QVERIFY(*grant.expires - now < std::chrono::hours(30 * 24) + std::chrono::minutes(1));
        // What is no grant does not travel.
        ctl.sessions.session.calls.clear();
        const auto wrong = ctl.run({"grant", "give", "anna", "release.*", "--type", "linux",
                                    "--reason", "x", "--confirm-count", "1"});
        QCOMPARE(wrong.code, 2);
        QVERIFY(has(wrong.err, "machine type"));
        QVERIFY(ctl.sessions.session.calls.empty());
    }

    void grantsInEveryFormat_data() {
        QTest::addColumn<QString>("format");
        QTest::addColumn<QStringList>("says");
        const auto text = [](const char* word) { return QString::fromUtf8(word); };
        QTest::newRow("table") << text("table")
                               << QStringList{text("PERMISSION"), text("release.*"), text("g-1")};
        QTest::newRow("wide") << text("wide") << QStringList{text("REASON"), text("on call")};
        QTest::newRow("json") << text("json")
                              << QStringList{text("\"permission\": \"release.*\""),
                                             text("\"expires_ms\": 1800000000000")};
        QTest::newRow("jsonl") << text("jsonl") << QStringList{text("\"machine_type\":\"LINUX\"")};
        QTest::newRow("csv") << text("csv") << QStringList{text("anna,release.*,logd,LINUX")};
        QTest::newRow("name") << text("name") << QStringList{text("g-1\n")};
    }
    void grantsInEveryFormat() {
        QFETCH(QString, format);
        QFETCH(QStringList, says);
        Ctl ctl;
        ctl.sessions.session.grants.grants = {grantInfo()};
        const auto outcome = ctl.run({"grant", "list", "-o", format.toStdString()});
        QCOMPARE(outcome.code, 0);
        for (const QString& part : says)
            QVERIFY2(has(outcome.out, part.toStdString()), outcome.out.c_str());
    }

    void grantsThatOpenNothingAreMarked() {
        Ctl ctl;
        auto& grants = ctl.sessions.session.grants.grants;
        grants = {grantInfo(), grantInfo(), grantInfo()};
        grants[0].expired = true;
        grants[1].elsewhere = true;
        const auto table = ctl.run({"grant", "list"}).out;
        QVERIFY2(has(table, "expired") && has(table, "elsewhere") && has(table, "holds"),
                 table.c_str());
        const auto json = ctl.run({"grant", "list", "-o", "jsonl"}).out;
        QVERIFY2(has(json, "\"expired\":true,\"elsewhere\":false") &&
                     has(json, "\"expired\":false,\"elsewhere\":true"),
                 json.c_str());
        ctl.sessions.session.givesElsewhere = true;
        const auto given = ctl.run({"grant", "give", "anna", "release.*", "--cluster", "mars",
                                    "--reason", "x", "--confirm-count", "1"});
        QCOMPARE(given.code, 0);
        QVERIFY2(has(given.err, "this cluster is not called 'mars': here the grant opens nothing"),
                 given.err.c_str());
    }

    void permissionsCanBeAskedFor_data() {
        QTest::addColumn<std::string>("format");
        QTest::addColumn<std::string>("out");
        QTest::newRow("table") << std::string("table")
                               << std::string("PERMISSION\nrelease.start\npackage.publish\n");
        QTest::newRow("name") << std::string("name")
                              << std::string("release.start\npackage.publish\n");
        QTest::newRow("jsonl") << std::string("jsonl")
                               << std::string(
                                      "{\"permission\":\"release.start\"}\n"
                                      "{\"permission\":\"package.publish\"}\n");
        QTest::newRow("csv") << std::string("csv")
                             << std::string("permission\r\nrelease.start\r\npackage.publish\r\n");
    }
    void permissionsCanBeAskedFor() {
        QFETCH(std::string, format);
        QFETCH(std::string, out);
        Ctl ctl;
        ctl.sessions.session.grants.permissions = {"release.start", "package.publish"};
        QCOMPARE(ctl.run({"grant", "list", "--permissions", "-o", format}).out, out);
    }

    void whatWasTypedWrongIsUsage_data() {
        QTest::addColumn<std::string>("reason");
        // Of "user check", "grant give" and "user create".
        for (const char* reason : {"PERMISSION_UNKNOWN", "GRANT_INVALID", "NAME_INVALID"})
            QTest::newRow(reason) << std::string(reason);
    }
    void whatWasTypedWrongIsUsage() {
        QFETCH(std::string, reason);
        QCOMPARE(gui::ctl::exitCodeOf(
                     base::invalidArgument(reason, "nonsense", "there is no 'nonsense'")),
                 gui::ctl::ExitCode::Usage);
    }

    void permissionsWantAReasonAndTheNumber_data() {
        QTest::addColumn<QString>("line");
        for (const char* line :
             {"user create anna --role super_admin", "user passwd anna", "user role anna reader",
              "user role anna super_admin", "user disable anna", "user enable anna",
              "user remove anna", "user revoke --user anna", "user revoke 0a1b",
              "grant give anna release.start", "grant take g-1"})
            QTest::newRow(line) << QString::fromUtf8(line);
    }
    void permissionsWantAReasonAndTheNumber() {
        QFETCH(QString, line);
        Ctl ctl;
        auto arguments = tests::arguments(qPrintable(line));
        arguments.push_back("--yes");
        const auto none = ctl.run(arguments);
        QCOMPARE(none.code, 2);
        QVERIFY2(has(none.err, "--reason"), none.err.c_str());
        arguments.insert(arguments.end(), {"--reason", "why"});
        const auto unasked = ctl.run(arguments);
        QCOMPARE(unasked.code, 2);
        QVERIFY2(has(unasked.err, "--confirm-count with the number that it touches, 1"),
                 unasked.err.c_str());
        auto other = arguments;
        other.insert(other.end(), {"--confirm-count", "2"});
        const auto mismatched = ctl.run(other);
        QCOMPARE(mismatched.code, 5);
        QVERIFY2(has(mismatched.err, "touches 1, not 2; nothing was changed"),
                 mismatched.err.c_str());
        ctl.interactive = true;
        ctl.typed = "y";
        QCOMPARE(ctl.run(arguments).code, 5);
        QVERIFY(ctl.sessions.session.calls.empty());
        ctl.typed = "1";
        const auto typed = ctl.run(arguments);
        QVERIFY2(typed.code == 0, typed.err.c_str());
        QVERIFY2(has(typed.err, "? user ") || has(typed.err, "? grant "), typed.err.c_str());
        ctl.interactive = false;
        arguments.insert(arguments.end(), {"--confirm-count", "1"});
        QCOMPARE(ctl.run(arguments).code, 0);
        QCOMPARE(ctl.sessions.session.calls.size(), std::size_t{2});
        QCOMPARE(ctl.sessions.session.mutation.reason, std::string("why"));
        arguments = tests::arguments(qPrintable(line));
        const auto help = ctl.run({arguments[0], arguments[1], "--help"});
        QVERIFY2(has(help.out, "lass 3"), help.out.c_str());
        QVERIFY2(has(help.out, "--confirm-count 1"), help.out.c_str());
    }

    void aMadePasswordIsOnTheOutputAlone() {
        Ctl ctl;
        ctl.sessions.session.madePassword = {"anna", "made-by-the-master"};
        const auto outcome = ctl.run({"user", "create", "anna"});
        QCOMPARE(outcome.out, std::string("made-by-the-master\n"));
        QVERIFY(!has(outcome.err, "made-by-the-master"));
        const auto json = ctl.run({"user", "passwd", "anna", "-o", "json", "--reason", "forgotten",
                                   "--confirm-count", "1"});
        const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(json.out)).object();
        QCOMPARE(object[QStringLiteral("password")].toString(),
                 QStringLiteral("made-by-the-master"));
        ctl.sessions.session.madePassword.password.clear();
        const auto none = ctl.run({"user", "create", "robot", "--certificate-only"});
        QVERIFY(none.out.empty());
        QCOMPARE(ctl.sessions.session.calls.back(),
                 std::string("createUser robot reader no password"));
    }

    void onesOwnPasswordComesFromThePersonOrTheInput() {
        Ctl ctl;
        QCOMPARE(ctl.run({"user", "passwd"}).code, 2);
        ctl.in.str("old one\nnew long password\n");
        QCOMPARE(ctl.run({"user", "passwd", "--password-stdin"}).code, 0);
        QCOMPARE(ctl.sessions.session.lastPassword.current, std::string("old one"));
        QCOMPARE(ctl.sessions.session.lastPassword.password, std::string("new long password"));
        ctl.interactive = true;
        ctl.typed = "the same each time";
        QCOMPARE(ctl.run({"user", "passwd"}).code, 0);
        QCOMPARE(ctl.sessions.session.lastPassword.password, ctl.typed);
        QVERIFY(ctl.sessions.session.lastPassword.user.empty());
    }

    void checkAsksForWhatIsSaid() {
        Ctl ctl;
        ctl.sessions.session.accessAnswer = {
            "anna", false, "no grant gives anna release.start", {}};
        const auto outcome = ctl.run({"user", "check", "release.start", "--user", "anna", "--agent",
                                      "logd", "--type", "LINUX,ARM64"});
        QCOMPARE(outcome.code, 0);
        QVERIFY(has(outcome.out, "no grant gives anna"));
        const services::AccessQuestion& asked = ctl.sessions.session.lastQuestion;
        QCOMPARE(asked.user, std::string("anna"));
        QCOMPARE(asked.agent, std::string("logd"));
        QCOMPARE(asked.machineTypes, (std::vector<std::string>{"LINUX", "ARM64"}));
    }

    void aCertificatesKeyIsMadeHere() {
        Ctl ctl;
        const auto ca = crypto::createCa("demo", base::SystemClock().now(), std::chrono::hours(24));
        QVERIFY(ca.ok());
        ctl.sessions.session.issued.caPem = ca->certificatePem;
        ctl.sessions.session.issued.certificatePem = tests::kPem;
        const std::string out = ctl.path("anna.bundle");
        const std::vector<std::string> issue = {"user", "issue", "anna", "--out", out};
        QCOMPARE(ctl.run(issue).code, 2);
        QVERIFY(ctl.sessions.session.lastCsr.empty() &&
                !QFile::exists(QString::fromStdString(out)));
        auto counted = issue;
        counted.insert(counted.end(), {"--reason", "why", "--confirm-count", "1"});
        const auto outcome = ctl.run(counted);
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        QVERIFY(crypto::csrKeySha256(ctl.sessions.session.lastCsr).ok());
        const auto bundle = bundle::readBundleFile(out);
        QVERIFY2(bundle.ok(), base::messageOf(bundle.status()).c_str());
        QCOMPARE(bundle->addresses, std::vector<std::string>{"127.0.0.1:7443"});
        QCOMPARE(bundle->caPem, ca->certificatePem);
        QVERIFY(has(bundle->privateKeyPem, "PRIVATE KEY"));
        QVERIFY(!has(ctl.sessions.session.lastCsr, bundle->privateKeyPem));
        QCOMPARE(QFile::permissions(QString::fromStdString(out)) &
                     (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup),
                 QFile::Permissions());
        QVERIFY(!has(outcome.out + outcome.err, "PRIVATE KEY"));
        // Never over another one.
        const auto again = ctl.run(counted);
        QVERIFY(again.code != 0);
        QVERIFY2(has(again.err, "exists"), again.err.c_str());
    }

    void tokensWantThePasswordOfWhoeverCameWithOne() {
        Ctl ctl;
        ctl.sessions.session.madeToken = {"ifritses_secret", {}};
        // By certificate: nobody asks.
        const auto outcome =
            ctl.run({"token", "create", "nightly", "--for", "30d", "--reason", "x", "--yes"});
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        QCOMPARE(outcome.out, std::string("ifritses_secret\n"));
        QVERIFY(!has(outcome.err, "ifritses_secret"));
        QCOMPARE(ctl.sessions.session.lastToken.lifetime, std::chrono::hours(30 * 24));
        QVERIFY(ctl.sessions.session.lastToken.password.empty());
        // By a token.
        ctl.run({"context", "import", ctl.variables["IFRIT_BUNDLE"]});
        ctl.in.str("pw\n");
        ctl.run({"login", "--user", "anna", "--password-stdin", "--context", "demo"});
        const std::vector<std::string> create = {"token", "create",   "nightly", "--context",
                                                 "demo",  "--reason", "x",       "--yes"};
        QCOMPARE(ctl.run(create).code, 2);
        ctl.in.clear();
        ctl.in.str("my password\n");
        auto piped = create;
        piped.push_back("--password-stdin");
        QCOMPARE(ctl.run(piped).code, 0);
        QCOMPARE(ctl.sessions.session.lastToken.password, std::string("my password"));
        QCOMPARE(ctl.run({"token", "revoke", "--yes"}).code, 2);
    }

    void whatWidensAccessWantsThePasswordOfWhoeverCameWithAToken_data() {
        QTest::addColumn<QString>("line");
        for (const char* line : {"user create anna", "user passwd anna",
                                 "user role anna super_admin", "user enable anna",
                                 "user issue anna --out x.bundle", "grant give anna release.start"})
            QTest::newRow(line) << QString::fromUtf8(line);
    }
    void whatWidensAccessWantsThePasswordOfWhoeverCameWithAToken() {
        QFETCH(QString, line);
        Ctl ctl;
        ctl.sessions.session.issued = {kPem, kPem, "demo", {}};
        auto arguments = tests::arguments(qPrintable(line));
        for (std::string& word : arguments) {
            if (word == "x.bundle") word = ctl.path("x.bundle");
        }
        arguments.insert(arguments.end(), {"--reason", "x", "--confirm-count", "1"});
        const auto byCertificate = ctl.run(arguments);
        QVERIFY2(byCertificate.code == 0, byCertificate.err.c_str());
        QVERIFY(ctl.sessions.session.mutation.password.empty());
        QFile::remove(QString::fromStdString(ctl.path("x.bundle")));
        ctl.run({"context", "import", ctl.variables["IFRIT_BUNDLE"]});
        ctl.in.str("pw\n");
        ctl.run({"login", "--user", "anna", "--password-stdin", "--context", "demo"});
        arguments.insert(arguments.end(), {"--context", "demo"});
        ctl.sessions.session.calls.clear();
        const auto unasked = ctl.run(arguments);
        QCOMPARE(unasked.code, 2);
        QVERIFY2(has(unasked.err, "--password-stdin"), unasked.err.c_str());
        QVERIFY(ctl.sessions.session.calls.empty());
        ctl.interactive = true;
        ctl.typed = "my password";
        const auto asked = ctl.run(arguments);
        QVERIFY2(asked.code == 0, asked.err.c_str());
        QVERIFY2(has(asked.err, "Your password: "), asked.err.c_str());
        QVERIFY(!has(asked.err + asked.out, "my password"));
        QCOMPARE(ctl.sessions.session.mutation.password, std::string("my password"));
        QFile::remove(QString::fromStdString(ctl.path("x.bundle")));
        ctl.interactive = false;
        ctl.in.clear();
        ctl.in.str("from a pipe\nanother long one\n");
        arguments.push_back("--password-stdin");
        const auto piped = ctl.run(arguments);
        QVERIFY2(piped.code == 0, piped.err.c_str());
        QCOMPARE(ctl.sessions.session.mutation.password, std::string("from a pipe"));
        if (line.startsWith(QStringLiteral("user passwd")))
            QCOMPARE(ctl.sessions.session.lastPassword.password, std::string("another long one"));
    }

    void usersAreListed() {
        Ctl ctl;
        services::UserInfo user;
        user.name = "anna";
        user.role = services::UserRole::SuperAdmin;
        user.disabled = true;
        user.tokens = 3;
        ctl.sessions.session.users = {user};
        const auto outcome = ctl.run({"user", "list"});
        QVERIFY2(has(outcome.out, "anna") && has(outcome.out, "super_admin") &&
                     has(outcome.out, "disabled"),
                 outcome.out.c_str());
        const auto json = ctl.run({"user", "list", "-o", "jsonl"});
        QVERIFY2(has(json.out, "\"tokens\":3"), json.out.c_str());
    }
};

QTEST_GUILESS_MAIN(TestCtlAccess)
#include "tst_ctl_access.moc"
