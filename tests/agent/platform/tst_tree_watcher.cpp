// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "agent/platform/background_thread.h"
#include "agent/platform/linux/linux_tree_watcher.h"

namespace ifrit::tests {

namespace {

namespace fs = std::filesystem;

using agent::platform::LinuxTreeWatcher;
using agent::platform::TreeChanges;

constexpr std::chrono::milliseconds kLong{20'000};

struct Change {
    const char* name;
    std::function<void(const fs::path&)> act;
};

const std::vector<Change>& changes() {
    static const std::vector<Change> kChanges{
        {"a write", [](const fs::path& root) { std::ofstream(root / "a/b/file") << "x"; }},
        {"a new file", [](const fs::path& root) { std::ofstream(root / "a/new"); }},
        {"a removed file", [](const fs::path& root) { fs::remove(root / "a/b/file"); }},
        {"a mode",
         [](const fs::path& root) { fs::permissions(root / "a/b/file", fs::perms(0600)); }},
        {"the mode of the root",
         [](const fs::path& root) { fs::permissions(root, fs::perms(0700)); }},
        {"a rename over it",
         [](const fs::path& root) {
             std::ofstream(root.parent_path() / "other");
             fs::rename(root.parent_path() / "other", root / "a/b/file");
         }},
        {"the root is gone", [](const fs::path& root) { fs::remove_all(root); }},
    };
    return kChanges;
}

}  // namespace

class TreeWatcherTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    fs::path m_root;

    static std::set<std::string> waitFor(LinuxTreeWatcher& watcher) {
        return watcher.wait(kLong).roots;
    }

private Q_SLOTS:
    void init() {
        m_directory = std::make_unique<QTemporaryDir>();
        m_root = fs::path(m_directory->path().toStdString()) / "tree";
        fs::create_directories(m_root / "a/b");
        std::ofstream(m_root / "a/b/file");
    }

    void changesAreNoticed_data() {
        QTest::addColumn<int>("index");
        for (int i = 0; i < static_cast<int>(changes().size()); ++i)
            QTest::addRow("%s", changes()[static_cast<std::size_t>(i)].name) << i;
    }
    void changesAreNoticed() {
        QFETCH(int, index);
        const auto watcher = LinuxTreeWatcher::create();
        QVERIFY(watcher.ok() && (*watcher)->watch(m_root.string()).ok());
        QVERIFY((*watcher)->wait(std::chrono::milliseconds(0)).roots.empty());
        changes()[static_cast<std::size_t>(index)].act(m_root);
        QVERIFY(waitFor(**watcher) == std::set<std::string>{m_root.string()});
    }

    void readingIsNoChange() {
        const auto watcher = LinuxTreeWatcher::create();
        QVERIFY((*watcher)->watch(m_root.string()).ok());
        std::ifstream(m_root / "a/b/file").get();
        QVERIFY((*watcher)->wait(std::chrono::milliseconds(50)).roots.empty());
    }

    void directoriesThatCameLaterAreWatchedAfterAsking() {
        const auto watcher = LinuxTreeWatcher::create();
        QVERIFY((*watcher)->watch(m_root.string()).ok());
        fs::create_directories(m_root / "later");
        QVERIFY(!waitFor(**watcher).empty());
        QVERIFY((*watcher)->watch(m_root.string()).ok());
        std::ofstream(m_root / "later/file");
        QVERIFY(!waitFor(**watcher).empty());
    }

    void aForgottenTreeIsSilent() {
        const auto watcher = LinuxTreeWatcher::create();
        QVERIFY((*watcher)->watch(m_root.string()).ok());
        (*watcher)->forget(m_root.string());
        std::ofstream(m_root / "a/new");
        QVERIFY((*watcher)->wait(std::chrono::milliseconds(50)).roots.empty());
    }

    void overTheLimitNothingOfTheTreeIsWatched() {
        const auto watcher = LinuxTreeWatcher::create(2);
        const absl::Status status = (*watcher)->watch(m_root.string());
        QCOMPARE(base::errorInfo(status).reason, std::string("WATCHES_EXHAUSTED"));
        std::ofstream(m_root / "new");
        QVERIFY((*watcher)->wait(std::chrono::milliseconds(50)).roots.empty());
        QVERIFY2((*watcher)->watch((m_root / "a/b").string()).ok(), "the room was given back");
    }

    void lostNoticesAreTold() {
        const auto watcher = LinuxTreeWatcher::create();
        QVERIFY((*watcher)->watch(m_root.string()).ok());
        std::ifstream limit("/proc/sys/fs/inotify/max_queued_events");
        int most = 0;
        QVERIFY(limit >> most);
        // Two different names in turn, because equal notices in a row are one.
        for (int i = 0; i <= most / 2; ++i) {
            fs::permissions(m_root / "a", fs::perms(0755));
            fs::permissions(m_root / "a/b", fs::perms(0755));
        }
        QVERIFY((*watcher)->wait(kLong).lost);
    }

    void anotherThreadEndsTheWait() {
        const auto watcher = LinuxTreeWatcher::create();
        std::thread other([&] { (*watcher)->wake(); });
        const TreeChanges found = (*watcher)->wait(kLong);
        other.join();
        QVERIFY(found.roots.empty() && !found.lost);
    }

    void aBackgroundThreadIsTheLastInLine() {
        const int own = ::getpriority(PRIO_PROCESS, 0);
        int priority = 0;
        long io = 0;
        absl::Status status;
        std::thread([&] {
            status = agent::platform::becomeBackgroundThread();
            priority = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)));
            io = ::syscall(SYS_ioprio_get, 1, 0);
        }).join();
        QVERIFY2(status.ok(), status.ToString().c_str());
        QCOMPARE(priority, 19);
        QCOMPARE(io >> 13, 3L);
        QCOMPARE(::getpriority(PRIO_PROCESS, 0), own);
    }
};

}  // namespace ifrit::tests

QTEST_GUILESS_MAIN(ifrit::tests::TreeWatcherTest)
#include "tst_tree_watcher.moc"
