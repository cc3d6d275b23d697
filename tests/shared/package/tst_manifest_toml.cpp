// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <algorithm>
#include <functional>
#include <vector>

#include "shared/base/status.h"
#include "shared/package/manifest_toml.h"
#include "shared/package/signed_manifest.h"
#include "tests/shared/package/a_manifest.h"

namespace ifrit::package {
namespace {

struct Replacement {
    const char* from;
    const char* to;
    const char* says;  ///< must be in the message
};

// What an author or an attacker may write; each must be refused with a sentence that names it.
const Replacement kBad[] = {
    {"probation", "probaton", "did you mean probation?"},
    {"name = \"node-exporter\"\n", "", "name: is missing"},
    {"format = 1", "format = 2", "format 2 is not known"},
    {"version = \"1:1.5.0-1+b6\"", "version = 15", "version: must be a text"},
    {"name = \"node-exporter\"", "name = \"../../etc\"", "agent name"},
    {"\"LINUX\", \"CONTAINER\"", "\"LINUX\", \"LINUX\"", "twice"},
    {"\"LINUX\", \"CONTAINER\"", "", "1 to 32"},
    {"\"2s\"", "\"2 seconds\"", "not a duration"},
    {"${vars.port}/metrics", "${vars.prot}/metrics", "vars.prot"},
    {"${vars.port}/metrics", "$port/metrics", "$$"},
    {"http = \"http:", "http = \"https:", "http://"},
    {"127.0.0.1:${vars.port}/metrics", "example.com/x", "'example.com' is a name"},
    {"127.0.0.1:${vars.port}/metrics", "127.0.0.1:99999/", "probe.http"},
    {"http = \"http://127.0.0.1:${vars.port}/metrics\"", "tcp = \"127.0.0.1:99999\"", "probe.tcp"},
    {"http = \"http://127.0.0.1:${vars.port}/metrics\"", "tcp = \"db.example:80\"", "probe.tcp"},
    {"http = ", "tcp = \"a:1\"\nhttp = ", "exactly one"},
    {"signal = \"SIGINT\"", "signal = \"SIGSTOP\"", "SIGSTOP"},
    {"mode = \"0755\"", "mode = \"4755\"", "4755"},
    {"mode = \"0755\"", "mode = \"rwx\"", "octal"},
    {"path = \"bin/exporter\"", "path = \"/bin/exporter\"", "absolute"},
    {"path = \"bin/exporter\"", "path = \"bin/../../exporter\"", "climbs"},
    {"path = \"bin/exporter\"", "path = \"ETC/Exporter.conf\"", "twice"},
    {"path = \"bin/exporter\"", "path = \"lib/current/x\"", "lies below"},
    {"link = \"../bin\"", "link = \"../../bin\"", "points out"},
    {"link = \"../bin\"", "link = \"/etc/passwd\"", "relative"},
    {"unpacked_size = 30", "unpacked_size = 31", "unpacked_size"},
    {"size = 1234", "size = -1", "whole number"},
    {"[stop]", "[stop]\nsize = 3", "stop.size: is not a known key"},
    {"[limits]", "[limits", "manifest.toml:"},
    {"signal = \"SIGINT\"", "signl = \"SIGINT\"", "did you mean stop.signal?"},
    {"\"HOME\" = ", "\"HO=ME\" = ", "start.environment"},
    {"user = \"nobody\"", "user = \"no body\"", "start.user"},
    {"min_kernel = \"4.19\"", "min_kernel = \"new\"", "preflight.min_kernel"},
    {"min_glibc = \"2.31\"", "min_glibc = \"2.\"", "preflight.min_glibc"},
    {"ports = [\"${vars.port}\"]", "ports = [\"70000\"]", "preflight.ports"},
    {"link = \"../bin\"", "link = \"../lib/../../etc\"", "points out"},
    {"link = \"../bin\"", "link = \"x/../y\"", "in front"},
    {"link = \"../bin\"", "link = \"a\\nb\"", "control"},
    {"path = \"bin/exporter\"", "path = \"bin/\\u0000x\"", "at most"},
    {"sha256 = \"bbbb", "sha256 = \"BBBB", "SHA-256"},
    {"conflicts = [\"old-exporter\"]", "conflicts = [\"../x\"]", "preflight.conflicts"},
    {"failures = 2", "failures = 0", "failures"},
    {"withdraws_below = 12", "withdraws_below = 18", "withdraw itself"},
    {"index = 17\n", "", "withdraws_below"},
    {"index = 17", "index = -1", "index"},
    {"name = \"node-exporter\"", "name = \"a\"\nname = \"b\"", "manifest.toml:"},
};

std::string replaced(std::string text, const Replacement& change) {
    const std::size_t at = text.find(change.from);
    if (at == std::string::npos) return {};
    return text.replace(at, std::string(change.from).size(), change.to);
}

}  // namespace

class TestManifestToml : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void roundTrips() {
        const auto parsed = parseManifest(writeManifest(aManifest()));
        QVERIFY2(parsed.ok(), parsed.status().ToString().c_str());
        QVERIFY(*parsed == aManifest());
        QCOMPARE(writeManifest(*parsed), writeManifest(aManifest()));
    }

