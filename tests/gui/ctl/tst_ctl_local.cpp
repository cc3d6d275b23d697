// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTest>

#include "shared/base/status.h"
#include "shared/domain/enum_names.h"
#include "tests/gui/ctl/ctl_harness.h"

using namespace ifrit;
using namespace ifrit::gui;
using tests::Ctl;
using tests::has;

class TestCtlLocal : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        qputenv("TZ", "UTC");
        tzset();
    }
    void helpIsAWordToo();
    void contextsAreImportedUsedAndRemoved();
    void anImportedBundleCountsBeforeALogin();
    void aLoginThatStaysIsTold();
    void aLogoutSaysWhoActs_data();
    void aLogoutSaysWhoActs();
    void anImportSaysThatALoginIsGone();
    void aBrokenContextIsRemoved();
    void badBundlesAreNamed();
    void loginKeepsItsTokenSecret();
    void keysAndPackagesAreMadeAndVerified();
    void anEncryptedKeyWantsItsPassphrase();
};

// As of git and kubectl; nothing typed at all is a mistake, and says what can be.
void TestCtlLocal::helpIsAWordToo() {
    Ctl ctl;
    const tests::Outcome all = ctl.run({"--help"});
    QCOMPARE(all.code, 0);
    for (const char* command : {"cluster", "release", "help"})
        QVERIFY2(has(all.out, std::string("\n  ") + command + " "), all.out.c_str());
    const tests::Outcome word = ctl.run({"help"});
    QCOMPARE(word.code, 0);
    QCOMPARE(word.out, all.out);
    QVERIFY(word.err.empty());
    const tests::Outcome none = ctl.run({});
    QCOMPARE(none.code, 2);
    QCOMPARE(none.err, all.out);
    QVERIFY(none.out.empty());
    QCOMPARE(ctl.run({"help", "release"}).out, ctl.run({"release", "--help"}).out);
    const tests::Outcome verb = ctl.run({"help", "release", "start"});
    QCOMPARE(verb.code, 0);
    QCOMPARE(verb.out, ctl.run({"release", "start", "--help"}).out);
    const tests::Outcome wrong = ctl.run({"help", "relase"});
    QCOMPARE(wrong.code, 2);
    QVERIFY2(has(wrong.err, "'ifritctl relase' is no command; known here: "), wrong.err.c_str());
    QCOMPARE(ctl.sessions.opened, 0);
}

void TestCtlLocal::contextsAreImportedUsedAndRemoved() {
    Ctl ctl;
    const std::string bundle = ctl.variables["IFRIT_BUNDLE"];
    ctl.variables.clear();
    tests::Outcome none = ctl.run({"machine", "list"});
    QVERIFY(has(none.err, "context import"));
    QCOMPARE(none.code, 2);
    QCOMPARE(ctl.run({"context", "import", bundle}).code, 0);
    QCOMPARE(ctl.run({"context", "import", bundle, "--name", "second"}).code, 0);
    QCOMPARE(ctl.run({"context", "list", "-o", "name"}).out, std::string("demo\nsecond\n"));
    for (const char* file : {"config/contexts/demo", "config/current"}) {
        const auto permissions = QFile::permissions(QString::fromStdString(ctl.path(file)));
        QVERIFY(!(permissions &
                  (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther)));
    }
    QVERIFY(has(ctl.run({"context", "show", "-o", "json"}).out, "\"name\": \"second\""));
    QVERIFY(!has(ctl.run({"context", "show", "-o", "json"}).out, "BEGIN"));
    QCOMPARE(ctl.run({"context", "use", "demo"}).code, 0);
    QCOMPARE(ctl.run({"machine", "list"}).code, 0);
    QCOMPARE(ctl.sessions.profile.bundle.cluster, std::string("demo"));
    QCOMPARE(ctl.run({"context", "use", "third"}).code, 3);
    QCOMPARE(ctl.run({"context", "show", "../../etc/passwd"}).code, 2);
    QCOMPARE(ctl.run({"context", "remove", "demo"}).code, 0);
    QCOMPARE(ctl.run({"context", "list", "-o", "name"}).out, std::string("second\n"));
}

