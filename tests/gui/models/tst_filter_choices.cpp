// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <fmt/format.h>

#include "gui/models/filter_choices.h"
#include "gui/models/fleet_store.h"
#include "tests/gui/support/fleet_script.h"

using namespace ifrit;
using gui::models::filterChoices;
using gui::models::FilterChoices;
using gui::models::FleetStore;
using gui::models::FleetVocabulary;
using tests::FleetScript;
using tests::ScriptMachine;

namespace {

ScriptMachine machine(std::size_t index) {
    ScriptMachine out;
    out.uuid = fmt::format("i-{:05}", index);
    out.type = index % 2 == 0 ? "LINUX" : "ARM64";
    out.pin = index % 3 == 0 ? "acme" : "zed";
    out.labels = index % 2 == 0 ? "rack=7,zone=b" : "rack=9,zone=a,odd";
    out.agents = {{.name = "logd", .running = index % 2 == 0 ? "4.9" : "4.10", .desired = "5.0"}};
    return out;
}

FilterChoices at(const QString& marked, const FleetVocabulary& fleet) {
    QString text = marked;
    const auto cursor = static_cast<int>(text.indexOf(QLatin1Char('|')));
    text.remove(cursor, 1);
    return filterChoices(text, cursor, fleet);
}

QStringList texts(const char* marked, const FleetVocabulary& fleet) {
    return at(QString::fromUtf8(marked), fleet).texts;
}

QStringList list(std::initializer_list<const char*> words) {
    QStringList out;
    for (const char* word : words)
        out << QString::fromUtf8(word);
    return out;
}

}  // namespace

class TestFilterChoices : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void offersWhatTheFleetHas_data();
    void offersWhatTheFleetHas();
    void versionsComeNewestFirst();
    void whatIsThereAlreadyIsNotOffered();
    void placesAreCharacters();
    void manyAreCountedAndNotShown();
    void whatTheGrammarCannotSayIsLeftOut();
    void rowsAddWordsAndASnapshotForgetsThem();
    void onlySoManyAreKept();

private:
    FleetStore m_store;
    FleetScript m_script;
};

void TestFilterChoices::init() {
    m_store = {};
    m_script = {};
    std::vector<ScriptMachine> machines;
    for (std::size_t i = 0; i < 12; ++i)
        machines.push_back(machine(i));
    m_store.apply(m_script.snapshot(machines));
}

void TestFilterChoices::offersWhatTheFleetHas_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("choices");
    const auto row = [](const char* text, std::initializer_list<const char*> choices) {
        QTest::newRow(text) << QString::fromLatin1(text) << list(choices);
    };
    row("type:|", {"ARM64", "LINUX"});
    row("type:l|", {"LINUX"});
    row("type:u|", {"LINUX"});
    row("-pin:|", {"acme", "zed"});
    row("agent:|", {"logd"});
    row("label:|", {"rack=", "zone="});
    row("label:zone=|", {"a", "b"});
    row("label:zone=a,|", {"a", "b"});
    row("label:none=|", {});
    row("pi|", {"pin:"});
    row("se|", {"seen>"});
    row("st|", {"state:", "host:"});
    row("state:s|", {"scheduled", "silent", "already", "failed"});
    row("uuid:i|", {});
}

void TestFilterChoices::offersWhatTheFleetHas() {
    QFETCH(QString, text);
    QFETCH(QStringList, choices);
    QStringList found = at(text, m_store.vocabulary()).texts;
    // Of states, what begins so is what is looked at here.
    if (text == QLatin1String("state:s|")) {
        QVERIFY(found.indexOf(QStringLiteral("silent")) <
                    found.indexOf(QStringLiteral("watching")) ||
                !found.contains(QStringLiteral("watching")));
        QCOMPARE(found.first(2), choices.first(2));
        return;
    }
    QCOMPARE(found, choices);
}

void TestFilterChoices::versionsComeNewestFirst() {
    QCOMPARE(texts("version<|", m_store.vocabulary()), list({"4.10", "4.9"}));
}

