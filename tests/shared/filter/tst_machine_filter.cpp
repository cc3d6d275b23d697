// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <array>

#include "shared/filter/machine_filter.h"

using namespace ifrit;
using domain::MachineState;
using filter::AgentFields;
using filter::MachineFields;
using filter::MachineFilter;

namespace {

constexpr std::array<AgentFields, 2> kAgents = {
    AgentFields{"logd", "4.10.1", MachineState::Healthy},
    AgentFields{"metrics", "1.5.0", MachineState::Failed}};
const base::WallTime kNow = base::fromUnixMillis(1'000'000'000);

MachineFields machine() {
    MachineFields out;
    out.uuid = "i-0c77b2";
    out.machineType = "LINUX";
    out.pin = "acme";
    out.hostname = "web-17";
    out.address = "10.4.18.21";
    out.ifritVersion = "0.1.0";
    out.labels = std::string_view("rack=7,zone=b");
    out.batch = 4;
    out.state = MachineState::Failed;
    out.lastSeen = kNow - std::chrono::minutes(6);
    out.agents = kAgents;
    return out;
}

}  // namespace

class TestMachineFilter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void matches_data();
    void matches();
    void refuses_data();
    void refuses();
    void noPatternTakesForEver_data();
    void noPatternTakesForEver();
    void saysWhatAPatternCannotDo_data();
    void saysWhatAPatternCannotDo();
    void patternsAreBoundedTogether();
    void tellsOfflineFromItsLastState();
    void labelsOfAMapMayHoldAnything();
};

void TestMachineFilter::matches_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("expected");
    const auto row = [](const char* text, bool expected) {
        QTest::newRow(text) << QByteArray(text) << expected;
    };
    row("", true);
    row("   ", true);
    row("0c77", true);
    row("web-17", true);
    row("10.4.18", true);
    row("zed", false);
    row("uuid:i-0c77b2", true);
    row("uuid:0c77", false);
    row("uuid:/^i-0c/", true);
    row("-uuid:/^i-0c/", false);
    row("/77b2$/", true);
    row("/77B2$/", false);
    row("uuid:/(?i)77B2$/", true);
    row("uuid:/^0c77/", false);
    row("host:/^web-\\d+$/", true);
    row("host:/web|db/", true);
    row("host:/^[[:alpha:]]+-1{1}7?$/", true);
    row("label:zone=/a,|b/", true);
    row("address:/^10\\./", true);
    row("type:LINUX", true);
    row("type:ARM64,LINUX", true);
    row("type:ARM64", false);
    row("pin:acme state:failed", true);
    row("pin:acme state:healthy", false);
    row("state:in_flight", false);
    row("agent:logd", true);
    row("agent:nginx", false);
    row("agent:logd state:healthy", true);
    row("agent:logd state:failed", false);
    row("agent:logd version<4.11", true);
    row("agent:logd version>4.9", true);
    row("agent:logd version:4.10.1", true);
    row("agent:metrics version>4.9", false);
    row("version:1.5.0", true);
    row("batch:4", true);
    row("batch:3..4", true);
    row("batch:5..9,4", true);
    row("batch<4", false);
    row("batch>3", true);
    row("seen>5m", true);
    row("seen<5m", false);
    row("seen<1d", true);
    row("label:zone=b", true);
    row("label:zone=a", false);
    row("label:zone=/^[bc]$/", true);
    row("label:rack", true);
    row("label:one", false);
    row("-label:one", true);
    row("ifrit:0.1.0 host:web-17 address:10.4.18.21", true);
}

void TestMachineFilter::matches() {
    QFETCH(QByteArray, text);
    QFETCH(bool, expected);
    const auto parsed = MachineFilter::parse(text.toStdString());
    QVERIFY2(!parsed.error, parsed.error ? parsed.error->sentence.c_str() : "");
    QCOMPARE(parsed.filter.matches(machine(), kNow), expected);
}

void TestMachineFilter::refuses_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("position");
    QTest::addColumn<int>("length");
    const auto row = [](const char* text, int position, int length) {
        QTest::newRow(text) << QByteArray(text) << position << length;
    };
    row("stat:failed", 0, 4);
    row("pin:acme stat:failed", 9, 4);
    row("-stat:failed", 1, 4);
    row("pin:", 0, 4);
    row("state:sick", 6, 4);
    row("state:failed,sick", 13, 4);
    row("uuid:/(/", 5, 3);
    row("uuid:/open", 5, 5);
    row("type:LINUX,", 11, 1);
    row("batch:four", 6, 4);
    row("batch:3..", 6, 3);
    row("batch:1,5..3", 8, 4);
    row("seen:5m", 0, 7);
    row("seen>5x", 0, 7);
    row("seen>m", 0, 6);
    row("pin<acme", 0, 8);
    row("label:=b", 6, 2);
    row("label:zone=", 6, 5);
}