// What was imported to be used was not: the login of before was sent, even to another cluster.
void TestCtlLocal::anImportedBundleCountsBeforeALogin() {
    Ctl ctl;
    const auto admin = bundle::readBundleFile(ctl.variables["IFRIT_BUNDLE"]);
    QVERIFY(admin.ok());
    const auto import = [&](const bundle::Bundle& bundle) {
        tests::write(ctl.path("new.bundle"), bundle::formatBundle(bundle));
        QCOMPARE(ctl.run({"context", "import", ctl.path("new.bundle"), "--replace"}).code, 0);
    };
    const auto login = [&] {
        ctl.interactive = true;
        ctl.typed = "pw";
        QCOMPARE(ctl.run({"login", "--user", "anna"}).code, 0);
        ctl.run({"machine", "list"});
        QCOMPARE(ctl.sessions.profile.bearerToken, std::string("secret-token"));
    };
    const auto sent = [&] {
        ctl.run({"machine", "list"});
        return ctl.sessions.profile.bearerToken;
    };
    bundle::Bundle bundle = *admin;
    bundle.certificatePem.clear();
    bundle.privateKeyPem.clear();
    ctl.variables.clear();
    import(bundle);
    login();
    // Other addresses of the same cluster, and no certificate: the login is what there is.
    bundle.addresses = {"127.0.0.1:9443"};
    import(bundle);
    QCOMPARE(sent(), std::string("secret-token"));
    bundle.certificatePem = tests::kPem;
    bundle.privateKeyPem = tests::kPem;
    import(bundle);
    QCOMPARE(sent(), std::string());
    login();
    bundle.certificatePem.clear();
    bundle.privateKeyPem.clear();
    bundle.caPem = std::string(tests::kPem) + tests::kPem;
    import(bundle);
    QCOMPARE(sent(), std::string());
}

// It would be sent to whatever the bundle says next.
void TestCtlLocal::aLoginThatStaysIsTold() {
    Ctl ctl;
    const auto admin = bundle::readBundleFile(ctl.variables["IFRIT_BUNDLE"]);
    QVERIFY(admin.ok());
    QCOMPARE(ctl.run({"context", "import", ctl.variables["IFRIT_BUNDLE"]}).code, 0);
    // What no program removes as a file.
    const std::string token = ctl.path("config/tokens/demo");
    QVERIFY(QDir().mkpath(QString::fromStdString(token) + QStringLiteral("/in the way")));
    bundle::Bundle other = *admin;
    other.caPem = std::string(tests::kPem) + tests::kPem;
    tests::write(ctl.path("new.bundle"), bundle::formatBundle(other));
    for (const auto& line :
         {std::vector<std::string>{"context", "import", ctl.path("new.bundle"), "--replace"},
          std::vector<std::string>{"context", "remove", "demo"}}) {
        const auto outcome = ctl.run(line);
        QCOMPARE(outcome.code, 1);
        QVERIFY2(has(outcome.err, token), outcome.err.c_str());
    }
    const auto kept = bundle::readBundleFile(ctl.path("config/contexts/demo"));
    QVERIFY(kept.ok() && *kept == *admin);
}

void TestCtlLocal::aLogoutSaysWhoActs_data() {
    QTest::addColumn<int>("answer");
    QTest::addColumn<bool>("certificate");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArrayList>("says");
    const int ended = static_cast<int>(absl::StatusCode::kUnauthenticated);
    const int away = static_cast<int>(absl::StatusCode::kUnavailable);
    const QByteArray acts("the certificate of context demo acts from now on");
    QTest::newRow("signed in") << 0 << true << 0 << QByteArrayList{"signed out; ", acts};
    QTest::newRow("no certificate")
        << 0 << false << 0 << QByteArrayList{"signed out; ", "want 'ifritctl login' first"};
    // It was an error, and the certificate acted from then on without a word.
    QTest::newRow("had ended") << ended << true << 0
                               << QByteArrayList{"the sign-in had ended already; ", acts};
    QTest::newRow("not reached") << away << true << 8
                                 << QByteArrayList{"not ended on the master; ", acts};
}

void TestCtlLocal::aLogoutSaysWhoActs() {
    QFETCH(int, answer);
    QFETCH(bool, certificate);
    QFETCH(int, code);
    QFETCH(QByteArrayList, says);
    Ctl ctl;
    auto bundle = bundle::readBundleFile(ctl.variables["IFRIT_BUNDLE"]);
    QVERIFY(bundle.ok());
    if (!certificate) bundle->certificatePem = bundle->privateKeyPem = std::string();
    tests::write(ctl.path("own.bundle"), bundle::formatBundle(*bundle));
    ctl.variables.clear();
    QCOMPARE(ctl.run({"context", "import", ctl.path("own.bundle")}).code, 0);
    ctl.interactive = true;
    ctl.typed = "pw";
    QCOMPARE(ctl.run({"login", "--user", "anna"}).code, 0);
    if (answer != 0)
        ctl.sessions.session.failure = base::makeError(static_cast<absl::StatusCode>(answer),
                                                       "SIGN_IN_EXPIRED", "", "it has ended");
    const tests::Outcome outcome = ctl.run({"logout"});
    QVERIFY2(outcome.code == code, outcome.err.c_str());
    for (const QByteArray& part : says)
        QVERIFY2(has(outcome.err, part.toStdString()), outcome.err.c_str());
    QVERIFY(!QFile::exists(QString::fromStdString(ctl.path("config/tokens/demo"))));
}

