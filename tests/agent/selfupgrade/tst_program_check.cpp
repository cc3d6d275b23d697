// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>

#include "agent/platform/platform.h"
#include "agent/selfupgrade/program_check.h"
#include "shared/crypto/sha256.h"

using namespace ifrit;
using namespace ifrit::agent;

/// The program is a script here; what is asked of it and what its answers mean is the same.
class ProgramCheckTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    platform::Platform m_platform;

    std::string directory() const { return m_dir->path().toStdString(); }
    domain::Manifest package(const std::string& version, const std::string& script) const {
        const std::filesystem::path program = directory() + "/bin/ifrit-agent";
        std::filesystem::create_directories(program.parent_path());
        std::ofstream(program) << "#!/bin/sh\n" << script << '\n';
        std::filesystem::permissions(program, std::filesystem::perms::owner_all);
        domain::Manifest manifest;
        manifest.name = "ifrit-agent";
        manifest.version = version;
        domain::FileEntry file;
        file.path = "bin/ifrit-agent";
        file.sha256 = *crypto::sha256File(program.string());
        manifest.files = {file};
        return manifest;
    }
    absl::Status check(const domain::Manifest& manifest) const {
        return selfupgrade::ProgramCheck(*m_platform.commands, "/etc/x.toml")
            .check(manifest, directory());
    }

private Q_SLOTS:
    void initTestCase() {
        m_platform = *platform::makePlatform();
        qputenv("IFRIT_PIN", "team");
    }
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void answers_data() {
        QTest::addColumn<QString>("version");
        QTest::addColumn<QString>("script");
        QTest::addColumn<QString>("words");  // empty: good
        const auto row = [](const char* name, const char* version, const char* script,
                            const char* words) {
            QTest::newRow(name) << QString::fromLatin1(version) << QString::fromLatin1(script)
                                << QString::fromLatin1(words);
        };
        row("good", "1.4.0", "echo ifrit-agent 1.4.0", "");
        row("a revision of it", "1.4.0-2", "echo ifrit-agent 1.4.0", "");
        row("settings of the environment", "1.4.0",
            "[ \"$IFRIT_PIN\" = team ] || exit 9; echo ifrit-agent 1.4.0", "");
        row("another version", "1.4.0", "echo ifrit-agent 1.3.9",
            "calls itself 'ifrit-agent 1.3.9'");
        row("a longer one", "1.4.01", "echo ifrit-agent 1.4.0", "calls itself");
        row("another program", "1.4.0", "echo node_exporter 1.4.0", "calls itself");
        row("does not run", "1.4.0", "echo no libfoo >&2; exit 127", "no libfoo");
        row("refuses the configuration", "1.4.0",
            "if [ \"$1\" = --version ]; then echo ifrit-agent 1.4.0; else echo \"$@: unknown "
            "key\"; "
            "exit 78; fi",
            "--check-config --config /etc/x.toml: unknown key");
    }
    void answers() {
        QFETCH(const QString, version);
        QFETCH(const QString, script);
        QFETCH(const QString, words);
        const absl::Status status = check(package(version.toStdString(), script.toStdString()));
        QCOMPARE(status.ok(), words.isEmpty());
        if (status.ok()) return;
        QCOMPARE(base::errorInfo(status).reason, std::string("SELF_CHECK_FAILED"));
        const std::string message = base::messageOf(status);
        QVERIFY2(message.find(words.toStdString()) != std::string::npos, message.c_str());
    }
    void changedBytesAreNotRun() {
        const domain::Manifest manifest = package("1", "echo ifrit-agent 1");
        package("1", "touch " + directory() + "/ran; echo ifrit-agent 1");
        QVERIFY(!check(manifest).ok());
        QVERIFY(!std::filesystem::exists(directory() + "/ran"));
    }
    void aPackageWithoutTheProgramIsNone() {
        domain::Manifest manifest = package("1", "echo ifrit-agent 1");
        manifest.files.clear();
        QVERIFY(base::messageOf(check(manifest)).find("has no bin/ifrit-agent") !=
                std::string::npos);
    }
};

QTEST_GUILESS_MAIN(ProgramCheckTest)
#include "tst_program_check.moc"
