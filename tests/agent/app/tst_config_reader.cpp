// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/app/config_reader.h"

namespace ifrit::tests {

using agent::app::Config;

class ConfigReaderTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theEnvironmentGoesOverTheFile() {
        static const std::map<std::string, const char*> kSet{{"IFRIT_MASTERS", "a:1,b:2"},
                                                             {"IFRIT_JOIN_TOKEN", "secret"},
                                                             {"IFRIT_LOG_LEVEL", "debug"},
                                                             {"IFRIT_PIN", ""}};
        const auto get = [](const char* name) {
            const auto found = kSet.find(name);
            return found == kSet.end() ? nullptr : found->second;
        };
        const char kText[] =
            "masters = [\"m:1\"]\njoin_token_file = \"t\"\npin = \"team\"\n"
            "[labels]\nrack = \"7\"\n";
        const auto loaded = agent::app::parseConfig(kText, "/etc/x.toml", get);
        QVERIFY2(loaded.ok(), base::messageOf(loaded.status()).c_str());
        const Config& config = loaded->config;
        QCOMPARE(config.masters, (std::vector<std::string>{"a:1", "b:2"}));
        QCOMPARE(config.joinToken, std::string("secret"));
        QCOMPARE(config.joinTokenFile, std::string());
        QVERIFY(config.log.level == spdlog::level::debug);
        QCOMPARE(config.pin, std::string("team"));  // an empty variable is none
        const std::string text =
            config::withOrigins(agent::app::formatConfig(config), loaded->origins);
        for (const char* line :
             {"masters = ['a:1', 'b:2']  # IFRIT_MASTERS\n",
              "level = \"debug\"  # IFRIT_LOG_LEVEL\n", "max_poll_ms = 300000  # default\n"})
            QVERIFY2(text.find(line) != std::string::npos, text.c_str());
        QVERIFY(text.find("# /etc/x.toml\n", text.find("pin = ")) ==
                text.find("  #", text.find("pin = ")) + 2);
        QVERIFY2(text.find("secret") == std::string::npos, "a secret is not shown");
        // It is a configuration still.
        QVERIFY(agent::app::parseConfig(text, "/etc/x.toml").ok());
    }

    void aBadVariableIsNamed() {
        const auto get = [](const char* name) -> const char* {
            return std::string_view(name) == "IFRIT_LOG_LEVEL" ? "loud" : nullptr;
        };
        const absl::Status status =
            agent::app::parseConfig("masters = [\"m:1\"]\n", "/etc/x.toml", get).status();
        QVERIFY2(base::messageOf(status).find("IFRIT_LOG_LEVEL") != std::string::npos,
                 base::messageOf(status).c_str());
        QCOMPARE(base::errorInfo(status).reason, std::string("CONFIG_INVALID"));
    }