    void aMinimalSourceIsEnough() {
        const auto parsed = parsePackageSource(
            "format = 1\nname = \"a\"\nversion = \"1\"\nmachine_types = [\"LINUX\"]\n"
            "[start]\ncommand = [\"bin/a\"]\n",
            "package.toml");
        QVERIFY2(parsed.ok(), parsed.status().ToString().c_str());
        QVERIFY(!parsed->probe.has_value());
    }

    void refuses_data() {
        QTest::addColumn<int>("index");
        for (int i = 0; i < static_cast<int>(std::size(kBad)); ++i) {
            QTest::addRow("%d %s", i, kBad[i].says) << i;
        }
    }
    void refuses() {
        QFETCH(int, index);
        const std::string text = replaced(writeManifest(aManifest()), kBad[index]);
        QVERIFY2(!text.empty(), "the row replaces nothing");
        const auto parsed = parseManifest(text);
        QVERIFY(!parsed.ok());
        const std::string message = base::messageOf(parsed.status());
        QVERIFY2(message.find(kBad[index].says) != std::string::npos, message.c_str());
        QVERIFY2(message.rfind("manifest.toml:", 0) == 0, message.c_str());
        QCOMPARE(base::errorInfo(parsed.status()).reason, std::string("PACKAGE_MANIFEST"));
    }

