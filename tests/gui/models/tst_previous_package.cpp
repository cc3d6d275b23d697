// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/models/previous_package.h"

using namespace ifrit;
using gui::models::previousOf;
using gui::services::PackageInfo;

namespace {

PackageInfo package(const std::string& version, std::vector<std::string> types,
                    const std::string& agent = "logd") {
    PackageInfo out;
    out.agent = agent;
    out.version = version;
    out.machineTypes = std::move(types);
    out.manifestDigest = agent + version + out.machineTypes.front();
    return out;
}

/// "4.9 for LINUX,ARM64".
QStringList textsOf(const PackageInfo& of, const std::vector<PackageInfo>& candidates) {
    QStringList out;
    for (const auto& one : previousOf(of, candidates)) {
        QStringList types;
        for (const std::string& type : one.machineTypes)
            types << QString::fromStdString(type);
        out << QString::fromStdString(one.package.version) + QStringLiteral(" for ") +
                   types.join(QLatin1Char(','));
    }
    return out;
}

}  // namespace

class TestPreviousPackage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theNewestOlderOne();
    void neitherAnotherAgentNorAnotherType();
    void eachTypeHasItsOwn();
    void theFirstHasNone();
};

void TestPreviousPackage::theNewestOlderOne() {
    const PackageInfo it = package("4.10", {"LINUX"});
    QCOMPARE(textsOf(it, {package("4.2", {"LINUX"}), package("4.9", {"LINUX"}),
                          package("4.11", {"LINUX"}), it, package("4.1", {"LINUX"})}),
             QStringList{QStringLiteral("4.9 for LINUX")});
}

void TestPreviousPackage::neitherAnotherAgentNorAnotherType() {
    QCOMPARE(textsOf(package("4.10", {"LINUX"}),
                     {package("4.9", {"LINUX"}, "other"), package("4.8", {"ARM64"}),
                      package("4.7", {"ARM64", "LINUX"})}),
             QStringList{QStringLiteral("4.7 for LINUX")});
}

void TestPreviousPackage::eachTypeHasItsOwn() {
    QCOMPARE(
        textsOf(package("4.10", {"ARM64", "LINUX", "CONTAINER", "NEW"}),
                {package("4.9", {"ARM64"}), package("4.8", {"LINUX", "CONTAINER"})}),
        (QStringList{QStringLiteral("4.8 for LINUX,CONTAINER"), QStringLiteral("4.9 for ARM64")}));
}

void TestPreviousPackage::theFirstHasNone() {
    QCOMPARE(
        textsOf(package("4.1", {"LINUX"}), {package("4.1", {"LINUX"}), package("4.2", {"LINUX"})}),
        QStringList());
}

QTEST_GUILESS_MAIN(TestPreviousPackage)
#include "tst_previous_package.moc"
