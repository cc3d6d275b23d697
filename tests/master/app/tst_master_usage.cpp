// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QFile>
#include <QTest>

#include "master/storage/sql/connection.h"
#include "tests/master/app/master_program.h"

using namespace ifrit;
using namespace ifrit::master;

/// What was typed, what is not there, and what the configuration says: exit codes and sentences.
class TestMasterUsage : public app::MasterProgram {
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(); }

    void helpAndVersionAreComplete() {
        const Done version = run({QStringLiteral("--version")});
        QCOMPARE(version.code, 0);
        QVERIFY(version.out.startsWith(QStringLiteral("ifrit-master ")));
        const Done help = run({QStringLiteral("--help")});
        QCOMPARE(help.code, 0);
        for (const char* command :
             {"init", "serve", "migrate", "backup", "restore", "check-config", "print-config",
              "join-token", "revoke-machine", "user", "publisher-key"}) {
            QVERIFY2(help.out.contains(QLatin1String(command)), command);
            const Done own = run({QLatin1String(command), QStringLiteral("--help")});
            QCOMPARE(own.code, 0);
            QVERIFY(own.out.contains(QStringLiteral("--dir")) ||
                    own.out.contains(QStringLiteral("Subcommands")));
        }
        QVERIFY(help.out.contains(QStringLiteral("4 migrate --check")));
        const Done fly = run({QStringLiteral("fly")});
        QCOMPARE(fly.code, 2);
        QVERIFY2(fly.error.contains(QStringLiteral("'ifrit-master fly' is no command")) &&
                     fly.error.contains(QStringLiteral("add-master")),
                 qPrintable(fly.error));
        const Done user = run({QStringLiteral("user")});
        QCOMPARE(user.code, 2);
        QVERIFY2(user.error.contains(QStringLiteral("'ifrit-master user' alone is no command")),
                 qPrintable(user.error));
        const Done none = run({});
        QCOMPARE(none.code, 2);
        QCOMPARE(none.error, help.out);
        const Done word = run({QStringLiteral("help")});
        QCOMPARE(word.code, 0);
        QCOMPARE(word.out, help.out);
        QCOMPARE(run({QStringLiteral("help"), QStringLiteral("init")}).out,
                 run({QStringLiteral("init"), QStringLiteral("--help")}).out);
        // What a command wants is said by its own words.
        const Done bare = run({QStringLiteral("serve")});
        QCOMPARE(bare.code, 2);
        QVERIFY2(bare.error.contains(QStringLiteral("--dir")), qPrintable(bare.error));
    }

    void whatWasTypedWrongIsAMatterOfUsage_data() {
        QTest::addColumn<QStringList>("arguments");
        const auto row = [](const char* line) {
            QTest::newRow(line) << QString::fromLatin1(line).split(QLatin1Char(' '));
        };
        row("init --cluster De_mo! --address a:1");
        row("init --cluster demo --address ::1:17555");
        row("init --cluster demo --address a:b:c:80");
        row("init --cluster demo --address a:1 --kind live");
        row("join-token --ttl 8d");
        row("join-token --ttl long");
        row("join-token --uuid bad_uuid!");
        row("join-token --uuid m-1 --count 2");
        row("revoke-machine --uuid bad_uuid! --reason sold");
        row("user add An:na");
        row("init --cluster demo --address a:1 --admin An:na");
        row("serve --listen a");
        row("user add x --role king");
    }
    void whatWasTypedWrongIsAMatterOfUsage() {
        QFETCH(QStringList, arguments);
        const Done done = run(QStringList(arguments) << QStringLiteral("--dir") << directory());
        QVERIFY2(done.code == 2, qPrintable(done.error));
        QVERIFY2(done.error.contains(QStringLiteral("--help'")), qPrintable(done.error));
        QVERIFY(!QFile::exists(directory()));
    }

    void aDirectoryThatIsNotThereIsAFailure_data() {
        QTest::addColumn<QString>("command");
        QTest::addColumn<int>("code");
        const auto row = [](const char* line, int code) {
            QTest::newRow(line) << QString::fromLatin1(line) << code;
        };
        row("join-token", 1);
        row("user list", 1);
        row("publisher-key list", 1);
        row("revoke-machine --uuid m-1 --reason sold", 1);
        row("backup --out there", 1);
        row("migrate", 1);
        row("ring --batches 2 --reason more", 1);
        row("add-master --address b:1 --out there", 1);
        // What they are about is the configuration.
        row("serve", 78);
        row("check-config", 78);
    }
    void aDirectoryThatIsNotThereIsAFailure() {
        QFETCH(QString, command);
        QFETCH(int, code);
        const Done done = on(command);
        QVERIFY2(done.code == code, qPrintable(done.error));
        QCOMPARE(done.error.contains(QStringLiteral("DIRECTORY_MISSING")), code == 1);
    }

    void theDatabaseIsAFileOfThisMachine() {
        QVERIFY(QDir().mkpath(directory()));
        const Done done = on(QStringLiteral("join-token"));
        QVERIFY2(done.code == 1, qPrintable(done.error));
        QVERIFY(done.error.contains(QStringLiteral("DATABASE_MISSING")));
    }

    /// Operators look for it, and for what the pages say of it.
    void anErrorHasItsReason() {
        makeCluster();
        const Done unknown = on(QStringLiteral("user passwd"), {QStringLiteral("bob")});
        QCOMPARE(unknown.code, 3);
        QVERIFY2(unknown.error.endsWith(QStringLiteral("(NOT_FOUND OPERATOR_UNKNOWN)\n")),
                 qPrintable(unknown.error));
        // A file of this machine is nothing that the cluster does not have.
        const Done file =
            on(QStringLiteral("publisher-key add"), {QStringLiteral("--name"), QStringLiteral("x"),
                                                     directory() + QStringLiteral("/no.pem")});
        QCOMPARE(file.code, 1);
        QVERIFY2(file.error.contains(QStringLiteral("(NOT_FOUND SYSTEM)")), qPrintable(file.error));
    }

    void badConfigurationIs78WithFileLineAndKey() {
        makeCluster();
        QCOMPARE(on(QStringLiteral("check-config")).code, 0);
        const QString path = QString::fromStdString(files().config().string());
        QFile config(path);
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write("workers = 4\nlissten = \"127.0.0.1:0\"\n");
        config.close();
        for (const char* command : {"check-config", "print-config", "serve"}) {
            const Done done = on(QLatin1String(command));
            QCOMPARE(done.code, 78);
            QVERIFY2(done.error.contains(path + QStringLiteral(":2")), qPrintable(done.error));
            QVERIFY2(done.error.contains(QStringLiteral("lissten")), qPrintable(done.error));
            QVERIFY2(done.error.contains(QStringLiteral("'listen'")) ||
                         done.error.contains(QStringLiteral("listen?")),
                     qPrintable(done.error));
        }
    }

    void missingClusterSaysWhatToDo() {
        const Done serving = on(QStringLiteral("serve"));
        QCOMPARE(serving.code, 78);
        QVERIFY(serving.error.contains(QStringLiteral("ifrit-master init")));
        const Done token = on(QStringLiteral("join-token"));
        QCOMPARE(token.code, 1);
        QVERIFY(token.error.contains(QStringLiteral("ifrit-master init")));
        QVERIFY(!QFile::exists(directory()));
    }

    void databaseOfANewerMasterIsRefused() {
        makeCluster();
        {
            auto connection = storage::sql::Connection::open(
                storage::sql::sqlitePlace(files().database().string(),
                                          std::chrono::milliseconds(1'000)),
                storage::sql::Connection::Use::Write);
            QVERIFY(connection.ok());
            QVERIFY((*connection)
                        ->execute("INSERT INTO schema_versions (number, name, applied_ms) VALUES "
                                  "(99, 'later', 0)")
                        .ok());
        }
        for (const char* command : {"serve", "migrate", "join-token"}) {
            const Done done = on(QLatin1String(command));
            QCOMPARE(done.code, 1);
            QVERIFY2(done.error.contains(QStringLiteral("99")), qPrintable(done.error));
        }
    }
};

QTEST_GUILESS_MAIN(TestMasterUsage)
#include "tst_master_usage.moc"