void TestFilterChoices::whatIsThereAlreadyIsNotOffered() {
    QVERIFY(at(QStringLiteral("pin:acme|"), m_store.vocabulary()).isEmpty());
    QVERIFY(at(QStringLiteral("pin:ac|me"), m_store.vocabulary()).isEmpty());
    // Nor a key that has its sign.
    QVERIFY(at(QStringLiteral("pi|n:acme"), m_store.vocabulary()).isEmpty());
    QCOMPARE(texts("pin:acm|", m_store.vocabulary()), list({"acme"}));
}

void TestFilterChoices::placesAreCharacters() {
    const auto choices =
        at(QString::fromUtf8("\xe6\xb5\x8b\xe8\xaf\x95 pin:ac|"), m_store.vocabulary());
    QCOMPARE(choices.begin, 7);
    QCOMPARE(choices.end, 9);
}

void TestFilterChoices::manyAreCountedAndNotShown() {
    std::vector<ScriptMachine> machines;
    for (std::size_t i = 0; i < 100; ++i) {
        machines.push_back(machine(i));
        machines.back().pin = fmt::format("p{:03}", i);
    }
    m_store.apply(m_script.delta(machines));
    const auto choices = at(QStringLiteral("pin:p|"), m_store.vocabulary());
    QCOMPARE(choices.texts.size(), gui::models::kMostFilterChoices);
    QCOMPARE(choices.texts.first(), QStringLiteral("p000"));
    QCOMPARE(choices.more, qint64{70});
    QCOMPARE(at(QStringLiteral("pin:p09|"), m_store.vocabulary()).more, qint64{0});
}

void TestFilterChoices::whatTheGrammarCannotSayIsLeftOut() {
    ScriptMachine odd = machine(0);
    odd.pin = "two words";
    ScriptMachine pattern = machine(1);
    pattern.pin = "/x";
    m_store.apply(m_script.delta({odd, pattern}));
    QCOMPARE(texts("pin:|", m_store.vocabulary()), list({"acme", "zed"}));
}

void TestFilterChoices::rowsAddWordsAndASnapshotForgetsThem() {
    ScriptMachine other = machine(3);
    other.type = "WINDOWS";
    other.labels = "site=x";
    m_store.apply(m_script.delta({other}));
    QCOMPARE(texts("type:w|", m_store.vocabulary()), list({"WINDOWS"}));
    QCOMPARE(texts("label:si|", m_store.vocabulary()), list({"site="}));
    // Held columns are copied for the next row; the words stay good.
    const auto held = m_store.snapshot();
    other.type = "RISCV";
    m_store.apply(m_script.delta({other}));
    QCOMPARE(texts("type:|", m_store.vocabulary()), list({"ARM64", "LINUX", "RISCV", "WINDOWS"}));
    FleetScript again;
    m_store.apply(again.snapshot({machine(0)}));
    QCOMPARE(texts("type:|", m_store.vocabulary()), list({"LINUX"}));
    m_store.clear();
    QVERIFY(texts("type:|", m_store.vocabulary()).isEmpty());
    QVERIFY(!texts("|", m_store.vocabulary()).isEmpty());
}

// A pin or a label of each machine's own must not make a million words.
void TestFilterChoices::onlySoManyAreKept() {
    std::vector<ScriptMachine> machines;
    for (std::size_t i = 0; i < FleetVocabulary::kMost + 5; ++i) {
        machines.push_back(machine(i));
        machines.back().pin = fmt::format("p{}", i);
        machines.back().labels = fmt::format("host=h{}", i);
    }
    FleetStore store;
    FleetScript script;
    store.apply(script.snapshot(machines));
    const FleetVocabulary& fleet = store.vocabulary();
    QCOMPARE(fleet.of(FleetVocabulary::Column::Pin).texts.size(), FleetVocabulary::kMost);
    QVERIFY(fleet.of(FleetVocabulary::Column::Pin).isFull);
    QCOMPARE(fleet.labelValues("host").texts.size(), FleetVocabulary::kMost);
    QVERIFY(fleet.labelValues("host").isFull);
    QVERIFY(at(QStringLiteral("pin:p|"), fleet).others);
    QVERIFY(!at(QStringLiteral("type:|"), fleet).others);
}

QTEST_GUILESS_MAIN(TestFilterChoices)
#include "tst_filter_choices.moc"
