// SPDX-License-Identifier: Apache-2.0
#include <QTest>
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
    {"probation", "probaton", "did you mean 'probation'"},
    {"name = \"node-exporter\"\n", "", "'name' is missing"},
    {"format = 1", "format = 2", "format 2 is not known"},
    {"version = \"1:1.5.0-1+b6\"", "version = 15", "'version' must be a text"},
    {"name = \"node-exporter\"", "name = \"../../etc\"", "agent name"},
    {"\"LINUX\", \"CONTAINER\"", "\"LINUX\", \"LINUX\"", "twice"},
    {"\"LINUX\", \"CONTAINER\"", "", "1 to 32"},
    {"\"2s\"", "\"2 seconds\"", "not a duration"},
    {"${vars.port}/metrics", "${vars.prot}/metrics", "vars.prot"},
    {"${vars.port}/metrics", "$port/metrics", "$$"},
    {"http = \"http:", "http = \"https:", "http://"},
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
    {"[stop]", "[stop]\nsize = 3", "unknown field 'stop.size'"},
    {"[limits]", "[limits", "manifest.toml:"},
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