    void everyMessageNamesTheLine_data() {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addRow("name") << QByteArray("\"node-exporter\"") << QByteArray("\"NODE\"");
        QTest::addRow("type") << QByteArray("\"CONTAINER\"]") << QByteArray("\"container\"]");
        QTest::addRow("variable") << QByteArray("${vars.port}/metrics") << QByteArray("${x}");
        QTest::addRow("port") << QByteArray("[\"${vars.port}\"]") << QByteArray("[\"x\"]");
        QTest::addRow("signal") << QByteArray("\"SIGINT\"") << QByteArray("\"SIGFOO\"");
        QTest::addRow("hook") << QByteArray("[\"bin/clean\"]") << QByteArray("[]");
        QTest::addRow("path") << QByteArray("\"etc/exporter.conf\"") << QByteArray("\"/e\"");
        QTest::addRow("mode") << QByteArray("\"0644\"") << QByteArray("\"0666\"");
        QTest::addRow("twice") << QByteArray("\"etc/exporter.conf\"")
                               << QByteArray("\"bin/EXPORTER\"");
        QTest::addRow("link") << QByteArray("\"../bin\"") << QByteArray("\"../../bin\"");
        QTest::addRow("total") << QByteArray("unpacked_size = 30")
                               << QByteArray("unpacked_size = 31");
    }
    void everyMessageNamesTheLine() {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        std::string text = writeManifest(aManifest());
        const std::size_t at = text.find(from.toStdString());
        QVERIFY(at != std::string::npos);
        const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<long>(at), '\n');
        text.replace(at, static_cast<std::size_t>(from.size()), to.toStdString());
        const std::string message = base::messageOf(parseManifest(text).status());
        const std::string expected = "manifest.toml:" + std::to_string(line) + ": ";
        QVERIFY2(message.rfind(expected, 0) == 0, (expected + " but " + message).c_str());
    }

    void tooLargeIsSaidAndNotSigned() {
        const auto key = crypto::SigningKey::generate();
        domain::Manifest manifest = aManifest();
        manifest.files.clear();
        manifest.unpackedSizeBytes = 0;
        for (int i = 0; i < 9'000; ++i) {
            manifest.files.push_back({"f/" + std::to_string(i), domain::FileEntry::Kind::Regular, 0,
                                      std::string(64, 'a'), 0644, ""});
        }
        // Nine thousand files are allowed; a manifest of more than 1 MiB is what nobody would read.
        QVERIFY(checkManifest(manifest).ok());
        QCOMPARE(base::errorInfo(signManifest(manifest, *key).status()).reason,
                 std::string("PACKAGE_TOO_LARGE"));
        manifest = aManifest();
        manifest.archiveSizeBytes = 3ULL << 30;
        QCOMPARE(base::errorInfo(checkManifest(manifest)).reason, std::string("PACKAGE_TOO_LARGE"));
        QCOMPARE(base::errorInfo(parseManifest(writeManifest(manifest)).status()).reason,
                 std::string("PACKAGE_TOO_LARGE"));
        QCOMPARE(base::errorInfo(parseManifest(std::string((1U << 20) + 1, '#')).status()).reason,
                 std::string("PACKAGE_TOO_LARGE"));
    }

    void everyRefusalHasOneReason() {
        // Whoever checks, the reason is one that programs know, and the subject names the field.
        domain::Manifest manifest = aManifest();
        manifest.machineTypes = {"linux"};
        const base::ErrorInfo info = base::errorInfo(checkSource(manifest));
        QCOMPARE(info.reason, std::string("PACKAGE_MANIFEST"));
        QCOMPARE(info.subject, std::string("machine_types[0]"));
    }

    void everyFieldIsSigned() {
        // One byte anywhere, whatever it means: refused before it is parsed.
        const auto key = crypto::SigningKey::generate();
        crypto::TrustedKeys keys;
        keys.add(key->publicKey());
        const auto good = signManifest(aManifest(), *key);
        QVERIFY(good.ok());
        QVERIFY(verifyManifest(*good, keys).ok());
        for (std::size_t i = 0; i < good->bytes.size(); ++i) {
            SignedManifest changed = *good;
            changed.bytes[i] = static_cast<char>(changed.bytes[i] ^ 1);
            QCOMPARE(base::errorInfo(verifyManifest(changed, keys).status()).reason,
                     std::string("PACKAGE_SIGNATURE"));
        }
    }

    void unknownKeysAndForeignSignaturesAreRefused() {
        const auto mine = crypto::SigningKey::generate();
        const auto other = crypto::SigningKey::generate();
        crypto::TrustedKeys keys;
        keys.add(mine->publicKey());
        auto foreign = signManifest(aManifest(), *other);
        QCOMPARE(base::errorInfo(verifyManifest(*foreign, keys).status()).reason,
                 std::string("PACKAGE_UNKNOWN_KEY"));
        foreign->keyId = mine->publicKey().keyId();
        QCOMPARE(base::errorInfo(verifyManifest(*foreign, keys).status()).reason,
                 std::string("PACKAGE_SIGNATURE"));
    }

    void theSignatureFileRoundTripsAndIsStrict() {
        const auto key = crypto::SigningKey::generate();
        const auto good = signManifest(aManifest(), *key);
        const std::string text = writeSignature(*good);
        SignedManifest read;
        read.bytes = good->bytes;
        QVERIFY(readSignature(text, read).ok());
        QVERIFY(read == *good);
        for (const std::string& bad : {std::string(), text + "x", text.substr(1), "rsa" + text}) {
            QVERIFY(!readSignature(bad, read).ok());
        }
    }
};

}  // namespace ifrit::package

QTEST_GUILESS_MAIN(ifrit::package::TestManifestToml)
#include "tst_manifest_toml.moc"
