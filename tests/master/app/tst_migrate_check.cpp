// SPDX-License-Identifier: Apache-2.0
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "master/storage/sql/migrations.h"
#include "master/storage/sql/place.h"
#include "shared/base/atomic_file.h"
#include "tests/support/built_programs.h"
#include "tests/support/private_mariadb.h"

using namespace ifrit;
namespace sql = master::storage::sql;

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

    static void write(const QTemporaryDir& directory, const char* name, const std::string& text) {
        const std::string path = directory.filePath(QString::fromLatin1(name)).toStdString();
        const absl::Status written = base::writeFileAtomically(path, text, 0600);
        QVERIFY2(written.ok(), written.ToString().c_str());
    }
    static sql::MariadbServer serverIn(tests::PrivateMariadb& server) {
        sql::MariadbServer out;
        out.socket = server.socket();
        out.database = server.newDatabase();
        out.user = tests::PrivateMariadb::user();
        out.password = tests::PrivateMariadb::password();
        return out;
    }
    static std::string configFor(const sql::MariadbServer& server, const QTemporaryDir& directory) {
        write(directory, "password", server.password);
        return "listen = \"127.0.0.1:0\"\n[store]\nkind = \"mariadb\"\nsocket = \"" +
               server.socket + "\"\ndatabase = \"" + server.database + "\"\nuser = \"" +
               server.user + "\"\npassword_file = \"" + directory.path().toStdString() +
               "/password\"\n";
    }
    /// As the ifrit-master that knows schemas up to `number` leaves it.
    static void setSchema(const sql::Place& place, int number) {
        const auto connection = sql::Connection::open(place, sql::Connection::Use::Write);
        QVERIFY(connection.ok());
        QVERIFY((*connection)
                    ->run("DELETE FROM schema_versions WHERE number > ?", {sql::integer(number)})
                    .ok());
        if (schemaOf(place) == number) return;
        QVERIFY((*connection)
                    ->run("INSERT INTO schema_versions (number, name, applied_ms) VALUES (?, ?, ?)",
                          {sql::integer(number), sql::text("later"), sql::integer(0)})
                    .ok());
    }
    static int schemaOf(const sql::Place& place) {
        const auto connection = sql::Connection::open(place, sql::Connection::Use::Read);
        return connection.ok() ? sql::schemaVersion(**connection).value_or(-1) : -1;
    }

private Q_SLOTS:
    void anOldSchemaIsToldAndLeft() {
        tests::PrivateMariadb server;
        const QTemporaryDir directory;
        const sql::MariadbServer place = serverIn(server);
        write(directory, "master.toml", configFor(place, directory));
        const QStringList check{QStringLiteral("--check")};
        QCOMPARE(migrate(directory, check), 4);
        // It changed nothing, or this would be 0.
        QCOMPARE(migrate(directory, check), 4);
        QCOMPARE(migrate(directory), 0);
        QCOMPARE(migrate(directory, check), 0);
        const auto in = sql::mariadbPlace(place);
        QVERIFY(in.ok());
        setSchema(*in, sql::migrations().back().number + 1);
        QCOMPARE(migrate(directory, check), 5);
        server.kill();
        QCOMPARE(migrate(directory, check), 1);
    }

    void aFileIsLookedAtAndLeft() {
        const QTemporaryDir directory;
        write(directory, "master.toml", "listen = \"127.0.0.1:0\"\n");
        const QStringList check{QStringLiteral("--check")};
        QCOMPARE(migrate(directory, check), 1);
        QVERIFY2(!QFile::exists(directory.filePath(QStringLiteral("cluster.db"))), "it was made");
        QCOMPARE(migrate(directory), 0);
        QCOMPARE(migrate(directory, check), 0);
        const sql::Place file =
            sql::sqlitePlace(directory.filePath(QStringLiteral("cluster.db")).toStdString(),
                             std::chrono::seconds(5));
        // serve brings an old one forward by itself.
        const int newest = sql::migrations().back().number;
        setSchema(file, newest - 1);
        QCOMPARE(migrate(directory, check), 0);
        QCOMPARE(schemaOf(file), newest - 1);
        // A master that serves holds the file meanwhile.
        const auto serving = sql::Connection::open(file, sql::Connection::Use::Write);
        QVERIFY(serving.ok());
        setSchema(file, newest + 1);
        QCOMPARE(migrate(directory, check), 5);
    }
};

QTEST_GUILESS_MAIN(TestMigrateCheck)
#include "tst_migrate_check.moc"
