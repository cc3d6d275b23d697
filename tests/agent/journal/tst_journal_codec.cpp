// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/journal/journal_codec.h"
#include "shared/base/hashing.h"
#include "tests/agent/support/full_journal_state.h"

using namespace ifrit;
using namespace ifrit::agent::journal;

namespace {

// A file of any body with a right first line, as another version of ifrit-agent would write it.
std::string fileWith(const std::string& body, int minor = 0) {
    const std::uint64_t seed = std::uint64_t{1} << 32 | static_cast<unsigned>(minor);
    return fmt::format("# ifrit-journal 1.{} xxh3={:016x} bytes={}\n{}", minor,
                       base::xxh3(body, seed), body.size(), body);
}

}  // namespace

class JournalCodecTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void roundTrip();
    void emptyStateRoundTrips();
    void truncationAtEveryByteIsDamage();
    void anyChangedByteIsDamage();
    void textsThatAreNotUtf8_data();
    void textsThatAreNotUtf8();
    void keysOfALaterMinorFormatAreKept();
    void keysInsideAreKeptWhereTheirPlaceIs();
    void wordsOfALaterMinorFormatAreLeftOut();
    void everyFormatSoFarIsRead();
    void laterMajorFormatIsRefused();
    void wrongTypesAreNamed_data();
    void wrongTypesAreNamed();
};

void JournalCodecTest::roundTrip() {
    const JournalState state = tests::fullJournalState();
    const auto decoded = decode(encode(state, ""));
    QVERIFY2(decoded.ok(), base::messageOf(decoded.status()).c_str());
    QVERIFY(decoded->state == state);
    QCOMPARE(decoded->unknownKeys, std::string());
}

void JournalCodecTest::emptyStateRoundTrips() {
    const auto decoded = decode(encode({}, ""));
    QVERIFY(decoded.ok());
    QVERIFY(decoded->state == JournalState());
}

void JournalCodecTest::truncationAtEveryByteIsDamage() {
    const std::string file = encode(tests::fullJournalState(), "");
    for (std::size_t length = 0; length < file.size(); ++length) {
        const auto decoded = decode(file.substr(0, length));
        QVERIFY2(absl::IsDataLoss(decoded.status()), std::to_string(length).c_str());
        QCOMPARE(base::errorInfo(decoded.status()).reason, std::string("JOURNAL_DAMAGED"));
    }
}

void JournalCodecTest::anyChangedByteIsDamage() {
    const std::string file = encode(tests::fullJournalState(), "");
    for (std::size_t i = 0; i < file.size(); ++i) {
        std::string changed = file;
        changed[i] = static_cast<char>(changed[i] ^ 0x01);
        const auto decoded = decode(changed);
        QVERIFY2(!decoded.ok(), std::to_string(i).c_str());
    }
}

void JournalCodecTest::textsThatAreNotUtf8_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("read");
    const QByteArray bad = "\xef\xbf\xbd";
    QTest::newRow("lone continuation") << QByteArray("a\x80z") << "a" + bad + "z";
    QTest::newRow("cut sequence") << QByteArray("a\xe2\x82") << "a" + bad + bad;
    QTest::newRow("overlong") << QByteArray("\xc0\xaf") << bad + bad;
    QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << bad + bad + bad;
    QTest::newRow("past the end") << QByteArray("\xf5\x80\x80\x80") << bad + bad + bad + bad;
    QTest::newRow("NUL") << QByteArray("a\0b", 3) << QByteArray("a\0b", 3);
    QTest::newRow("carriage return, delete") << QByteArray("a\r\n\x7f") << QByteArray("a\r\n\x7f");
    QTest::newRow("quotes") << QByteArray("'''\"\"\"\\") << QByteArray("'''\"\"\"\\");
    QTest::newRow("valid") << QByteArray("\xe2\x82\xac \xf0\x9f\x94\xa5")
                           << QByteArray("\xe2\x82\xac \xf0\x9f\x94\xa5");
}

void JournalCodecTest::textsThatAreNotUtf8() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, read);
    JournalState state;
    state.addEvent({"installed", "log", "1", text.toStdString(), {}});
    const auto decoded = decode(encode(state, ""));
    QVERIFY2(decoded.ok(), base::messageOf(decoded.status()).c_str());
    QCOMPARE(QByteArray::fromStdString(decoded->state.events[0].event.message), read);
}

void JournalCodecTest::keysOfALaterMinorFormatAreKept() {
    const auto first = decode(fileWith("[report]\nsequence = 5\n[index]\nnewest = 7\n", 9));
    QVERIFY2(first.ok(), base::messageOf(first.status()).c_str());
    QCOMPARE(first->state.reportSequence, std::uint64_t{5});
    const std::string again = encode(first->state, first->unknownKeys);
    QVERIFY(again.find("newest = 7") != std::string::npos);
    QVERIFY(decode(again).ok());
}

