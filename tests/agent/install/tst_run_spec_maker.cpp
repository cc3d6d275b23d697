// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/install/run_spec_maker.h"

namespace ifrit::tests {

using Kind = domain::FileEntry::Kind;

class RunSpecMakerTest : public QObject {
    Q_OBJECT

    const agent::journal::InstalledVersion m_version{"1", std::string(64, 'd')};
    const agent::install::RunSpecMaker m_maker{
        agent::install::Layout("/r"), {}, {}, [] { return agent::install::MachineAddress(); }};

    static domain::Manifest aPackage() {
        domain::Manifest manifest;
        manifest.name = "logd";
        manifest.files = {{"bin/logd", Kind::Regular, 1, std::string(64, 'a'), 0755, ""},
                          {"current", Kind::Symlink, 0, "", 0, "versions/1"},
                          {"link-0", Kind::Symlink, 0, "", 0, "bin/logd"},
                          {"loop", Kind::Symlink, 0, "", 0, "loop"},
                          {"versions/1/up", Kind::Symlink, 0, "", 0, "../../bin"}};
        for (int i = 1; i < 20; ++i)
            manifest.files.push_back({fmt::format("link-{}", i), Kind::Symlink, 0, "", 0,
                                      fmt::format("link-{}", i - 1)});
        return manifest;
    }

private Q_SLOTS:
    /// Whatever way the kernel would come to it: without a digest it would be run unlooked at.
    void theSignedDigestIsThatOfWhatWouldRun_data() {
        QTest::addColumn<QString>("word");
        QTest::addColumn<bool>("isOurs");
        for (const char* word : {"bin/logd", "./bin/logd", "${root}/bin/logd", "link-0", "link-19",
                                 "current/up/logd", "versions/1/up/logd"})
            QTest::newRow(word) << QString::fromLatin1(word) << true;
        for (const char* word : {"/bin/sh", "${data_dir}/own", "bin/nope", "loop"})
            QTest::newRow(word) << QString::fromLatin1(word) << false;
    }
    void theSignedDigestIsThatOfWhatWouldRun() {
        QFETCH(const QString, word);
        QFETCH(const bool, isOurs);
        domain::Manifest manifest = aPackage();
        manifest.start.command = {word.toStdString()};
        manifest.probe = domain::Probe();
        manifest.probe->kind = domain::Probe::Kind::Exec;
        manifest.probe->command = manifest.start.command;
        const auto spec = m_maker.runSpec(manifest, m_version);
        QVERIFY2(spec.ok(), spec.status().ToString().c_str());
        QCOMPARE(spec->programSha256, isOurs ? std::string(64, 'a') : std::string());
        QCOMPARE(spec->probeSha256, spec->programSha256);
        const auto hook = m_maker.hookSpec(manifest, m_version, {manifest.start.command});
        QVERIFY(hook.ok());
        QCOMPARE(static_cast<bool>(hook->checkProgram), isOurs);
    }
};

}  // namespace ifrit::tests

QTEST_GUILESS_MAIN(ifrit::tests::RunSpecMakerTest)
#include "tst_run_spec_maker.moc"
