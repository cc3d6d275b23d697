// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <QTemporaryDir>
#include <QTest>
#include <clocale>
#include <filesystem>
#include <fstream>

#include "shared/base/atomic_file.h"
#include "shared/base/status.h"
#include "shared/package/builder.h"
#include "shared/package/package_file.h"
#include "shared/package/payload_writer.h"
#include "shared/package/signed_manifest.h"
#include "shared/package/unpack.h"

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
    void initTestCase() {
        // As in ifrit-agent and ifrit-master, which set no locale; Qt's applications do.
        std::setlocale(LC_ALL, "C");
    }

    void init() {
        m_directory = std::make_unique<QTemporaryDir>();
        m_root = m_directory->path().toStdString();
        fs::create_directories(m_root / "source/files/bin");
        write("source/package.toml", kSource);
        write("source/files/bin/tiny", "#!/bin/sh\nexec sleep 100\n");
        write("source/files/readme", std::string(140'000, 'r'));
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

    void aChangedByteIsFoundOrMeansNothing() {
        // The tar around the two small members has bytes that say nothing: what fills up a block.
        const auto built = buildPackage(m_root / "source", m_key, m_root / "p.ifrit");
        const std::string good = read("p.ifrit");
        const auto package = openPackageFile(built->path);
        QVERIFY(package.ok());
        const auto payload = static_cast<std::size_t>(package->payloadOffset);
        const std::size_t end = payload + static_cast<std::size_t>(package->payloadSize);
        int harmless = 0;
        for (std::size_t i = 0; i < end; i += i < payload ? 1 : 7) {
            std::string bad = good;
            bad[i] = static_cast<char>(bad[i] ^ 0x20);
            write("bad.ifrit", bad);
            const auto manifest = checkPackageFile(m_root / "bad.ifrit", m_keys);
            if (!manifest.ok()) continue;
            ++harmless;
            QVERIFY2(i < payload, qPrintable(QString::number(i)));
            QVERIFY(*manifest == built->manifest);
        }
        QVERIFY2(harmless < 1024 + 16, qPrintable(QString::number(harmless)));
    }

    void cutOrExtendedIsRefused_data() {
        QTest::addColumn<QByteArray>("what");
        for (const char* what : {"nothing", "100", "512", "2000", "last byte", "no end", "appended",
                                 "after the end", "padding", "fourth member"}) {
            QTest::newRow(what) << QByteArray(what);
        }
    }
    void cutOrExtendedIsRefused() {
        QFETCH(QByteArray, what);
        QVERIFY(buildPackage(m_root / "source", m_key, m_root / "p.ifrit").ok());
        std::string bytes = read("p.ifrit");
        const auto package = openPackageFile(m_root / "p.ifrit");
        const auto end = static_cast<std::size_t>(package->payloadOffset + package->payloadSize);
        const std::size_t padded = (end + 511) / 512 * 512;
        if (what == "nothing") bytes.clear();
        if (what == "100") bytes.resize(100);
        if (what == "512") bytes.resize(512);
        if (what == "2000") bytes.resize(2000);
        if (what == "last byte") bytes.resize(end - 1);
        if (what == "no end") bytes.resize(padded);
        if (what == "appended") bytes += "more";
        if (what == "after the end") bytes[padded + 600] = 'x';
        if (what == "padding") bytes += std::string(1U << 20, '\0');
        if (what == "fourth member") bytes.insert(padded, bytes.substr(0, 2048));
        write("changed.ifrit", bytes);
        const absl::Status status = checkPackageFile(m_root / "changed.ifrit", m_keys).status();
        QVERIFY2(base::errorInfo(status).reason == "PACKAGE_ARCHIVE", status.ToString().c_str());
        QVERIFY(base::messageOf(status).find("changed.ifrit") != std::string::npos);
    }

    void namesComeBackExactlyOrAreRefused_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<bool>("good");
        QTest::newRow("space") << QByteArray("a b") << true;
        QTest::newRow("quotes") << QByteArray("a'b\"c") << true;
        QTest::newRow("letters") << QByteArray(
                                        "gr\xC3\xB6\xC3\x9F"
                                        "e")
                                 << true;
        QTest::newRow("emoji") << QByteArray("\xF0\x9F\x98\x80") << true;
        QTest::newRow("long") << QByteArray(250, 'n') << true;
        QTest::newRow("newline") << QByteArray("a\nb") << false;
        QTest::newRow("backslash") << QByteArray("a\\b") << false;
        QTest::newRow("not UTF-8") << QByteArray(
                                          "gr\xF6\xDF"
                                          "e")
                                   << false;
        QTest::newRow("overlong UTF-8") << QByteArray(
                                               "a\xC0\xAF"
                                               "b")
                                        << false;
    }
    void namesComeBackExactlyOrAreRefused() {
        QFETCH(QByteArray, name);
        QFETCH(bool, good);
        write("source/files/" + name.toStdString(), "content");
        fs::create_symlink(name.toStdString(), m_root / "source/files/to-it");
        const auto built = buildPackage(m_root / "source", m_key, m_root / "p.ifrit");
        if (!good) {
            QCOMPARE(base::errorInfo(built.status()).reason, std::string("PACKAGE_MANIFEST"));
            QVERIFY(!fs::exists(m_root / "p.ifrit"));
            return;
        }
        QVERIFY2(built.ok(), built.status().ToString().c_str());
        const auto package = openPackageFile(m_root / "p.ifrit");
        write("payload", read("p.ifrit").substr(static_cast<std::size_t>(package->payloadOffset),
                                                static_cast<std::size_t>(package->payloadSize)));
        const absl::Status status =
            unpackArchive(m_root / "payload", built->manifest, m_root / "out");
        QVERIFY2(status.ok(), status.ToString().c_str());
        QCOMPARE(read("out/" + name.toStdString()), std::string("content"));
        QCOMPARE(fs::read_symlink(m_root / "out/to-it").string(), name.toStdString());
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

    /// Of an ifritctl that did not look.
    void aSignedPackageThatCannotStartIsNotSound() {
        auto built = buildPackage(m_root / "source", m_key, m_root / "p.ifrit");
        QVERIFY(built.ok());
        const auto file = openPackageFile(built->path);
        QVERIFY(file.ok());
        const std::string whole = read("p.ifrit");
        write("payload", whole.substr(file->payloadOffset, file->payloadSize));
        built->manifest.start.command = {"bin/nope"};
        const auto signedManifest = signManifest(built->manifest, m_key);
        QVERIFY(signedManifest.ok());
        QVERIFY(writePackage(signedManifest->bytes, writeSignature(*signedManifest),
                             m_root / "payload", m_root / "p.ifrit")
                    .ok());
        const absl::Status status = checkPackageFile(m_root / "p.ifrit", m_keys).status();
        QCOMPARE(base::errorInfo(status).subject, std::string("start.command"));
    }

    void badSourcesLeaveNothingBehind_data() {
        QTest::addColumn<QByteArray>("what");
        for (const char* what :
             {"unknown field", "fifo", "setuid", "link out", "link out by a link", "no files",
              "no program", "program that cannot be executed"}) {
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
        if (what == "link out by a link") {
            // "over/../.." is inside as text; on disk `over` is the root, and it is not.
            fs::create_directory_symlink("..", files / "bin/over");
            fs::create_symlink("over/../etc", files / "bin/out");
        }
        if (what == "no files") fs::remove_all(files);
        if (what == "no program") fs::rename(files / "bin/tiny", files / "bin/other");
        if (what == "program that cannot be executed")
            QCOMPARE(chmod((files / "bin/tiny").c_str(), 0644), 0);
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
