// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <dlfcn.h>

#include <QTemporaryDir>
#include <QTest>
#include <cerrno>
#include <filesystem>
#include <fstream>

#include "agent/package/manifest_store.h"
#include "agent/package/package_cache.h"

namespace {

/// After so many entries the disk fails; below 0: it never does.
int g_entriesLeft = -1;

}  // namespace

/// In place of the C library's, also for std::filesystem.
extern "C" dirent* readdir(DIR* directory) {
    static const auto real = reinterpret_cast<dirent* (*)(DIR*)>(::dlsym(RTLD_NEXT, "readdir"));
    if (g_entriesLeft == 0) {
        errno = EIO;
        return nullptr;
    }
    if (g_entriesLeft > 0) --g_entriesLeft;
    return real(directory);
}

namespace ifrit::tests {

namespace fs = std::filesystem;

/// A disk that fails in the middle of a directory must not end ifrit-agent.
class FailingListsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() {
        m_directory = std::make_unique<QTemporaryDir>();
        m_root = m_directory->path().toStdString();
        fs::create_directories(m_root + "/agents/exporter/manifests");
        fs::create_directories(m_root + "/cache");
        for (const char digit : {'a', 'b', 'c', 'd', 'e', 'f'}) {
            const std::string digest(64, digit);
            std::ofstream(m_root + "/agents/exporter/manifests/" + digest + ".toml") << "x";
            std::ofstream(m_root + "/cache/" + digest + ".tar.zst") << "x";
        }
    }
    void cleanup() { g_entriesLeft = -1; }

    void aDiskThatFailsIsAnErrorAndNoEnd_data() {
        QTest::addColumn<int>("entries");
        // The directory itself and the one above are entries too.
        for (const int entries : {0, 1, 2, 3, 5})
            QTest::addRow("after %d", entries) << entries;
    }
    void aDiskThatFailsIsAnErrorAndNoEnd() {
        QFETCH(int, entries);
        const agent::package::ManifestStore manifests(m_root + "/agents");
        const agent::package::PackageCache cache(m_root + "/cache");
        const auto failing = [entries](const auto& read) {
            g_entriesLeft = entries;
            const auto result = read();
            g_entriesLeft = -1;
            return result;
        };
        QVERIFY(absl::IsInternal(failing([&] { return manifests.digests("exporter").status(); })));
        QVERIFY(failing([&] { return manifests.readableDigests("exporter"); }).empty());
        QVERIFY(absl::IsInternal(failing([&] { return cache.archives().status(); })));
        // What was not seen may be what is needed.
        QVERIFY(absl::IsInternal(failing([&] { return cache.keepOnly({}); })));
        QCOMPARE(cache.archives()->size(), std::size_t(6));
        QCOMPARE(manifests.digests("exporter")->size(), std::size_t(6));
    }

    void anAgentWithoutManifestsHasNone() {
        const agent::package::ManifestStore manifests(m_root + "/agents");
        QVERIFY(manifests.digests("other").ok() && manifests.digests("other")->empty());
    }

private:
    std::unique_ptr<QTemporaryDir> m_directory;
    std::string m_root;
};

}  // namespace ifrit::tests

using ifrit::tests::FailingListsTest;
QTEST_GUILESS_MAIN(FailingListsTest)
#include "tst_failing_lists.moc"