void TestMachineFilter::refuses() {
    QFETCH(QByteArray, text);
    const auto parsed = MachineFilter::parse(text.toStdString());
    QVERIFY(parsed.error);
    QTEST(static_cast<int>(parsed.error->position), "position");
    QTEST(static_cast<int>(parsed.error->length), "length");
    QVERIFY(!parsed.error->sentence.empty());
    QVERIFY(parsed.filter.matches(machine(), kNow));
}

// Whoever lists machines writes the pattern, and machines their names. An engine that goes back and
// tries again does not come to an end here.
void TestMachineFilter::noPatternTakesForEver_data() {
    QTest::addColumn<QByteArray>("pattern");
    for (const char* pattern : {"(.|.)*Z", "(a+)+$", "(.*)*Z", "(.*.*.*.*.*)*Z", "((a|aa)+)+Z"})
        QTest::newRow(pattern) << QByteArray(pattern);
}

void TestMachineFilter::noPatternTakesForEver() {
    QFETCH(QByteArray, pattern);
    const auto parsed = MachineFilter::parse("uuid:/" + pattern.toStdString() + "/");
    QVERIFY(!parsed.error);
    MachineFields odd = machine();
    const std::string uuid(40, 'a');
    const std::string longer = uuid + '!';
    odd.uuid = longer;
    for (int i = 0; i < 1'000; ++i)
        QVERIFY(!parsed.filter.matches(odd, kNow));
}

void TestMachineFilter::saysWhatAPatternCannotDo_data() {
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArray>("word");
    const auto row = [](const char* pattern, const char* word) {
        QTest::newRow(pattern) << QByteArray(pattern) << QByteArray(word);
    };
    row("(?=a)b", "Look-ahead and look-behind");
    row("(?!a)b", "Look-ahead and look-behind");
    row("(?<!a)b", "Look-ahead and look-behind");
    row("(a)\\1", "cannot refer back");
    row("\\u0041", "Not a regular expression: invalid escape sequence: \\u.");
    row("[b-a]", "Not a regular expression: invalid character class range: b-a.");
    row("a**", "Not a regular expression: bad repetition operator: **.");
    row("a{1001}", "regular expressions are too large");
    row("(a{100}){100}", "regular expressions are too large");
    row("(.{1,30}){30}", "regular expressions are too large");
    row("\xff", "Not a regular expression: invalid UTF-8.");
}

void TestMachineFilter::saysWhatAPatternCannotDo() {
    QFETCH(QByteArray, pattern);
    QFETCH(QByteArray, word);
    const auto parsed = MachineFilter::parse("uuid:/" + pattern.toStdString() + "/");
    QVERIFY(parsed.error);
    QCOMPARE(parsed.error->position, std::size_t{5});
    QVERIFY2(QByteArray::fromStdString(parsed.error->sentence).contains(word),
             parsed.error->sentence.c_str());
}

void TestMachineFilter::patternsAreBoundedTogether() {
    std::string text;
    for (int i = 0; i < 20; ++i)
        text += "uuid:/^.{" + std::to_string(40 + i) + "}$/ ";
    const auto parsed = MachineFilter::parse(text);
    QVERIFY(parsed.error);
    QVERIFY(parsed.error->position > 100);
    // What a person may well ask for.
    std::string names = "host:/^(";
    for (int i = 0; i < 100; ++i)
        names += "web-" + std::to_string(1'000 + i) + ".example.org|";
    QVERIFY(!MachineFilter::parse(names + ")$/").error);
}

void TestMachineFilter::tellsOfflineFromItsLastState() {
    MachineFields away = machine();
    away.offline = true;
    away.state = MachineState::Downloading;
    QVERIFY(MachineFilter::parse("state:offline").filter.matches(away, kNow));
    QVERIFY(!MachineFilter::parse("state:in_flight").filter.matches(away, kNow));
    away.offline = false;
    QVERIFY(!MachineFilter::parse("state:offline").filter.matches(away, kNow));
    QVERIFY(MachineFilter::parse("state:in_flight").filter.matches(away, kNow));
}

void TestMachineFilter::labelsOfAMapMayHoldAnything() {
    const std::map<std::string, std::string> labels{{"note", "a,zone=b"}, {"rack", "7"}};
    MachineFields odd = machine();
    odd.labels = &labels;
    QVERIFY(!MachineFilter::parse("label:zone").filter.matches(odd, kNow));
    QVERIFY(MachineFilter::parse("label:note=/zone/ label:rack=7").filter.matches(odd, kNow));
    QVERIFY(!MachineFilter::parse("label:rack=8").filter.matches(odd, kNow));
}

QTEST_GUILESS_MAIN(TestMachineFilter)
#include "tst_machine_filter.moc"