    void errorsNameFileLineAndKey_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const char* text, const char* expected) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(expected);
        };
        const char kMasters[] = "masters = [\"m:1\"]\n";
        const auto after = [&](const char* name, const std::string& text, const char* expected) {
            row(name, (kMasters + text).c_str(), expected);
        };
        row("no master", "root = \"/r\"\n",
            "/etc/x.toml:1: masters: must name at least one \"host:port\"");
        row("master without a port", "masters = [\"m\"]\n",
            "/etc/x.toml:1: masters: 'm' is no address: the port is missing; write host:port or "
            "[v6]:port");
        row("master with a bad port", "masters = [\"m:99999\"]\n",
            "/etc/x.toml:1: masters: 'm:99999' is no address: the port is 1 to 65535; write "
            "host:port or [v6]:port");
        row("master with a space", "masters = [\"host name:80\"]\n",
            "/etc/x.toml:1: masters: 'host name:80' is no address: the host has a character that "
            "is "
            "none of a name; write host:port or [v6]:port");
        after("unknown key", "\nrooot = \"/r\"\n",
              "/etc/x.toml:3: rooot: is not a known key; did you mean root?");
        after("unknown key in a table", "[log]\nlevl = \"info\"\n",
              "/etc/x.toml:3: log.levl: is not a known key; did you mean log.level?");
        after("nothing near", "zzzzzzzzzz = 1\n", "/etc/x.toml:2: zzzzzzzzzz: is not a known key");
        after("wrong type", "root = 5\n", "/etc/x.toml:2: root: must be a text in quotes");
        after("wrong flag", "stop_agents_on_exit = \"yes\"\n",
              "/etc/x.toml:2: stop_agents_on_exit: must be true or false");
        after("out of range", "max_poll_ms = 5\n",
              "/etc/x.toml:2: max_poll_ms: must be a whole number from 100 to 86400000");
        after("scanning without a break", "[integrity]\nscan_interval_ms = 0\n",
              "/etc/x.toml:3: integrity.scan_interval_ms: must be a whole number from 1000 to "
              "604800000");
        after("a group that is no path", "[limits]\ncgroup = \"ifrit\"\n",
              "/etc/x.toml:3: limits.cgroup: 'ifrit' is not \"auto\", \"off\" or a path");
        after("a group elsewhere", "[limits]\ncgroup = \"/a/../b\"\n",
              "/etc/x.toml:3: limits.cgroup: '/a/../b' is not");
        after("looking without a break", "[limits]\nsample_interval_ms = 1\n",
              "/etc/x.toml:3: limits.sample_interval_ms: must be a whole number from 100");
        after("a rate that nothing ends with", "[download]\nbytes_per_second = 1000\n",
              "/etc/x.toml:3: download.bytes_per_second: must be 0 (no limit) or at least 65536");
        after("a mirror in the clear", "[download]\nmirrors = [\"http://m\"]\n",
              "/etc/x.toml:3: download.mirrors: 'http://m' is no mirror: ");
        after("a mirror with a password", "[download]\nmirrors = [\"https://a:b@m\"]\n",
              "/etc/x.toml:3: download.mirrors: 'https://a:b@m' is no mirror: ");
        after("bad level", "[log]\nlevel = \"loud\"\n",
              "/etc/x.toml:3: log.level: must be trace, debug, info, warning, error or off");
        after("label no text", "[labels]\nrack = 7\n",
              "/etc/x.toml:2: labels: rack must be a text in quotes");
        after("two tokens", "join_token = \"a\"\njoin_token_file = \"b\"\n",
              "/etc/x.toml:2: join_token: is given beside join_token_file; keep one of them");
        after("bad machine type", "machine_type = \"linux\"\n",
              "/etc/x.toml:2: machine_type: machine type 'linux' may only have A-Z, 0-9 and '_', "
              "and starts with a letter");
        row("no TOML", "masters = [\n", "/etc/x.toml:");
    }
    void errorsNameFileLineAndKey() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        const auto config = agent::app::parseConfig(text.toStdString(), "/etc/x.toml");
        QVERIFY(!config.ok());
        const QByteArray message = QByteArray::fromStdString(base::messageOf(config.status()));
        QVERIFY2(message.startsWith(expected), message.constData());
        QCOMPARE(base::errorInfo(config.status()).reason, std::string("CONFIG_INVALID"));
    }

    void pathsAreRelativeToTheFile() {
        const auto config = agent::app::parseConfig(
            "root = \"../var\"\nmasters = [\"m:1\"]\nca_file = \"ca.pem\"\n", "/etc/ifrit/x.toml");
        QVERIFY(config.ok());
        QCOMPARE(config->root, std::string("/etc/var"));
        QCOMPARE(config->caFile, std::string("/etc/ifrit/ca.pem"));
        QCOMPARE(config->trustedKeys, std::string("/etc/var/keys"));
    }

    void whatIsPrintedReadsBackEqualWithoutTheToken() {
        const auto config = agent::app::parseConfig(
            "masters = [\"m:1\", \"[::1]:2\"]\nuuid = \"u'1\"\n", "/etc/x.toml");
        QVERIFY(!config.ok());  // a quote is no part of a uuid
        const auto good = agent::app::parseConfig(
            "masters = [\"m:1\", \"[::1]:2\"]\njoin_token = \"secret\"\npin = \"a 'b' \\\"c\\\"\"\n"
            "instance_id_file = \"id\"\nmax_poll_ms = 2000\n[labels]\n\"a b\" = "
            "\"c\"\n[vars]\nport = \"9100\"\n"
            "[integrity]\nscan_interval_ms = 60000\nbytes_per_second = 0\nwatch = false\n"
            "[download]\nbytes_per_second = 1000000\nmirror_ca_file = \"/m.pem\"\n"
            "mirrors = [\"https://a/b\", \"https://[::1]:8443\"]\n"
            "[limits]\ncgroup = \"/ifrit\"\nsample_interval_ms = 500\n"
            "[log]\nformat = \"json\"\nlevel = \"debug\"\n",
            "/etc/x.toml");
        QVERIFY2(good.ok(), good.status().ToString().c_str());
        QCOMPARE(good->integrity.times.interval.count(), std::int64_t(60'000));
        QCOMPARE(good->integrity.bytesPerSecond, std::uint64_t(0));
        QVERIFY(!good->integrity.watch);
        QCOMPARE(good->download.mirrors.size(), std::size_t(2));
        QCOMPARE(good->limits.cgroup, std::string("/ifrit"));
        QCOMPARE(good->limits.sampleInterval.count(), std::int64_t(500));
        QCOMPARE(good->download.mirrorCaFile, std::string("/m.pem"));
        const std::string printed = agent::app::formatConfig(*good);
        QVERIFY(printed.find("secret") == std::string::npos);
        auto again = agent::app::parseConfig(printed, "/etc/x.toml");
        QVERIFY2(again.ok(), again.status().ToString().c_str());
        again->joinToken = "secret";
        QVERIFY(*again == *good);
    }

    void aMissingFileIsNamed() {
        const auto config = agent::app::readConfigFile("/nonexistent/agent.toml");
        QCOMPARE(base::errorInfo(config.status()).reason, std::string("CONFIG_MISSING"));
        QVERIFY(base::messageOf(config.status()).find("/nonexistent/agent.toml") !=
                std::string::npos);
    }
};

}  // namespace ifrit::tests

using ifrit::tests::ConfigReaderTest;
QTEST_GUILESS_MAIN(ConfigReaderTest)
#include "tst_config_reader.moc"