void TestCtlLocal::anImportSaysThatALoginIsGone() {
    Ctl ctl;
    const std::string own = ctl.variables["IFRIT_BUNDLE"];
    auto bundle = bundle::readBundleFile(own);
    QVERIFY(bundle.ok());
    bundle->certificatePem = bundle->privateKeyPem = std::string();
    tests::write(ctl.path("password.bundle"), bundle::formatBundle(*bundle));
    ctl.variables.clear();
    ctl.interactive = true;
    ctl.typed = "pw";
    tests::Outcome outcome = ctl.run({"context", "import", ctl.path("password.bundle")});
    QVERIFY(!has(outcome.err, "is forgotten"));
    QCOMPARE(ctl.run({"login", "--user", "anna"}).code, 0);
    outcome = ctl.run({"context", "import", own, "--replace"});
    QCOMPARE(outcome.code, 0);
    QVERIFY2(has(outcome.err, "is forgotten: the new one's certificate acts from now on"),
             outcome.err.c_str());
}

void TestCtlLocal::aBrokenContextIsRemoved() {
    Ctl ctl;
    ctl.run({"context", "import", ctl.variables["IFRIT_BUNDLE"], "--name", "broken"});
    tests::write(ctl.path("config/contexts/broken"), "format = 1\n");
    const auto listed = ctl.run({"context", "list", "-o", "json"});
    QVERIFY2(has(listed.out, "\"kind\": null"), listed.out.c_str());
    const auto table = ctl.run({"context", "list"}).out;
    QVERIFY2(has(table, "broken") && !has(table, "development"), table.c_str());
    const QString token = QString::fromStdString(ctl.path("config/tokens/broken"));
    QVERIFY(QFileInfo(token).dir().mkpath(QStringLiteral(".")));
    tests::write(token.toStdString(), "secret\n");
    QCOMPARE(ctl.run({"context", "remove", "broken"}).code, 0);
    QVERIFY(!QFile::exists(token));
    QCOMPARE(ctl.run({"context", "list", "-o", "name"}).out, std::string());
    QCOMPARE(ctl.run({"context", "remove", "broken"}).code, 3);
}

