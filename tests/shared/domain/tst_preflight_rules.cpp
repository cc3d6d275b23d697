// SPDX-License-Identifier: Apache-2.0
// What a package is held against on the machine, and in a master's plan before it.
#include <QTest>

#include "shared/domain/preflight_rules.h"

using namespace ifrit;

namespace {

domain::Manifest aManifest() {
    domain::Manifest manifest;
    manifest.name = "exporter";
    manifest.version = "1";
    manifest.machineTypes = {"LINUX", "ARM64"};
    manifest.preflight.minKernel = "6.1";
    manifest.preflight.minGlibc = "2.36";
    manifest.preflight.conflicts = {"logger"};
    return manifest;
}

domain::KnownOfMachine aMachine() {
    domain::KnownOfMachine machine;
    machine.machineType = "LINUX";
    machine.kernel = "6.1.0-18-amd64";
    machine.libc = "glibc 2.36";
    machine.installed = {"metrics"};
    return machine;
}

std::string reasonOf(const domain::KnownOfMachine& machine) {
    const auto refusal = domain::preflightRefusal(aManifest(), machine);
    return refusal ? refusal->reason : std::string();
}

}  // namespace

class TestPreflightRules : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachRuleHasItsReason() {
        QCOMPARE(reasonOf(aMachine()), std::string());
        auto machine = aMachine();
        machine.kernel = "5.10.0";
        QCOMPARE(reasonOf(machine), std::string("PREFLIGHT_KERNEL"));
        machine = aMachine();
        machine.libc = "glibc 2.31";
        QCOMPARE(reasonOf(machine), std::string("PREFLIGHT_LIBC"));
        machine.libc = "";
        QCOMPARE(reasonOf(machine), std::string("PREFLIGHT_LIBC"));
        machine = aMachine();
        machine.installed.insert("logger");
        QCOMPARE(reasonOf(machine), std::string("PREFLIGHT_CONFLICT"));
        machine = aMachine();
        machine.refusedBy = {"metrics"};
        QCOMPARE(reasonOf(machine), std::string("PREFLIGHT_CONFLICT"));
        machine = aMachine();
        machine.machineType = "CONTAINER";
        QCOMPARE(reasonOf(machine), std::string("PREFLIGHT_TYPE"));
        machine = aMachine();
        machine.withdrawnBelow = 1;
        QCOMPARE(reasonOf(machine), std::string("PACKAGE_WITHDRAWN"));
    }

    // A master has heard nothing of a machine that has only joined.
    void whatIsNotKnownStandsAgainstNothing() {
        domain::KnownOfMachine machine;
        machine.machineType = "LINUX";
        QCOMPARE(reasonOf(machine), std::string());
        machine.kernel = "";
        QCOMPARE(reasonOf(machine), std::string("PREFLIGHT_KERNEL"));
    }

    void theSentenceNamesBoth() {
        auto machine = aMachine();
        machine.kernel = "5.10.0";
        QCOMPARE(domain::preflightRefusal(aManifest(), machine)->message,
                 std::string("needs kernel 6.1 or newer, this machine has 5.10.0"));
    }

    void versionsCompareByNumbers_data() {
        QTest::addColumn<QByteArray>("actual");
        QTest::addColumn<QByteArray>("minimum");
        QTest::addColumn<bool>("enough");
        QTest::newRow("equal") << QByteArray("5.10") << QByteArray("5.10") << true;
        QTest::newRow("not by text") << QByteArray("5.10") << QByteArray("5.9") << true;
        QTest::newRow("older") << QByteArray("5.9.99") << QByteArray("5.10") << false;
        QTest::newRow("suffix") << QByteArray("6.1.0-18-amd64") << QByteArray("6.1") << true;
        QTest::newRow("shorter") << QByteArray("6") << QByteArray("6.1") << false;
        QTest::newRow("unreadable") << QByteArray("") << QByteArray("1") << false;
    }
    void versionsCompareByNumbers() {
        QFETCH(QByteArray, actual);
        QFETCH(QByteArray, minimum);
        QFETCH(bool, enough);
        QCOMPARE(domain::isAtLeast(actual.toStdString(), minimum.toStdString()), enough);
    }
};

QTEST_GUILESS_MAIN(TestPreflightRules)
#include "tst_preflight_rules.moc"
