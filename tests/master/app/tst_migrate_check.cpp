// SPDX-License-Identifier: Apache-2.0
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "shared/base/atomic_file.h"
#include "tests/support/built_programs.h"
#include "tests/support/private_mariadb.h"

using namespace ifrit;

/// What the package asks before it restarts a master, with a real database.
class TestMigrateCheck : public QObject {
    Q_OBJECT

    static int migrate(const QTemporaryDir& directory, const QStringList& rest = {}) {
        QProcess process;
        process.setProcessChannelMode(QProcess::ForwardedChannels);
        process.start(
            QString::fromStdString(tests::built("bin/ifrit-master")),
            QStringList{QStringLiteral("migrate"), QStringLiteral("--dir"), directory.path()}
                << rest);
        if (!process.waitForFinished()) return -1;
        return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    }

private Q_SLOTS:
    void anOldSchemaIsToldAndLeft() {
        tests::PrivateMariadb server;
        const QTemporaryDir directory;
        const std::string root = directory.path().toStdString();
        QVERIFY(
            base::writeFileAtomically(root + "/password", tests::PrivateMariadb::password(), 0600)
                .ok());
        const std::string config =
            "listen = \"127.0.0.1:0\"\n[store]\nkind = \"mariadb\"\n"
            "socket = \"" +
            server.socket() + "\"\ndatabase = \"" + server.newDatabase() + "\"\nuser = \"" +
            tests::PrivateMariadb::user() + "\"\npassword_file = \"" + root + "/password\"\n";
        QVERIFY(base::writeFileAtomically(root + "/master.toml", config, 0600).ok());
        const QStringList check{QStringLiteral("--check")};
        QCOMPARE(migrate(directory, check), 4);
        // It changed nothing, or this would be 0.
        QCOMPARE(migrate(directory, check), 4);
        QCOMPARE(migrate(directory), 0);
        QCOMPARE(migrate(directory, check), 0);
        server.kill();
        QCOMPARE(migrate(directory, check), 1);
    }
};

QTEST_GUILESS_MAIN(TestMigrateCheck)
#include "tst_migrate_check.moc"
