// SPDX-License-Identifier: Apache-2.0
// Families over a proc(5) that the test has written: at the instants that no real one can be held
// at.
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>

#include "agent/platform/linux/linux_process_table.h"

namespace ifrit::tests {

using namespace agent::platform;

constexpr std::int32_t kRoot = 100;
constexpr std::int32_t kChild = 200;
constexpr std::int32_t kOther = 300;
constexpr std::int32_t kInit = 1;
constexpr char kBoot[] = "a-boot";

class ProcessNumbersTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;

    std::filesystem::path proc() const { return m_directory->path().toStdString(); }
    static std::uint64_t startOf(std::int32_t pid) { return static_cast<std::uint64_t>(pid) * 10; }
    /// `children` is what was true when the list was made.
    void add(std::int32_t pid, std::int32_t parent, const std::string& children = "") {
        const std::string number = std::to_string(pid);
        const std::filesystem::path own = proc() / number;
        std::filesystem::create_directories(own / "task" / number);
        std::ofstream(own / "task" / number / "children") << children;
        std::ofstream(own / "stat")
            << number << " (app) S " << parent << ' ' << number << ' ' << number
            << " 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " << startOf(pid) << " 0 1 0\n";
    }
    std::vector<std::int32_t> family(const std::vector<ProcessId>& known = {}) const {
        const LinuxProcessTable table(proc().string());
        const auto found = table.family({kRoot, startOf(kRoot), kBoot}, known, nullptr);
        std::vector<std::int32_t> pids;
        if (!found.ok()) return pids;
        for (const ProcessUse& use : *found)
            pids.push_back(use.id.pid);
        return pids;
    }
    using Pids = std::vector<std::int32_t>;

private Q_SLOTS:
    void init() {
        m_directory = std::make_unique<QTemporaryDir>();
        std::filesystem::create_directories(proc() / "sys/kernel/random");
        std::ofstream(proc() / "sys/kernel/random/boot_id") << kBoot << '\n';
        add(kInit, 0);
    }

    void aFamilyIsRead() {
        add(kRoot, kInit, "200 300 ");
        add(kChild, kRoot, "");
        add(kOther, kRoot, "");
        QCOMPARE(family(), (Pids{kRoot, kChild, kOther}));
    }

    /// The child had ended when it was read, and its number was of another by then: one that would
    /// be remembered as the agent's, and killed at its end.
    void aNumberUsedAgainIsNobodysChild() {
        add(kRoot, kInit, "200 ");
        add(kChild, kInit, "300 ");
        add(kOther, kChild, "");
        QCOMPARE(family(), Pids{kRoot});
    }

    void aGrandchildsNumberUsedAgainIsNobodysChild() {
        add(kRoot, kInit, "200 ");
        add(kChild, kRoot, "300 ");
        add(kOther, kInit, "");
        QCOMPARE(family(), (Pids{kRoot, kChild}));
    }

    void whoWasKnownIsNotWhoHasItsNumber() {
        add(kRoot, kInit);
        add(kOther, kInit);
        QCOMPARE(family({{kOther, startOf(kOther), kBoot}}), (Pids{kRoot, kOther}));
        QCOMPARE(family({{kOther, startOf(kOther) - 1, kBoot}}), Pids{kRoot});
        QCOMPARE(family({{kOther, startOf(kOther), "another-boot"}}), Pids{kRoot});
    }
};

}  // namespace ifrit::tests

using ifrit::tests::ProcessNumbersTest;
QTEST_GUILESS_MAIN(ProcessNumbersTest)
#include "tst_process_numbers.moc"
