// SPDX-License-Identifier: Apache-2.0
#include "shared/log/log_section.h"

#include <QTest>

#include "shared/base/status.h"

using namespace ifrit;

namespace {

absl::StatusOr<log::Options> read(const std::string& text) {
    log::Options options;
    IFRIT_ASSIGN_OR_RETURN(const toml::table table, config::parseToml(text, "a.toml"));
    config::TomlSection top(table, "a.toml", "");
    log::readLog(top, options);
    IFRIT_RETURN_IF_ERROR(top.finish());
    return options;
}

std::string problemOf(const std::string& text) {
    return base::messageOf(read(text).status());
}

}  // namespace

class LogSectionTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyNameIsReadAndSaidAgain();
    void whatIsAbsentIsInfoAndText();
    void otherWordsAreRefused();
};

void LogSectionTest::everyNameIsReadAndSaidAgain() {
    for (const std::string level : {"trace", "debug", "info", "warning", "error", "off"}) {
        for (const std::string format : {"text", "json"}) {
            const auto options =
                read("[log]\nlevel = \"" + level + "\"\nformat = \"" + format + "\"\n");
            QVERIFY2(options.ok(), options.status().ToString().c_str());
            QCOMPARE(log::nameOf(options->level), std::string_view(level));
            QCOMPARE(log::nameOf(options->format), std::string_view(format));
        }
    }
}

void LogSectionTest::whatIsAbsentIsInfoAndText() {
    for (const std::string text : {"", "[log]\n"}) {
        const auto options = read(text);
        QVERIFY(options.ok());
        QCOMPARE(options->level, spdlog::level::info);
        QVERIFY(options->format == log::Format::Text);
        QVERIFY(options->file.empty());
    }
}

void LogSectionTest::otherWordsAreRefused() {
    QCOMPARE(problemOf("[log]\nlevel = \"loud\"\n"),
             std::string("a.toml:2: log.level: must be trace, debug, info, warning, error or off"));
    QCOMPARE(problemOf("[log]\nformat = \"xml\"\n"),
             std::string("a.toml:2: log.format: must be text or json"));
    QVERIFY(problemOf("[log]\nlevle = \"info\"\n").find("levle") != std::string::npos);
}

QTEST_GUILESS_MAIN(LogSectionTest)
#include "tst_log_section.moc"
