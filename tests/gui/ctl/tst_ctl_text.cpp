// SPDX-License-Identifier: Apache-2.0
// What a machine or a package says reaches the terminal, and programs, as text and nothing else.
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "gui/ctl/exit_code.h"
#include "tests/gui/ctl/ctl_harness.h"

using namespace ifrit;
using tests::Ctl;
using tests::has;

class TestCtlText : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aLogIsWhateverAnAgentWrote();
    void lettersStayWhatTheyAre();
    void anErrorSteersNoTerminal();
};

void TestCtlText::aLogIsWhateverAnAgentWrote() {
    Ctl ctl;
    // GBK, CSI as one character of C1, escape, what turns the reading order, and DEL.
    ctl.sessions.session.log.text =
        "a \xc4\xe3\xba\xc3 b \xc2\x9b"
        "2J \x1b[2J \xe2\x80\xae c \xe2\x81\xa6 d \x7f e\n";
    const auto shown = ctl.run({"machine", "log", "m-1", "logd"});
    QCOMPARE(shown.code, 0);
    const std::string unknown = "\xef\xbf\xbd";
    const std::string text =
        "a " + unknown + unknown + unknown + unknown + " b ?2J ?[2J ? c ? d ? e";
    QVERIFY2(has(shown.out, text), shown.out.c_str());
    for (const char* format : {"json", "jsonl"}) {
        const auto out = ctl.run({"machine", "log", "m-1", "logd", "-o", format}).out;
        QVERIFY2(!has(out, "\xc2\x9b") && !has(out, "\x7f"), out.c_str());
        QJsonParseError error;
        const auto parsed = QJsonDocument::fromJson(QByteArray::fromStdString(out), &error);
        QVERIFY2(error.error == QJsonParseError::NoError, out.c_str());
        // It is all there.
        QVERIFY(parsed[QLatin1String("text")].toString().contains(QString(QChar(0x9b))));
    }
    const auto csv = ctl.run({"machine", "log", "m-1", "logd", "-o", "csv"}).out;
    QVERIFY(!QString::fromStdString(csv).isEmpty() && !has(csv, "\xc4\xe3"));
}

void TestCtlText::lettersStayWhatTheyAre() {
    Ctl ctl;
    ctl.sessions.session.log.text = "\u4f60\u597d \u00a0\u00c2 \U0001f600 \u202fx\n";
    const auto shown = ctl.run({"machine", "log", "m-1", "logd"});
    QVERIFY2(has(shown.out, "\u4f60\u597d \u00a0\u00c2 \U0001f600 \u202fx"), shown.out.c_str());
    const auto json = ctl.run({"machine", "log", "m-1", "logd", "-o", "json"}).out;
    QVERIFY2(has(json, "\u4f60\u597d \u00a0\u00c2 \U0001f600 \u202fx"), json.c_str());
}

void TestCtlText::anErrorSteersNoTerminal() {
    const std::string said = gui::ctl::describeError(
        base::notFound("MACHINE_UNKNOWN", "m", "there is no machine '{}'", "\x1b[2J"));
    QVERIFY2(has(said, "'?[2J'") && !has(said, "\x1b"), said.c_str());
}

QTEST_GUILESS_MAIN(TestCtlText)
#include "tst_ctl_text.moc"