void JournalCodecTest::keysInsideAreKeptWhereTheirPlaceIs() {
    const auto first = decode(
        fileWith("[agents.log]\ncgroup = \"x\"\n[agents.log.current]\nversion = \"1\"\nnew = 1\n"
                 "[agents.gone]\ncgroup = \"y\"\n[report]\nsequence = 5\nbytes = 7\n",
                 9));
    QVERIFY2(first.ok(), base::messageOf(first.status()).c_str());
    JournalState state = first->state;
    state.agents.erase("gone");
    state.agents["log"].current->version = "2";
    const std::string again = encode(state, first->unknownKeys);
    QVERIFY2(again.find("cgroup = 'x'") != std::string::npos, again.c_str());
    QVERIFY(again.find("bytes = 7") != std::string::npos);
    // What was said of another value, and of an agent that is gone, is not said any more.
    QVERIFY(again.find("new = 1") == std::string::npos);
    QVERIFY(again.find("'y'") == std::string::npos);
    const auto second = decode(again);
    QVERIFY(second.ok());
    QVERIFY(second->state == state);
}

void JournalCodecTest::wordsOfALaterMinorFormatAreLeftOut() {
    const std::string body =
        "[agents.log.current]\nversion = \"1\"\n"
        "[agents.log.step]\noperation = \"transmute\"\nposition = \"half\"\n"
        "[desired]\ngeneration = 8\netag = 9\n"
        "[[desired.entry]]\nagent = \"log\"\nlevel = \"purple\"\n"
        "[[desired.entry]]\nagent = \"x\"\nlevel = \"gray\"\n";
    const auto decoded = decode(fileWith(body, 9));
    QVERIFY2(decoded.ok(), base::messageOf(decoded.status()).c_str());
    const AgentRecord& record = decoded->state.agents.at("log");
    QCOMPARE(record.current->version, std::string("1"));
    QVERIFY(!record.step);
    QCOMPARE(decoded->state.desired->entries.size(), std::size_t{1});
    QCOMPARE(decoded->state.desired->generation, std::uint64_t{8});
    QCOMPARE(decoded->state.desired->etag, std::uint64_t{0});  // the master is asked again
    // In a file of this format nobody can have written them.
    QVERIFY(absl::IsDataLoss(decode(fileWith(body, 0)).status()));
}

void JournalCodecTest::everyFormatSoFarIsRead() {
    for (int minor = 0; minor <= kFormatMinor; ++minor) {
        const auto decoded =
            decode(fileWith("[agents.log.current]\nversion = \"1\"\ndigest = \"aa\"\n"
                            "[agents.log.step]\noperation = \"upgrade\"\nposition = \"watching\"\n"
                            "[report]\nsequence = 5\n",
                            minor));
        QVERIFY2(decoded.ok(), base::messageOf(decoded.status()).c_str());
        QVERIFY(decoded->state.agents.at("log").step->operation == Operation::Upgrade);
    }
}

void JournalCodecTest::laterMajorFormatIsRefused() {
    const auto decoded = decode("# ifrit-journal 2.0 in another way\n");
    QVERIFY(absl::IsFailedPrecondition(decoded.status()));
    QCOMPARE(base::errorInfo(decoded.status()).reason, std::string("JOURNAL_TOO_NEW"));
}

void JournalCodecTest::wrongTypesAreNamed_data() {
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("key");
    QTest::newRow("agents") << "agents = 1"
                            << "journal.agents";
    QTest::newRow("agent") << "[agents]\nlog = 1"
                           << "journal.agents.log";
    QTest::newRow("version") << "[agents.log.current]\nversion = 1"
                             << "log.current.version";
    QTest::newRow("operation") << "[agents.log.step]\noperation = \"explode\""
                               << "step.operation";
    QTest::newRow("level") << "[[desired.entry]]\nlevel = \"purple\""
                           << "desired.entry.level";
    QTest::newRow("event") << "event = [1]"
                           << "journal.event";
    QTest::newRow("time") << "[[event]]\nat = \"noon\""
                          << "event.at";
    QTest::newRow("sequence") << "[report]\nsequence = \"5\""
                              << "report.sequence";
    QTest::newRow("purge") << "[agents.log.step]\noperation = \"install\"\npurge = 1"
                           << "step.purge";
    QTest::newRow("not TOML") << "[[["
                              << "line 2";
}

void JournalCodecTest::wrongTypesAreNamed() {
    QFETCH(QString, body);
    QFETCH(QString, key);
    const auto decoded = decode(fileWith(body.toStdString() + "\n"));
    QVERIFY(absl::IsDataLoss(decoded.status()));
    const auto message = QString::fromStdString(base::messageOf(decoded.status()));
    QVERIFY2(message.contains(key), qPrintable(message));
}

QTEST_GUILESS_MAIN(JournalCodecTest)
#include "tst_journal_codec.moc"
