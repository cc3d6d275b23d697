// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/filter/filter_completion.h"
#include "shared/filter/machine_filter.h"

using namespace ifrit::filter;

Q_DECLARE_METATYPE(Wanted)

class TestFilterCompletion : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void place_data();
    void place();
    void everyChoiceIsOfTheGrammar();
    void everyCursorOfAnyTextHasAPlace();
};

// '|' is the cursor; what would be replaced stands in the second column.
void TestFilterCompletion::place_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<Wanted>("wanted");
    QTest::addColumn<QString>("replaced");
    QTest::addColumn<QString>("typed");
    const auto row = [](const char* text, Wanted wanted, const char* replaced, const char* typed) {
        QTest::newRow(text) << QString::fromLatin1(text) << wanted << QString::fromLatin1(replaced)
                            << QString::fromLatin1(typed);
    };
    row("|", Wanted::Key, "", "");
    row("sta|", Wanted::Key, "sta", "sta");
    row("s|ta", Wanted::Key, "sta", "s");
    row("-pi|", Wanted::Key, "pi", "pi");
    row("-|", Wanted::Key, "", "");
    row("|-pin:acme", Wanted::Key, "-pin:", "");
    row("st|ate:failed", Wanted::Key, "state:", "st");
    row("state|:failed", Wanted::Key, "state:", "state");
    row("state:|", Wanted::State, "", "");
    row("state:fa|", Wanted::State, "fa", "fa");
    row("state:fa|iled,silent", Wanted::State, "failed", "fa");
    row("state:failed,si|", Wanted::State, "si", "si");
    row("state:failed,|", Wanted::State, "", "");
    row("state:failed,|silent,already", Wanted::State, "silent", "");
    row("type:LINUX | pin:acme", Wanted::Key, "", "");
    row("type:LI| pin:acme", Wanted::Type, "LI", "LI");
    row("type:LINUX pin:|acme", Wanted::Pin, "acme", "");
    row("-agent:lo|", Wanted::Agent, "lo", "lo");
    row("version<4|", Wanted::Version, "4", "4");
    row("version:4|", Wanted::Version, "4", "4");
    row("ifrit:0|", Wanted::IfritVersion, "0", "0");
    row("seen>|", Wanted::Age, "", "");
    row("label:|", Wanted::LabelKey, "", "");
    row("label:zo|", Wanted::LabelKey, "zo", "zo");
    row("label:z|one=b", Wanted::LabelKey, "zone=", "z");
    row("label:zone=|", Wanted::LabelValue, "", "");
    row("label:zone=a,b|", Wanted::LabelValue, "b", "b");
    row("  state:ok  la|", Wanted::Key, "la", "la");
    // No list has these.
    row("uuid:/^te|st/", Wanted::Nothing, nullptr, nullptr);
    row("pin:/a,c|/", Wanted::Nothing, nullptr, nullptr);
    row("/wo|rd/", Wanted::Nothing, nullptr, nullptr);
    row("batch:3|", Wanted::Nothing, nullptr, nullptr);
    row("seen:5|", Wanted::Nothing, nullptr, nullptr);
    row("state<fa|", Wanted::Nothing, nullptr, nullptr);
    row("nothing:x|", Wanted::Nothing, nullptr, nullptr);
    row("label>x|", Wanted::Nothing, nullptr, nullptr);
}

void TestFilterCompletion::place() {
    QFETCH(QString, text);
    QFETCH(Wanted, wanted);
    QFETCH(QString, replaced);
    QFETCH(QString, typed);
    std::string bytes = text.toStdString();
    const std::size_t cursor = bytes.find('|');
    bytes.erase(cursor, 1);
    const Completion at = completionAt(bytes, cursor);
    QCOMPARE(at.wanted, wanted);
    if (wanted == Wanted::Nothing) return;
    QCOMPARE(QString::fromStdString(bytes.substr(at.begin, at.end - at.begin)), replaced);
    QCOMPARE(QString::fromStdString(std::string(at.typed)), typed);
    if (wanted == Wanted::LabelValue) QCOMPARE(at.labelKey, std::string_view("zone"));
}

void TestFilterCompletion::everyChoiceIsOfTheGrammar() {
    QCOMPARE(keyChoices().size(), filterKeys().size());
    for (const std::string& state : stateChoices())
        QVERIFY2(!MachineFilter::parse("state:" + state).error, state.c_str());
    for (const std::string& age : ageChoices())
        QVERIFY2(!MachineFilter::parse("seen>" + age).error, age.c_str());
    for (const std::string& key : keyChoices()) {
        const auto error = MachineFilter::parse(key).error;
        QVERIFY(error && error->sentence.find("needs a value") != std::string::npos);
    }
}

void TestFilterCompletion::everyCursorOfAnyTextHasAPlace() {
    const std::string texts[] = {"state:failed,,x  -label:a=b=c,/x/ <>: --pin::x",
                                 ":",
                                 "-",
                                 "-:",
                                 "label:=",
                                 ",,,",
                                 "/",
                                 "\xc3\xa4:\xc3"};
    for (const std::string& text : texts) {
        for (std::size_t cursor = 0; cursor <= text.size() + 2; ++cursor) {
            const Completion at = completionAt(text, cursor);
            QVERIFY(at.begin <= at.end && at.end <= text.size());
            QVERIFY(at.begin + at.typed.size() <= at.end);
        }
    }
}

QTEST_GUILESS_MAIN(TestFilterCompletion)
#include "tst_filter_completion.moc"