void TestCtlLocal::badBundlesAreNamed() {
    Ctl ctl;
    QFile file(QString::fromStdString(ctl.path("bad.bundle")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("format = 1\ncolour = 2\n");
    file.close();
    tests::Outcome outcome = ctl.run({"machine", "list", "--bundle", ctl.path("bad.bundle")});
    QCOMPARE(outcome.code, 1);
    QVERIFY2(has(outcome.err, "bad.bundle:2: colour: is not a known key"), outcome.err.c_str());
    outcome = ctl.run({"context", "import", ctl.path("nothing.bundle")});
    QCOMPARE(outcome.code, 1);
    QVERIFY(has(outcome.err, "nothing.bundle"));
    QCOMPARE(ctl.sessions.opened, 0);
    // A folder that cannot be made.
    QFile blocker(QString::fromStdString(ctl.path("config")));
    QVERIFY(blocker.open(QIODevice::WriteOnly));
    outcome = ctl.run({"context", "import", ctl.variables["IFRIT_BUNDLE"]});
    QCOMPARE(outcome.code, 1);
    QVERIFY2(has(outcome.err, "cannot write"), outcome.err.c_str());
}

void TestCtlLocal::loginKeepsItsTokenSecret() {
    Ctl ctl;
    ctl.run({"context", "import", ctl.variables["IFRIT_BUNDLE"]});
    ctl.variables.clear();
    ctl.interactive = true;
    ctl.typed = "pw";
    const tests::Outcome outcome = ctl.run({"login", "--user", "anna"});
    QCOMPARE(outcome.code, 0);
    QCOMPARE(ctl.sessions.session.calls.back(), std::string("login anna pw"));
    QVERIFY(!has(outcome.out + outcome.err, "secret-token") && !has(outcome.err, "pw\n"));
    const QString token = QString::fromStdString(ctl.path("config/tokens/demo"));
    QVERIFY(QFile::exists(token));
    QVERIFY(!(QFile::permissions(token) & (QFile::ReadGroup | QFile::ReadOther)));
    ctl.run({"machine", "list"});
    QCOMPARE(ctl.sessions.profile.bearerToken, std::string("secret-token"));
    QCOMPARE(ctl.run({"logout"}).code, 0);
    QVERIFY(!QFile::exists(token));
}

void TestCtlLocal::anEncryptedKeyWantsItsPassphrase() {
    Ctl ctl;
    const std::string key = ctl.path("publisher.pem");
    // Nobody is there to be asked; too short; and a person who types it.
    QCOMPARE(ctl.run({"key", "generate", "--encrypt", key}).code, 2);
    ctl.interactive = true;
    ctl.typed = "short";
    QCOMPARE(ctl.run({"key", "generate", "--encrypt", key}).code, 2);
    QVERIFY(!QFile::exists(QString::fromStdString(key)));
    ctl.typed = "correct horse";
    tests::Outcome outcome = ctl.run({"key", "generate", "--encrypt", key});
    QCOMPARE(outcome.code, 0);
    QVERIFY2(!has(outcome.out + outcome.err, "correct horse"), "it must not be shown");
    QFile file(QString::fromStdString(key));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll().startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    const std::string id = ctl.run({"key", "show", key + ".pub.pem", "-o", "name"}).out;
    QCOMPARE(ctl.run({"key", "show", key, "-o", "name"}).out, id);
    ctl.typed = "wrong horse";
    outcome = ctl.run({"key", "show", key});
    QCOMPARE(outcome.code, 1);
    QVERIFY2(has(outcome.err, "passphrase"), outcome.err.c_str());
    // For scripts: a file's first line, or the environment.
    ctl.interactive = false;
    QCOMPARE(ctl.run({"key", "show", key}).code, 2);
    ctl.variables["IFRIT_KEY_PASSPHRASE"] = "correct horse";
    QCOMPARE(ctl.run({"key", "show", key, "-o", "name"}).out, id);
    ctl.variables.clear();
    QFile words(QString::fromStdString(ctl.path("words")));
    QVERIFY(words.open(QIODevice::WriteOnly));
    words.write("correct horse\nand more\n");
    words.close();
    QCOMPARE(
        ctl.run({"key", "show", key, "-o", "name", "--passphrase-file", ctl.path("words")}).out,
        id);
    outcome = ctl.run({"package", "verify", "x.ifrit", "--key", key});
    QVERIFY2(has(outcome.err, "publisher.pem.pub.pem"), outcome.err.c_str());
}

void TestCtlLocal::keysAndPackagesAreMadeAndVerified() {
    Ctl ctl;
    const std::string key = ctl.path("publisher.pem");
    QCOMPARE(ctl.run({"key", "generate", key}).code, 0);
    QVERIFY(
        !(QFile::permissions(QString::fromStdString(key)) & (QFile::ReadGroup | QFile::ReadOther)));
    QCOMPARE(ctl.run({"key", "generate", key}).code, 5);
    const std::string id = ctl.run({"key", "show", key, "-o", "name"}).out;
    QCOMPARE(id.size(), std::size_t{17});
    QCOMPARE(ctl.run({"key", "show", key + ".pub.pem", "-o", "name"}).out, id);
    QVERIFY(QDir(ctl.dir.path()).mkpath(QStringLiteral("src/files/bin")));
    QFile program(QString::fromStdString(ctl.path("src/files/bin/logd")));
    QVERIFY(program.open(QIODevice::WriteOnly));
    program.write("#!/bin/sh\nexec sleep 1000\n");
    program.close();
    program.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    QFile source(QString::fromStdString(ctl.path("src/package.toml")));
    QVERIFY(source.open(QIODevice::WriteOnly));
    source.write(
        "format = 1\nname = \"logd\"\nversion = \"1.0\"\nmachine_types = [\"LINUX\"]\n"
        "[start]\ncommand = [\"bin/logd\"]\n");
    source.close();
    const tests::Outcome built = ctl.run({"package", "build", ctl.path("src"), "--key", key,
                                          "--out", ctl.path("logd.ifrit"), "-o", "name"});
    QVERIFY2(built.code == 0, built.err.c_str());
    QCOMPARE(ctl.run({"package", "verify", ctl.path("logd.ifrit"), "--key", key + ".pub.pem"}).code,
             0);
    // Another key is not enough, and a changed byte is found.
    QCOMPARE(ctl.run({"key", "generate", ctl.path("other.pem")}).code, 0);
    const tests::Outcome foreign =
        ctl.run({"package", "verify", ctl.path("logd.ifrit"), "--key", ctl.path("other.pem")});
    QCOMPARE(foreign.code, 5);
    QVERIFY2(has(foreign.err, "PACKAGE_UNKNOWN_KEY"), foreign.err.c_str());
    QFile package(QString::fromStdString(ctl.path("logd.ifrit")));
    QVERIFY(package.open(QIODevice::ReadWrite));
    QByteArray bytes = package.readAll();
    const qsizetype at = bytes.indexOf("version = \"1.0\"");
    QVERIFY(at > 0);
    bytes[at + 11] = '2';
    package.seek(0);
    package.write(bytes);
    package.close();
    const tests::Outcome changed =
        ctl.run({"package", "verify", ctl.path("logd.ifrit"), "--key", key + ".pub.pem"});
    QVERIFY2(changed.code != 0 && has(changed.err, "PACKAGE_SIGNATURE"), changed.err.c_str());
}

QTEST_GUILESS_MAIN(TestCtlLocal)
#include "tst_ctl_local.moc"
