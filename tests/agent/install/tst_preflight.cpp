// SPDX-License-Identifier: Apache-2.0
#include <QTcpServer>
#include <QTest>

#include "agent/install/preflight.h"
#include "shared/base/exhaustion.h"
#include "tests/agent/support/few_descriptors.h"

namespace ifrit::tests {
namespace {

using agent::install::PreflightFacts;

domain::Manifest aManifest() {
    domain::Manifest manifest;
    manifest.name = "exporter";
    manifest.version = "1";
    manifest.machineTypes = {"LINUX", "ARM64"};
    manifest.archiveSizeBytes = 1000;
    manifest.unpackedSizeBytes = 3000;
    manifest.files.resize(10);
    return manifest;
}

PreflightFacts goodFacts() {
    PreflightFacts facts;
    facts.machineType = "LINUX";
    facts.host.kernel = "6.1.0-18-amd64";
    facts.host.libc = "glibc 2.36";
    facts.space = {8'000'000, 10'000};
    facts.portIsFree = [](std::uint16_t) { return true; };
    return facts;
}

std::string verdict(const domain::Manifest& manifest, const PreflightFacts& facts) {
    const absl::Status status = agent::install::preflight(manifest, facts);
    return status.ok() ? "OK" : base::errorInfo(status).reason;
}

}  // namespace

class PreflightTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aFittingMachinePasses() { QCOMPARE(verdict(aManifest(), goodFacts()), std::string("OK")); }

    void whatWasWithdrawnIsNotTakenAgain() {
        auto facts = goodFacts();
        auto manifest = aManifest();
        facts.withdrawnBelow = 5;
        QCOMPARE(verdict(manifest, facts), std::string("PACKAGE_WITHDRAWN"));  // signed without
        manifest.index = 4;
        QCOMPARE(verdict(manifest, facts), std::string("PACKAGE_WITHDRAWN"));
        manifest.index = 5;
        QCOMPARE(verdict(manifest, facts), std::string("OK"));
    }

    void whatTheOthersSayCounts() {
        auto facts = goodFacts();
        auto manifest = aManifest();
        facts.installed = {"metrics"};
        QCOMPARE(verdict(manifest, facts), std::string("OK"));
        facts.refusedBy = {"metrics"};
        QCOMPARE(verdict(manifest, facts), std::string("PREFLIGHT_CONFLICT"));
        facts.refusedBy.clear();
        facts.ports = {9100};
        facts.claimed = {{9100, "metrics"}};
        QCOMPARE(verdict(manifest, facts), std::string("PREFLIGHT_PORT"));
        facts.ownPorts = {9100};  // the version before has it
        QCOMPARE(verdict(manifest, facts), std::string("OK"));
    }

    void theTypeMustFit() {
        auto facts = goodFacts();
        facts.machineType = "CONTAINER";
        QCOMPARE(verdict(aManifest(), facts), std::string("PREFLIGHT_TYPE"));
    }

    void kernelAndLibraryMustBeNewEnough() {
        auto manifest = aManifest();
        manifest.preflight.minKernel = "6.2";
        QCOMPARE(verdict(manifest, goodFacts()), std::string("PREFLIGHT_KERNEL"));
        manifest.preflight.minKernel = "5.10";
        manifest.preflight.minGlibc = "2.37";
        QCOMPARE(verdict(manifest, goodFacts()), std::string("PREFLIGHT_LIBC"));
        auto musl = goodFacts();
        musl.host.libc = "musl 1.2";
        manifest.preflight.minGlibc = "1.0";
        QCOMPARE(verdict(manifest, musl), std::string("PREFLIGHT_LIBC"));
    }

    void diskMustHoldBothVersions() {
        auto manifest = aManifest();
        manifest.preflight.diskBytes = 500;
        auto facts = goodFacts();
        constexpr std::uint64_t kSpare = 4 * 1024 * 1024;
        facts.space.bytes = kSpare + 4'499;
        QCOMPARE(verdict(manifest, facts), std::string("PREFLIGHT_DISK"));
        facts.space.bytes = kSpare + 4'500;
        QCOMPARE(verdict(manifest, facts), std::string("OK"));
        facts.space.bytes = kSpare + 500;
        facts.bytesOnDisk = 4'000;
        QCOMPARE(verdict(manifest, facts), std::string("OK"));
        facts.space.inodes = 73;
        QCOMPARE(verdict(manifest, facts), std::string("PREFLIGHT_DISK"));
        facts.space.inodes = 0;
        QCOMPARE(verdict(manifest, facts), std::string("PREFLIGHT_DISK"));
        facts.space.inodes.reset();  // a file system that makes them as it goes
        QCOMPARE(verdict(manifest, facts), std::string("OK"));
    }

    void conflictsAreNamed() {
        auto manifest = aManifest();
        manifest.preflight.conflicts = {"logger"};
        QCOMPARE(verdict(manifest, goodFacts()), std::string("OK"));
        auto facts = goodFacts();
        facts.installed = {"logger"};
        QCOMPARE(verdict(manifest, facts), std::string("PREFLIGHT_CONFLICT"));
    }

    void portsMustBeFreeOrOurs() {
        auto facts = goodFacts();
        facts.ports = {9100};
        facts.portIsFree = [](std::uint16_t) { return false; };
        QCOMPARE(verdict(aManifest(), facts), std::string("PREFLIGHT_PORT"));
        facts.ownPorts = {9100};
        QCOMPARE(verdict(aManifest(), facts), std::string("OK"));
    }

    void aListeningPortIsNotFree() {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost, 0));
        const std::uint16_t port = server.serverPort();
        QVERIFY(!*agent::install::tcpPortIsFree(port));
        server.close();
        QVERIFY(*agent::install::tcpPortIsFree(port));
    }

    /// faults.md D3: taken for free, one that is in use would convict the new version.
    void aPortThatNobodyCouldTryIsNotFree() {
        auto facts = goodFacts();
        facts.ports = {9100};
        facts.portIsFree = &agent::install::tcpPortIsFree;
        const FewDescriptors none(0);
        QVERIFY(base::isExhaustion(agent::install::preflight(aManifest(), facts)));
    }

    void portsAreNumbers() {
        QVERIFY(agent::install::parsePort("65535") == std::uint16_t(65535));
        for (const char* bad : {"", "0", "65536", "-1", "9100x", " 9100"})
            QVERIFY2(!agent::install::parsePort(bad), bad);
    }
};

}  // namespace ifrit::tests

using ifrit::tests::PreflightTest;
QTEST_GUILESS_MAIN(PreflightTest)
#include "tst_preflight.moc"
