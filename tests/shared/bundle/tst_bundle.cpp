// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>

#include "shared/base/status.h"
#include "shared/bundle/bundle.h"

using namespace ifrit;

namespace {

constexpr char kPem[] = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

bundle::Bundle sample() {
    return {"demo", "production", {"127.0.0.1:7443", "[::1]:7443"}, kPem, kPem, kPem};
}

std::string valid() {
    return bundle::formatBundle(sample());
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    if (at == std::string::npos) qFatal("the sample has no '%s'", std::string(from).c_str());
    return text.replace(at, from.size(), to);
}

}  // namespace

class TestBundle : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void roundTrips() {
        const auto read = bundle::parseBundle(valid(), "x");
        QVERIFY2(read.ok(), base::messageOf(read.status()).c_str());
        QVERIFY(*read == sample());
    }

    void roundTripsWithoutClientCertificate() {
        bundle::Bundle passwordOnly = sample();
        passwordOnly.certificatePem.clear();
        passwordOnly.privateKeyPem.clear();
        const auto read = bundle::parseBundle(bundle::formatBundle(passwordOnly), "x");
        QVERIFY(read.ok());
        QVERIFY(*read == passwordOnly);
    }

    void refuses_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const std::string& text, const char* says) {
            QTest::newRow(name) << QString::fromStdString(text) << QString::fromLatin1(says);
        };
        row("not toml", "hello world", "b.toml:1: not TOML");
        row("empty", "", "format: must be 1");
        row("newer format", replaced(valid(), "format = 1", "format = 2"), "newer ifrit");
        row("unknown key", "colour = 3\n" + valid(), "colour: is not a known key");
        row("unknown cluster key", valid() + "zone = \"b\"\n", "cluster.zone: is not a known key");
        row("no cluster", valid().substr(0, valid().find("[cluster]")), "cluster: is missing");
        row("bad name", replaced(valid(), "\"demo\"", "\"../demo\""), "../demo");
        row("bad kind", replaced(valid(), "production", "prod"), "cluster.kind: 'prod'");
        row("no port", replaced(valid(), "127.0.0.1:7443", "127.0.0.1"), "\"host:port\"");
        row("port too large", replaced(valid(), "127.0.0.1:7443", "127.0.0.1:70000"),
            "\"host:port\"");
        row("v6 without brackets", replaced(valid(), "[::1]:7443", "::1:7443"), "\"host:port\"");
        row("no addresses", replaced(valid(), "[\"127.0.0.1:7443\", \"[::1]:7443\"]", "[]"),
            "at least one");
        row("no ca", replaced(valid(), "ca_pem", "#ca_pem"), "not TOML");
        row("ca is not pem", replaced(valid(), "BEGIN CERT", "START CERT"), "ca_pem: is not PEM");
        row("certificate without key",
            "format = 1\nca_pem = '''" + std::string(kPem) + "'''\ncertificate_pem = '''" + kPem +
                "'''\n[cluster]\nname='a'\nkind='test'\naddresses=['a:1']\n",
            "private_key_pem: is missing");
    }
    void refuses() {
        QFETCH(QString, text);
        QFETCH(QString, says);
        const auto read = bundle::parseBundle(text.toStdString(), "b.toml");
        QVERIFY(!read.ok());
        QCOMPARE(read.status().code(), absl::StatusCode::kInvalidArgument);
        QCOMPARE(base::errorInfo(read.status()).reason, std::string("BUNDLE_INVALID"));
        const QString message = QString::fromStdString(base::messageOf(read.status()));
        QVERIFY2(message.contains(says), qPrintable(message));
    }

    void missingFileIsNamed() {
        const auto read = bundle::readBundleFile("/nonexistent/admin.bundle");
        QCOMPARE(read.status().code(), absl::StatusCode::kNotFound);
        QVERIFY(base::messageOf(read.status()).find("/nonexistent/admin.bundle") !=
                std::string::npos);
    }

    void readsAFileAndRefusesAHugeOne() {
        QTemporaryDir dir;
        QFile file(dir.filePath(QStringLiteral("admin.bundle")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(valid()));
        file.close();
        QVERIFY(bundle::readBundleFile(file.fileName().toStdString()).ok());
        QVERIFY(file.resize(2 * 1024 * 1024));
        const auto huge = bundle::readBundleFile(file.fileName().toStdString());
        QVERIFY(base::messageOf(huge.status()).find("over 1 MiB") != std::string::npos);
        QVERIFY(!bundle::readBundleFile(dir.path().toStdString()).ok());
    }
};

QTEST_GUILESS_MAIN(TestBundle)
#include "tst_bundle.moc"
