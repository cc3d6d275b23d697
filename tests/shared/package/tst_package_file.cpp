// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>

#include "shared/base/atomic_file.h"
#include "shared/base/status.h"
#include "shared/package/builder.h"
#include "shared/package/package_file.h"

namespace ifrit::package {
namespace {

namespace fs = std::filesystem;

constexpr char kSource[] =
    "format = 1\nname = \"tiny\"\nversion = \"1.0\"\nmachine_types = [\"LINUX\"]\n"
    "[start]\ncommand = [\"bin/tiny\", \"${vars.port}\"]\n[vars]\nport = \"1\"\n";

}  // namespace

class TestPackageFile : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() {
        m_directory = std::make_unique<QTemporaryDir>();
        m_root = m_directory->path().toStdString();
        fs::create_directories(m_root / "source/files/bin");
        write("source/package.toml", kSource);
        write("source/files/bin/tiny", "#!/bin/sh\nexec sleep 100\n");
        write("source/files/readme", std::string(300'000, 'r'));
        fs::permissions(m_root / "source/files/bin/tiny", fs::perms(0700));
        fs::create_symlink("bin/tiny", m_root / "source/files/run");
        m_keys = crypto::TrustedKeys();
        m_keys.add(m_key.publicKey());
    }

    void buildsWhatItChecks() {
        const auto built = buildPackage(m_root / "source", m_key, m_root);
        QVERIFY2(built.ok(), built.status().ToString().c_str());
        QCOMPARE(built->path.filename().string(), std::string("tiny-1.0-LINUX.ifrit"));
        const auto manifest = checkPackageFile(built->path, m_keys);
        QVERIFY2(manifest.ok(), manifest.status().ToString().c_str());
        QVERIFY(*manifest == built->manifest);
        QCOMPARE(manifest->files.size(), 3U);
        QCOMPARE(manifest->files[0].mode, 0755U);
    }

    void theSameInputGivesTheSameBytes() {
        const auto one = buildPackage(m_root / "source", m_key, m_root / "one.ifrit");
        fs::last_write_time(m_root / "source/files/readme",
                            fs::file_time_type::clock::now() - std::chrono::hours(50));
        const auto two = buildPackage(m_root / "source", m_key, m_root / "two.ifrit");
        QVERIFY(one.ok() && two.ok());
        QCOMPARE(one->digest, two->digest);
        QCOMPARE(read("one.ifrit"), read("two.ifrit"));
    }

    void everyChangedByteOfTheManifestPartIsFound() {
        const auto built = buildPackage(m_root / "source", m_key, m_root / "p.ifrit");
        const std::string good = read("p.ifrit");
        const auto package = openPackageFile(built->path);
        QVERIFY(package.ok());
        const std::size_t from = static_cast<std::size_t>(package->payloadOffset);
        const std::size_t to = from + static_cast<std::size_t>(package->payloadSize);
        for (std::size_t i = from; i < to; i += 7) {
            std::string bad = good;
            bad[i] = static_cast<char>(bad[i] ^ 0x20);
            write("bad.ifrit", bad);
            const absl::Status status = checkPackageFile(m_root / "bad.ifrit", m_keys).status();
            QVERIFY2(!status.ok(), qPrintable(QString::number(i)));
        }
    }

    void cutOrExtendedIsRefused() {
        QVERIFY(buildPackage(m_root / "source", m_key, m_root / "p.ifrit").ok());
        const std::string good = read("p.ifrit");
        const auto package = openPackageFile(m_root / "p.ifrit");
        const std::size_t end =
            static_cast<std::size_t>(package->payloadOffset + package->payloadSize);
        for (std::size_t size :
             {std::size_t{0}, std::size_t{100}, std::size_t{512}, std::size_t{2000}, end - 1}) {
            write("cut.ifrit", good.substr(0, size));
            QVERIFY(!checkPackageFile(m_root / "cut.ifrit", m_keys).ok());
        }
    }

    void foreignFilesAreRefused() {
        write("text", "hello");
        const absl::Status status = openPackageFile(m_root / "text").status();
        QCOMPARE(base::errorInfo(status).reason, std::string("PACKAGE_ARCHIVE"));
        QCOMPARE(openPackageFile(m_root / "none").status().code(), absl::StatusCode::kNotFound);
    }

    void anUntrustedKeyIsNamed() {
        const auto other = crypto::SigningKey::generate();
        QVERIFY(buildPackage(m_root / "source", *other, m_root / "p.ifrit").ok());
        const absl::Status status = checkPackageFile(m_root / "p.ifrit", m_keys).status();
        QCOMPARE(base::errorInfo(status).reason, std::string("PACKAGE_UNKNOWN_KEY"));
        QCOMPARE(base::errorInfo(status).subject, other->publicKey().keyId());
    }

    void badSourcesLeaveNothingBehind_data() {
        QTest::addColumn<QByteArray>("what");
        for (const char* what : {"unknown field", "fifo", "setuid", "link out", "no files"}) {
            QTest::newRow(what) << QByteArray(what);
        }
    }
    void badSourcesLeaveNothingBehind() {
        QFETCH(QByteArray, what);
        const fs::path files = m_root / "source/files";
        if (what == "unknown field")
            write("source/package.toml", std::string("colour = 1\n") + kSource);
        if (what == "fifo") QCOMPARE(mkfifo((files / "pipe").c_str(), 0600), 0);
        if (what == "setuid") QCOMPARE(chmod((files / "readme").c_str(), 04755), 0);
        if (what == "link out") fs::create_symlink("../../../etc/passwd", files / "bin/out");
        if (what == "no files") fs::remove_all(files);
        fs::create_directory(m_root / "out");
        const auto built = buildPackage(m_root / "source", m_key, m_root / "out");
        QVERIFY(!built.ok());
        QVERIFY(fs::is_empty(m_root / "out"));
    }

private:
    void write(const std::string& name, const std::string& text) {
        std::ofstream(m_root / name, std::ios::binary) << text;
    }
    std::string read(const std::string& name) {
        return *base::readFile((m_root / name).string(), 64U << 20);
    }

    std::unique_ptr<QTemporaryDir> m_directory;
    fs::path m_root;
    crypto::SigningKey m_key = *crypto::SigningKey::generate();
    crypto::TrustedKeys m_keys;
};

}  // namespace ifrit::package

QTEST_GUILESS_MAIN(ifrit::package::TestPackageFile)
#include "tst_package_file.moc"
