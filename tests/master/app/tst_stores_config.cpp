// SPDX-License-Identifier: Apache-2.0
#include "master/app/stores_config.h"

#include <sys/stat.h>

#include <QFile>
#include <QIODevice>
#include <QTemporaryDir>
#include <QTest>

#include "master/app/config.h"
#include "shared/base/status.h"

using namespace ifrit;
using namespace ifrit::master::app;

namespace {

constexpr char kMariadb[] =
    "[store]\nkind = \"mariadb\"\nsocket = \"/run/db\"\ndatabase = \"ifrit\"\nuser = \"ifrit\"\n";
constexpr char kRedis[] = "[cache]\nkind = \"redis\"\nhost = \"cache.example\"\n";

const char* noEnvironment(const char*) {
    return nullptr;
}

}  // namespace

class TestStoresConfig : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsPrintedIsReadAgain() {
        const std::string toml =
            std::string(kMariadb) +
            "password_file = \"/etc/ifrit/db\"\ntls_ca = \"/etc/a b\\\\c\"\nconnections = 9\n" +
            "[cache]\nkind = \"redis\"\nsentinels = [\"a:1\", \"b:2\"]\nsentinel_master = \"x\"\n"
            "sentinel_user = \"us\"\nsentinel_password_file = \"/etc/ifrit/sentinels\"\n"
            "user = \"me\"\ndatabase = 3\nanswer_timeout_ms = 700\n";
        const auto config = parseConfig(toml, "master.toml");
        QVERIFY2(config.ok(), base::messageOf(config.status()).c_str());
        QVERIFY(config->store.kind == StoreConfig::Kind::Mariadb);
        QCOMPARE(config->store.server.socket, std::string("/run/db"));
        QCOMPARE(config->store.server.tlsCa, std::string("/etc/a b\\c"));
        QCOMPARE(config->store.connections, std::size_t{9});
        QVERIFY(config->cache.kind == CacheConfig::Kind::Redis);
        QCOMPARE(config->cache.redis.sentinels, (std::vector<std::string>{"a:1", "b:2"}));
        QCOMPARE(config->cache.redis.sentinelUser, std::string("us"));
        QCOMPARE(config->cache.sentinelPasswordFile, std::string("/etc/ifrit/sentinels"));
        QCOMPARE(config->cache.redis.database, 3);
        const std::string printed = printConfig(*config);
        const auto again = parseConfig(printed, "printed");
        QVERIFY2(again.ok(), base::messageOf(again.status()).c_str());
        QCOMPARE(printConfig(*again), printed);
    }

    void defaultsAreEmbedded() {
        const auto config = parseConfig("", "master.toml");
        QVERIFY(config->store.kind == StoreConfig::Kind::Sqlite);
        QVERIFY(config->cache.kind == CacheConfig::Kind::Memory);
        QVERIFY(parseConfig(printConfig(*config), "printed").ok());
    }

    void errorsNameLineAndKey_data() {
        QTest::addColumn<QByteArray>("toml");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const std::string& toml, const char* says) {
            QTest::newRow(name) << QByteArray::fromStdString(toml) << QString::fromLatin1(says);
        };
        const std::string store = kMariadb;
        const std::string cache = kRedis;
        row("other kind", "[store]\nkind = \"oracle\"\n", "master.toml:2: store.kind");
        row("host for sqlite", "[store]\nhost = \"db\"\n", "store.host");
        row("host and socket", store + "host = \"db\"\n", "master.toml:6: store.host");
        row("no host", "[store]\nkind = \"mariadb\"\ndatabase = \"a\"\nuser = \"b\"\n",
            "store.host");
        row("no database", "[store]\nkind = \"mariadb\"\nhost = \"a\"\nuser = \"b\"\n",
            "store.database");
        row("no user", "[store]\nkind = \"mariadb\"\nhost = \"a\"\ndatabase = \"b\"\n",
            "store.user");
        row("password in the file", store + "password = \"secret\"\n", "master.toml:6");
        row("relative file", store + "password_file = \"db.password\"\n",
            "master.toml:6: store.password_file");
        row("port", store + "port = 70000\n", "master.toml:6: store.port");
        row("one connection", store + "connections = 1\n", "store.connections");
        row("impatient", store + "answer_timeout_ms = 10\n", "store.answer_timeout_ms");
        row("certificate without key", store + "tls_certificate = \"/a\"\n", "store.tls_key");
        row("other cache", "[cache]\nkind = \"memcached\"\n", "master.toml:2: cache.kind");
        row("host for memory", "[cache]\nhost = \"a\"\n", "cache.host");
        row("two places", cache + "socket = \"/a\"\n", "cache.host");
        row("sentinels without name", "[cache]\nkind = \"redis\"\nsentinels = [\"a:1\"]\n",
            "cache.sentinel_master");
        row("sentinel without port",
            "[cache]\nkind = \"redis\"\nsentinels = [\"a\"]\nsentinel_master = \"m\"\n",
            "cache.sentinels");
        row("sentinels' password without one", cache + "sentinel_password_file = \"/a\"\n",
            "cache.sentinel_password_file");
        row("sentinels' user without password",
            "[cache]\nkind = \"redis\"\nsentinels = [\"a:1\"]\nsentinel_master = \"m\"\n"
            "sentinel_user = \"u\"\n",
            "master.toml:5: cache.sentinel_user");
        row("sentinels' relative file",
            "[cache]\nkind = \"redis\"\nsentinels = [\"a:1\"]\nsentinel_master = \"m\"\n"
            "sentinel_password_file = \"a\"\n",
            "master.toml:5: cache.sentinel_password_file");
        row("database", cache + "database = -1\n", "cache.database");
    }
    void errorsNameLineAndKey() {
        QFETCH(QByteArray, toml);
        QFETCH(QString, says);
        const auto config = parseConfig(toml.toStdString(), "master.toml");
        QCOMPARE(base::errorInfo(config.status()).reason, std::string("CONFIG_INVALID"));
        const QString message = QString::fromStdString(base::messageOf(config.status()));
        QVERIFY2(message.contains(says), qPrintable(message));
        QVERIFY2(!message.contains(QLatin1Char('\n')), "one line");
        QVERIFY2(!message.contains(QLatin1String("secret")), qPrintable(message));
    }

    void passwordsComeFromFileOrEnvironmentAndAreNotShown() {
        const QTemporaryDir directory;
        const QString file = directory.filePath(QStringLiteral("password"));
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write("of the file\n");
        out.close();
        QVERIFY(::chmod(qPrintable(file), 0640) == 0);
        const std::string toml =
            kMariadb + QStringLiteral("password_file = \"%1\"\n").arg(file).toStdString() + kRedis;
        const absl::Status open = parseConfig(toml, "master.toml", noEnvironment).status();
        QCOMPARE(base::errorInfo(open).reason, std::string("CONFIG_INVALID"));
        QVERIFY(base::messageOf(open).find("0600") != std::string::npos);
        QVERIFY(::chmod(qPrintable(file), 0600) == 0);
        const auto fromFile = parseConfig(toml, "master.toml", noEnvironment);
        QVERIFY2(fromFile.ok(), base::messageOf(fromFile.status()).c_str());
        QCOMPARE(fromFile->config.store.server.password, std::string("of the file"));
        QCOMPARE(fromFile->origins.at("store.password"), file.toStdString());
        const auto environment = [](const char* name) -> const char* {
            if (std::string_view(name) == "IFRIT_STORE_PASSWORD") return "of outside";
            return std::string_view(name) == "IFRIT_CACHE_PASSWORD" ? "of the cache" : nullptr;
        };
        const auto loaded = parseConfig(toml, "master.toml", environment);
        QVERIFY2(loaded.ok(), base::messageOf(loaded.status()).c_str());
        QCOMPARE(loaded->config.store.server.password, std::string("of outside"));
        QCOMPARE(loaded->config.cache.redis.password, std::string("of the cache"));
        const std::string printed =
            config::withOrigins(printConfig(loaded->config), loaded->origins);
        for (const char* name : {"IFRIT_STORE_PASSWORD", "IFRIT_CACHE_PASSWORD"}) {
            const std::string line = std::string("# password is set and not shown  # ") + name;
            QVERIFY2(printed.find(line) != std::string::npos, printed.c_str());
        }
        QVERIFY2(printed.find("of outside") == std::string::npos, printed.c_str());
        QVERIFY2(printed.find("of the cache") == std::string::npos, printed.c_str());
        QVERIFY(printed.find("password_file") != std::string::npos);
    }

    void theSentinelsPasswordIsReadAndNotShown() {
        const QTemporaryDir directory;
        const QString file = directory.filePath(QStringLiteral("password"));
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write("of sentinels\n");
        out.close();
        QVERIFY(::chmod(qPrintable(file), 0600) == 0);
        const std::string toml =
            "[cache]\nkind = \"redis\"\nsentinels = [\"a:1\"]\nsentinel_master = \"m\"\n"
            "sentinel_password_file = \"" +
            file.toStdString() + "\"\n";
        const auto loaded = parseConfig(toml, "master.toml", noEnvironment);
        QVERIFY2(loaded.ok(), base::messageOf(loaded.status()).c_str());
        QCOMPARE(loaded->config.cache.redis.sentinelPassword, std::string("of sentinels"));
        QVERIFY(loaded->config.cache.redis.password.empty());
        const std::string printed =
            config::withOrigins(printConfig(loaded->config), loaded->origins);
        QVERIFY2(printed.find("# sentinel_password is set and not shown  # " +
                              file.toStdString()) != std::string::npos,
                 printed.c_str());
        QVERIFY2(printed.find("of sentinels") == std::string::npos, printed.c_str());
    }
};

QTEST_GUILESS_MAIN(TestStoresConfig)
#include "tst_stores_config.moc"
