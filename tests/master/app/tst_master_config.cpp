// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "master/app/config.h"
#include "shared/base/status.h"

using namespace ifrit;
using namespace ifrit::master::app;

class TestMasterConfig : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void templateIsGoodAndSaysTheDefaults() {
        const auto config = parseConfig(configTemplate("127.0.0.1:0"), "master.toml");
        QVERIFY2(config.ok(), base::messageOf(config.status()).c_str());
        QCOMPARE(config->listen, std::string("127.0.0.1:0"));
        QCOMPARE(config->metricsListen, std::string("127.0.0.1:7444"));
        const Config defaults;
        QCOMPARE(config->pollInterval, defaults.pollInterval);
        QCOMPARE(config->workers, defaults.workers);
        QCOMPARE(config->workQueue, defaults.workQueue);
        QCOMPARE(config->reportQueue, defaults.reportQueue);
        QCOMPARE(config->drain, defaults.drain);
        QCOMPARE(config->log.level, defaults.log.level);
    }

    void whatIsPrintedIsReadAgain() {
        const auto config = parseConfig(
            "listen = \"[::1]:7\"\nadvertise = \"m:8\"\nlease_ms = 5000\nworkers = "
            "3\nreport_queue = 50\n[log]\nformat = "
            "\"json\"\nlevel = \"debug\"\n",
            "master.toml");
        QVERIFY(config.ok());
        const auto again = parseConfig(printConfig(*config), "printed");
        QVERIFY2(again.ok(), base::messageOf(again.status()).c_str());
        QCOMPARE(again->listen, std::string("[::1]:7"));
        QCOMPARE(again->advertise, std::string("m:8"));
        QCOMPARE(again->lease, std::chrono::milliseconds(5'000));
        QCOMPARE(again->workers, std::size_t{3});
        QCOMPARE(again->reportQueue, std::size_t{50});
        QVERIFY(again->log.format == log::Format::Json);
        QCOMPARE(again->log.level, spdlog::level::debug);
    }

    void rulesAreReadAndPrinted() {
        const auto config = parseConfig(
            "[releases]\nrequire_approval = true\ntime_zone = \"Asia/Shanghai\"\n"
            "blackout = [\"2026-12-24..2027-01-02\"]\nkeep_days = 31\n"
            "[limits]\nmax_change_per_window = { percent = 5, window = \"2h\" }\n"
            "machine_streams = 20\nbusy_percent = 70\n",
            "master.toml");
        QVERIFY2(config.ok(), base::messageOf(config.status()).c_str());
        QVERIFY(config->rules.requireApproval);
        QCOMPARE(config->rules.blackouts.timeZone, std::string("Asia/Shanghai"));
        QCOMPARE(config->rules.blackouts.blackouts.size(), std::size_t{1});
        QCOMPARE(config->rules.keepHistory, std::chrono::hours(31 * 24));
        QCOMPARE(config->rules.cap->percent, 5U);
        QCOMPARE(config->rules.cap->window, std::chrono::milliseconds(7'200'000));
        const auto again = parseConfig(printConfig(*config), "printed");
        QVERIFY2(again.ok(), base::messageOf(again.status()).c_str());
        QVERIFY(again->rules == config->rules);
        QCOMPARE(again->machineStreams, std::size_t{20});
        QCOMPARE(again->busyPercent, 70U);
        QVERIFY(parseConfig("", "master.toml")->rules == master::release::ClusterRules{});
    }

    void grantsAreReadAndPrinted() {
        const auto config = parseConfig(
            "[[grants]]\nto = [\"anna\", \"bert\"]\nverbs = [\"release.*\", "
            "\"package.publish\"]\nagents = [\"logd\"]\nmachine_types = [\"LINUX\", "
            "\"ARM64\"]\n[[grants]]\nto = [\"carol\"]\nverbs = [\"cluster.freeze\"]\n",
            "master.toml");
        QVERIFY2(config.ok(), base::messageOf(config.status()).c_str());
        QCOMPARE(config->grants.size(), std::size_t{2 * 2 * 1 * 2 + 1});
        QCOMPARE(config->grants[0],
                 (domain::Grant{"", "anna", "release.*", "logd", "*", "LINUX", std::nullopt}));
        QCOMPARE(config->grants.back(),
                 (domain::Grant{"", "carol", "cluster.freeze", "*", "*", "*", std::nullopt}));
        const auto again = parseConfig(printConfig(*config), "printed");
        QVERIFY2(again.ok(), base::messageOf(again.status()).c_str());
        QVERIFY(again->grants == config->grants);
    }

    void errorsNameFileLineAndKey_data() {
        QTest::addColumn<QByteArray>("toml");
        QTest::addColumn<QStringList>("says");
        const auto row = [](const char* name, const char* toml, const QStringList& says) {
            QTest::newRow(name) << QByteArray(toml) << says;
        };
        const auto text = [](const char* word) { return QString::fromLatin1(word); };
        row("unknown key", "workers = 1\nlisten_on = \"a:1\"\n",
            {text("master.toml:2"), text("listen_on"), text("listen")});
        row("unknown key in [log]", "[log]\nlevle = \"info\"\n",
            {text("master.toml:2"), text("log.levle"), text("level")});
        row("unknown table", "[logs]\nlevel = \"info\"\n", {text("master.toml:1"), text("logs")});
        row("wrong type", "\nworkers = \"many\"\n", {text("master.toml:2"), text("workers")});
        row("too small", "workers = 0\n", {text("master.toml:1"), text("workers")});
        row("too big", "poll_interval_ms = 99999999\n",
            {text("master.toml:1"), text("poll_interval_ms")});
        row("no port", "listen = \"localhost\"\n", {text("master.toml:1"), text("listen")});
        row("no port to advertise", "advertise = \"m\"\n",
            {text("master.toml:1"), text("advertise")});
        row("lease too short", "lease_ms = 10\n", {text("master.toml:1"), text("lease_ms")});
        row("white space", "listen = \"host name:80\"\n", {text("master.toml:1"), text("listen")});
        row("IPv6 without brackets", "advertise = \"::1:80\"\n",
            {text("master.toml:1"), text("advertise"), text("brackets")});
        row("port 0 is nothing to call", "advertise = \"m:0\"\n",
            {text("master.toml:1"), text("advertise")});
        row("port too high", "listen = \"localhost:70000\"\n",
            {text("master.toml:1"), text("listen")});
        row("one place for two", "listen = \"127.0.0.1:7443\"\n[metrics]\nlisten = \"[::]:7443\"\n",
            {text("master.toml:1"), text("metrics.listen")});
        row("no such level", "[log]\nlevel = \"loud\"\n", {text("master.toml:2"), text("level")});
        row("blackout", "[releases]\nblackout = [\"soon\"]\n",
            {text("master.toml:2"), text("releases.blackout"), text("2026-12-24")});
        row("zone", "[releases]\ntime_zone = \"Mars/Olympus\"\n",
            {text("master.toml:2"), text("releases.time_zone"), text("Mars/Olympus")});
        row("days to keep", "[releases]\nkeep_days = 30\n",
            {text("master.toml:2"), text("releases.keep_days"), text("at least 31")});
        row("cap of both", "[limits]\nmax_change_per_window = { machines = 1, percent = 1 }\n",
            {text("master.toml:2"), text("either machines or percent")});
        row("cap of neither", "[limits]\nmax_change_per_window = { window = \"1h\" }\n",
            {text("master.toml:2"), text("max_change_per_window")});
        row("cap's window", "[limits]\nmax_change_per_window = { percent = 1, window = \"1s\" }\n",
            {text("master.toml:2"), text("max_change_per_window.window")});
        row("grant to nobody", "[[grants]]\nverbs = [\"release.start\"]\n",
            {text("master.toml:1"), text("grants.to"), text("missing")});
        row("grant of nothing", "[[grants]]\nto = [\"anna\"]\nverbs = []\n",
            {text("master.toml:3"), text("grants.verbs"), text("grants nothing")});
        row("no such permission", "[[grants]]\nto = [\"anna\"]\nverbs = [\"release.strat\"]\n",
            {text("master.toml:3"), text("grants.verbs"), text("release.strat"),
             text("release.start"), text("grant list --permissions")});
        row("grant to no name", "[[grants]]\nto = [\"anna\", \"\"]\nverbs = [\"*\"]\n",
            {text("master.toml:2"), text("grants.to")});
        row("grant's agent",
            "[[grants]]\nto = [\"anna\"]\nverbs = [\"*\"]\nagents = [\"No Such\"]\n",
            {text("master.toml:4"), text("grants.agents"), text("No Such")});
        row("grant that opens nothing",
            "[[grants]]\nto = [\"anna\"]\nverbs = [\"release.*\", \"cluster.freeze\"]\nagents = "
            "[\"logd\"]\n",
            {text("master.toml:3"), text("grants.verbs"), text("cluster.freeze is asked of the"),
             text("of its own")});
        row("super admins' alone", "[[grants]]\nto = [\"anna\"]\nverbs = [\"grant.give\"]\n",
            {text("master.toml:3"), text("grants.verbs"),
             text("no permission that can be granted")});
        row("grant's machine type",
            "[[grants]]\nto = [\"anna\"]\nverbs = [\"release.start\"]\nmachine_types = "
            "[\"linux\"]\n",
            {text("master.toml:4"), text("grants.machine_types"), text("linux")});
        row("unknown key of a grant",
            "[[grants]]\nto = [\"anna\"]\nverbs = [\"*\"]\nagent = [\"logd\"]\n",
            {text("master.toml:4"), text("agent"), text("agents")});
        row("no TOML", "workers = 1\nworkers = 2\n", {text("master.toml:2")});
        row("cut off", "listen = \"a:1\n", {text("master.toml:1")});
    }
    void errorsNameFileLineAndKey() {
        QFETCH(QByteArray, toml);
        QFETCH(QStringList, says);
        const auto config = parseConfig(toml.toStdString(), "master.toml");
        QCOMPARE(base::errorInfo(config.status()).reason, std::string("CONFIG_INVALID"));
        const QString message = QString::fromStdString(base::messageOf(config.status()));
        for (const QString& word : says)
            QVERIFY2(message.contains(word), qPrintable(message));
        QVERIFY2(!message.contains(QLatin1Char('\n')), "one line");
    }

    void missingFileSaysWhatToDo() {
        const auto config = loadConfig("/nonexistent/master.toml");
        QCOMPARE(base::errorInfo(config.status()).reason, std::string("CONFIG_MISSING"));
        QVERIFY(base::messageOf(config.status()).find("ifrit-master init") != std::string::npos);
    }

    void environmentGoesOverTheFile() {
        const char kText[] =
            "listen = \"a:1\"\nadvertise = \"a:1\"\nworkers = 3\n"
            "[limits]\nmax_change_per_window = { machines = 5, window = \"1h\" }\n"
            "[[grants]]\nto = [\"anna\"]\nverbs = [\"release.start\"]\n";
        const auto loaded = parseConfig(kText, "master.toml", [](const char* name) -> const char* {
            const std::string_view asked = name;
            if (asked == "IFRIT_LISTEN") return "127.0.0.1:9";
            if (asked == "IFRIT_METRICS_LISTEN") return "127.0.0.1:0";
            return asked == "IFRIT_LOG_LEVEL" ? "" : nullptr;  // an empty one is none
        });
        QVERIFY2(loaded.ok(), base::messageOf(loaded.status()).c_str());
        QCOMPARE(loaded->config.listen, std::string("127.0.0.1:9"));
        QVERIFY2(loaded->config.advertise.empty(), "it was of the other address");
        QCOMPARE(loaded->config.metricsListen, std::string("127.0.0.1:0"));
        const std::string text = config::withOrigins(printConfig(loaded->config), loaded->origins);
        for (const char* line : {"\nlisten = \"127.0.0.1:0\"  # IFRIT_METRICS_LISTEN\n",
                                 "workers = 3  # master.toml\n", "level = \"info\"  # default\n",
                                 "\"1h\" }  # master.toml\n", "to = [\"anna\"]  # master.toml\n",
                                 "machine_streams = 100000  # default\n"})
            QVERIFY2(text.find(line) != std::string::npos, (line + text).c_str());
        QCOMPARE(text.find("listen = \"127.0.0.1:9\"  # IFRIT_LISTEN\n"), std::size_t{0});
        // It is a configuration still.
        const auto again = parseConfig(text, "printed");
        QVERIFY2(again.ok(), base::messageOf(again.status()).c_str());
        QCOMPARE(printConfig(*again), printConfig(loaded->config));
    }

    void aVariableThatAddsAnAddressKeepsIt() {
        const auto loaded = parseConfig("", "master.toml", [](const char* name) -> const char* {
            const std::string_view asked = name;
            if (asked == "IFRIT_ADVERTISE") return "m:1";
            return asked == "IFRIT_LISTEN" ? "0.0.0.0:1" : nullptr;
        });
        QVERIFY2(loaded.ok(), base::messageOf(loaded.status()).c_str());
        QCOMPARE(loaded->config.advertise, std::string("m:1"));
    }

    void badAndUnknownVariablesAreNamed() {
        const auto bad = [](const char* name) -> const char* {
            return std::string_view(name) == "IFRIT_LOG_LEVEL" ? "loud" : nullptr;
        };
        const absl::Status status = parseConfig("", "master.toml", bad).status();
        QCOMPARE(base::errorInfo(status).reason, std::string("CONFIG_INVALID"));
        QVERIFY(base::messageOf(status).find("IFRIT_LOG_LEVEL") != std::string::npos);
        const char* const environment[] = {"HOME=/", "IFRIT_LISTEN=a:1", "IFRIT_LISTN=a:1",
                                           // Of ifritctl and of an agent, in the same shell.
                                           "IFRIT_BUNDLE=/a", "IFRIT_MASTERS=a:1", nullptr};
        const auto unknown = config::unknownVariables(environment, knownVariables());
        QCOMPARE(unknown.size(), std::size_t{1});
        QVERIFY(unknown[0].find("IFRIT_LISTN") == 0);
        QVERIFY(unknown[0].find("did you mean IFRIT_LISTEN?") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestMasterConfig)
#include "tst_master_config.moc"
