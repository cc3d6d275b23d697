// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/base/status.h"
#include "shared/package/manifest_toml.h"

namespace ifrit::package {
namespace {

using Kind = domain::FileEntry::Kind;

domain::Manifest aPackage() {
    domain::Manifest manifest;
    manifest.name = "logd";
    manifest.start.command = {"bin/logd"};
    manifest.files = {{"bin/logd", Kind::Regular, 1, std::string(64, 'a'), 0755, ""},
                      {"bin/plain", Kind::Regular, 1, std::string(64, 'b'), 0644, ""},
                      {"current", Kind::Symlink, 0, "", 0, "versions/1"},
                      {"loop", Kind::Symlink, 0, "", 0, "loop"},
                      {"run", Kind::Symlink, 0, "", 0, "bin/logd"},
                      {"versions/1/up", Kind::Symlink, 0, "", 0, "../../bin"}};
    return manifest;
}

}  // namespace

class CheckProgramsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theFirstWordIsThere_data() {
        QTest::addColumn<QString>("word");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* word, const char* says) {
            QTest::newRow(word) << QString::fromLatin1(word) << QString::fromLatin1(says);
        };
        row("bin/logd", "");
        row("./bin/logd", "");
        row("${root}/bin/logd", "");
        row("run", "");
        row("current/up/logd", "");
        row("/bin/sh", "");
        row("${vars.program}", "");
        row("${data_dir}/own", "");
        row("bin/nope", "'bin/nope' is no file of the package");
        row("${root}/bin/nope", "is no file of the package");
        row("sh", "or an absolute path");
        row("bin", "is no file of the package");
        row("../bin/logd", "is no file of the package");
        row("loop", "is no file of the package");
        row("bin/plain", "'bin/plain' is not executable (its mode is 0644)");
        row("current/up/plain", "is not executable");
    }
    void theFirstWordIsThere() {
        QFETCH(QString, word);
        QFETCH(QString, says);
        const std::vector<std::string> command{word.toStdString(), "bin/nope"};
        domain::Manifest start = aPackage();
        start.start.command = command;
        domain::Manifest probe = aPackage();
        probe.probe = domain::Probe{domain::Probe::Kind::Exec, command, "", ""};
        domain::Manifest hook = aPackage();
        hook.hooks.postStop = domain::Hook{command};
        const std::pair<const char*, const domain::Manifest*> places[] = {
            {"start.command", &start}, {"probe.exec", &probe}, {"hooks.post_stop.command", &hook}};
        for (const auto& [field, manifest] : places) {
            const absl::Status status = checkPrograms(*manifest);
            QCOMPARE(status.ok(), says.isEmpty());
            if (says.isEmpty()) continue;
            const QString message = QString::fromStdString(base::messageOf(status));
            QVERIFY2(message.contains(says), qPrintable(message));
            QCOMPARE(base::errorInfo(status).reason, std::string("PACKAGE_MANIFEST"));
            QCOMPARE(base::errorInfo(status).subject, std::string(field));
        }
    }

    void ifritAgentIsStartedByGuard() {
        domain::Manifest manifest = aPackage();
        manifest.name = "ifrit-agent";
        manifest.start.command = {"unused"};
        QVERIFY(checkPrograms(manifest).ok());
    }
};

}  // namespace ifrit::package

QTEST_GUILESS_MAIN(ifrit::package::CheckProgramsTest)
#include "tst_check_programs.moc"
