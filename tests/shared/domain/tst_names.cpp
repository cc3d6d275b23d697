// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <string>

#include "shared/base/status.h"
#include "shared/domain/enum_names.h"
#include "shared/domain/names.h"

namespace ifrit::domain {

class TestNames : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void names_data() {
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("good");
        const auto row = [](const char* kind, const QByteArray& text, bool good) {
            QTest::addRow("%s %s %d", kind, text.left(20).toHex().constData(), good)
                << QByteArray(kind) << text << good;
        };
        for (const char* text : {"a", "node-exporter", "0.x_y"})
            row("agent", text, true);
        for (const char* text : {"", "A", "-a", ".a", "a/b", "a b", "..", "\xF0\x9F\x94\xA5"}) {
            row("agent", text, false);
        }
        row("agent", QByteArray(64, 'a'), true);
        row("agent", QByteArray(65, 'a'), false);
        row("agent", QByteArray("a\0b", 3), false);
        for (const char* text : {"1", "1:1.5.0-1+b6~rc1", "v2_0"})
            row("version", text, true);
        for (const char* text : {"", "-1", "1/2", "1 2", "1\n"})
            row("version", text, false);
        for (const char* text : {"LINUX", "ARM64", "MY_TYPE"})
            row("type", text, true);
        for (const char* text : {"linux", "", "6A", "A-B"})
            row("type", text, false);
        for (const char* text : {"i-0c77b2", "10.0.0.7", "fe80::1"})
            row("uuid", text, true);
        for (const char* text : {"", "a/b", "a,b", ":a"})
            row("uuid", text, false);
        row("uuid", QByteArray(129, 'a'), false);
        for (const char* text : {"a", "a/b.c", ".hidden", "a/..b"})
            row("path", text, true);
        for (const char* text : {"", "/a", "a/", "a//b", "./a", "a/../b", "..", "a\\b", "a\nb"}) {
            row("path", text, false);
        }
        row("path", QByteArray(1025, 'a'), false);
        row("sha256", QByteArray(64, 'a'), true);
        row("sha256", QByteArray(64, 'A'), false);
        row("sha256", QByteArray(63, 'a'), false);
        row("reason", "line\nnext\ttab", true);
        row("reason", "bell\a", false);
        row("reason", QByteArray(1025, 'a'), false);
    }
    void names() {
        QFETCH(QByteArray, kind);
        QFETCH(QByteArray, text);
        QFETCH(bool, good);
        const std::string value = text.toStdString();
        const absl::Status status = kind == "agent"     ? checkAgentName(value)
                                    : kind == "version" ? checkVersion(value)
                                    : kind == "type"    ? checkMachineType(value)
                                    : kind == "uuid"    ? checkMachineUuid(value)
                                    : kind == "path"    ? checkRelativePath(value)
                                    : kind == "sha256"  ? checkSha256(value)
                                                        : checkReason(value);
        QCOMPARE(status.ok(), good);
        if (good) return;
        QCOMPARE(status.code(), absl::StatusCode::kInvalidArgument);
        // What a person is shown must not carry the control characters on.
        const std::string message = base::messageOf(status);
        QVERIFY(message.find('\n') == std::string::npos && message.find('\0') == std::string::npos);
    }

    void everyEnumeratorHasItsOwnName() {
        for (int i = 0; i <= static_cast<int>(MachineState::Unmanaged); ++i) {
            const auto state = static_cast<MachineState>(i);
            QVERIFY(fromName<MachineState>(nameOf(state)) == state);
        }
        for (int i = 0; i <= static_cast<int>(ReleaseVerb::Approve); ++i) {
            const auto verb = static_cast<ReleaseVerb>(i);
            QVERIFY(fromName<ReleaseVerb>(nameOf(verb)) == verb);
        }
        for (int i = 0; i <= static_cast<int>(Outcome::Aborted); ++i) {
            const auto outcome = static_cast<Outcome>(i);
            QVERIFY(fromName<Outcome>(nameOf(outcome)) == outcome);
        }
        for (int i = 0; i <= static_cast<int>(ReleaseState::Done); ++i) {
            const auto state = static_cast<ReleaseState>(i);
            QVERIFY(fromName<ReleaseState>(nameOf(state)) == state);
        }
        QVERIFY(!fromName<MachineState>("Healthy").has_value());
        QVERIFY(!fromName<Level>("").has_value());
    }
};

}  // namespace ifrit::domain

QTEST_GUILESS_MAIN(ifrit::domain::TestNames)
#include "tst_names.moc"
