// SPDX-License-Identifier: Apache-2.0
// faults.md C5 and A13 on real files.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>

#include "agent/integrity/drift.h"
#include "agent/integrity/tree_scanner.h"
#include "shared/crypto/sha256.h"

namespace ifrit::tests {

namespace {

namespace fs = std::filesystem;

using agent::integrity::Depth;
using agent::integrity::Drift;
using agent::integrity::DriftKind;
using agent::integrity::ObservedTree;
using agent::integrity::TreeScanner;
using agent::integrity::VerifiedStamps;
using Kind = domain::FileEntry::Kind;

/// A clock of which the test says how far it is ahead: stamps are believed only after a while.
class ShiftedClock final : public base::Clock {
public:
    std::chrono::milliseconds ahead{0};
    base::WallTime now() const override { return m_system.now() + ahead; }
    base::SteadyTime steadyNow() const override { return m_system.steadyNow(); }

private:
    const base::SystemClock m_system{};
};

}  // namespace

class TreeScannerTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    fs::path m_root;
    domain::Manifest m_manifest;
    VerifiedStamps m_stamps;
    ShiftedClock m_clock;

    void install(const std::string& path, const std::string& content, std::uint32_t mode) {
        fs::create_directories((m_root / path).parent_path());
        std::ofstream(m_root / path) << content;
        fs::permissions(m_root / path, fs::perms(mode));
        m_manifest.files.push_back(
            {path, Kind::Regular, content.size(), crypto::sha256Hex(content), mode, ""});
    }
    absl::StatusOr<ObservedTree> scan(Depth depth, std::uint64_t* bytes = nullptr) {
        TreeScanner scanner(m_clock, [](std::size_t) { return true; });
        auto tree = scanner.scan(m_root.string(), m_manifest, depth, m_stamps);
        if (bytes != nullptr) *bytes = scanner.bytesRead();
        return tree;
    }
    std::vector<Drift> drift(Depth depth = Depth::Full) {
        const auto tree = scan(depth);
        if (!tree.ok()) qFatal("%s", tree.status().ToString().c_str());
        return findDrift(m_manifest, *tree, {::geteuid(), ::getegid()});
    }
    static std::vector<std::pair<DriftKind, std::string>> kinds(const std::vector<Drift>& drifts) {
        std::vector<std::pair<DriftKind, std::string>> out;
        for (const Drift& one : drifts)
            out.emplace_back(one.kind, one.path);
        return out;
    }
    using Kinds = std::vector<std::pair<DriftKind, std::string>>;

private Q_SLOTS:
    void init() {
        m_directory = std::make_unique<QTemporaryDir>();
        m_root = fs::path(m_directory->path().toStdString()) / "version";
        m_manifest = domain::Manifest();
        m_stamps = VerifiedStamps();
        m_clock.ahead = std::chrono::milliseconds(0);
        install("bin/app", std::string(700'000, 'a'), 0755);
        install("etc/app.toml", "x = 1\n", 0644);
        fs::create_symlink("bin/app", m_root / "run");
        m_manifest.files.push_back({"run", Kind::Symlink, 0, "", 0, "bin/app"});
        for (const char* directory : {"", "bin", "etc"})
            fs::permissions(m_root / directory, fs::perms(0755));
    }

    void anInstalledTreeIsIntact() {
        std::uint64_t bytes = 0;
        QVERIFY(scan(Depth::Full, &bytes).ok());
        QCOMPARE(bytes, std::uint64_t(700'006));
        QVERIFY(drift().empty());
    }

    void eachChangeIsFound() {
        std::ofstream(m_root / "bin/app", std::ios::in) << "b";
        QVERIFY(kinds(drift()) == (Kinds{{DriftKind::Changed, "bin/app"}}));
        fs::remove(m_root / "etc/app.toml");
        fs::permissions(m_root / "bin", fs::perms(0777));
        fs::remove(m_root / "run");
        fs::create_symlink("/etc/passwd", m_root / "run");
        std::ofstream(m_root / "bin/evil") << "x";
        QCOMPARE(::mkfifo((m_root / "etc/pipe").c_str(), 0600), 0);
        QVERIFY(kinds(drift()) == (Kinds{{DriftKind::Mode, "bin"},
                                         {DriftKind::Changed, "bin/app"},
                                         {DriftKind::Added, "bin/evil"},
                                         {DriftKind::Missing, "etc/app.toml"},
                                         {DriftKind::Added, "etc/pipe"},
                                         {DriftKind::Changed, "run"}}));
    }

    void anAbsentVersionIsMissing() {
        fs::remove_all(m_root);
        QCOMPARE(drift().size(), std::size_t(3));
        QVERIFY(drift()[0].kind == DriftKind::Missing);
    }

    void aLinkInPlaceOfADirectoryIsNotFollowed() {
        fs::rename(m_root / "bin", m_root.parent_path() / "outside");
        fs::create_symlink("../outside", m_root / "bin");
        QVERIFY(kinds(drift()) ==
                (Kinds{{DriftKind::Changed, "bin"}, {DriftKind::Missing, "bin/app"}}));
    }

    void aFifoInPlaceOfAFileDoesNotBlock() {
        fs::remove(m_root / "bin/app");
        QCOMPARE(::mkfifo((m_root / "bin/app").c_str(), 0755), 0);
        QVERIFY(kinds(drift()) == (Kinds{{DriftKind::Changed, "bin/app"}}));
    }

    void whatLooksTheSameIsReadByTheFullScanOnly() {
        m_clock.ahead = std::chrono::seconds(5);
        std::uint64_t bytes = 0;
        QVERIFY(scan(Depth::Full).ok());
        QVERIFY(scan(Depth::Changed, &bytes).ok());
        QCOMPARE(bytes, std::uint64_t(0));
        QVERIFY(drift(Depth::Changed).empty());
        QVERIFY(scan(Depth::Full, &bytes).ok());
        QCOMPARE(bytes, std::uint64_t(700'006));

        // A write shows in the stamp, also with the old times put back.
        struct stat before {};
        QCOMPARE(::stat((m_root / "bin/app").c_str(), &before), 0);
        std::ofstream(m_root / "bin/app", std::ios::in) << "b";
        const timespec times[] = {before.st_atim, before.st_mtim};
        QCOMPARE(::utimensat(AT_FDCWD, (m_root / "bin/app").c_str(), times, 0), 0);
        QVERIFY(kinds(drift(Depth::Changed)) == (Kinds{{DriftKind::Changed, "bin/app"}}));
        QVERIFY(kinds(drift(Depth::Changed)) == (Kinds{{DriftKind::Changed, "bin/app"}}));
    }

    void aFreshFileIsNotTrustedByItsStamp() {
        std::uint64_t bytes = 0;
        QVERIFY(scan(Depth::Full).ok());
        QVERIFY(scan(Depth::Changed, &bytes).ok());
        QCOMPARE(bytes, std::uint64_t(700'006));
    }

    void aFileSwappedWhileItIsReadIsHashedAsOpened() {
        // The name means another file as soon as the first bytes were asked for; what is told is
        // the file that was opened, never a mixture.
        const fs::path app = m_root / "bin/app";
        const fs::path other = m_root.parent_path() / "other";
        std::ofstream(other) << std::string(700'000, 'e');
        fs::permissions(other, fs::perms(0755));
        bool swapped = false;
        TreeScanner scanner(m_clock, [&](std::size_t bytes) {
            if (bytes > 100'000 && !swapped) {
                swapped = true;
                fs::rename(other, app);
            }
            return true;
        });
        const auto tree = scanner.scan(m_root.string(), m_manifest, Depth::Full, m_stamps);
        QVERIFY(tree.ok() && swapped);
        QCOMPARE(tree->at("bin/app").sha256, crypto::sha256Hex(std::string(700'000, 'a')));
        QVERIFY(kinds(drift(Depth::Changed)) == (Kinds{{DriftKind::Changed, "bin/app"}}));
    }

    void theDeepAndTheManyAreBounded() {
        fs::path deep = m_root / "deep";
        for (int i = 0; i < TreeScanner::kMaxDepth + 5; ++i)
            deep /= "d";
        fs::create_directories(deep);
        fs::create_directory(m_root / "many");
        for (std::size_t i = 0; i < TreeScanner::kMaxUnlisted + 50; ++i)
            std::ofstream(m_root / "many" / std::to_string(i));
        const std::vector<Drift> found = drift();
        QCOMPARE(found.size(), TreeScanner::kMaxUnlisted + 1);
        QCOMPARE(found[0].path.substr(0, 7), std::string("deep/d/"));
        QVERIFY(kinds(found).back().first == DriftKind::Added);
    }

    void thePaceEndsIt() {
        int calls = 0;
        TreeScanner scanner(m_clock, [&](std::size_t) { return ++calls < 4; });
        const auto tree = scanner.scan(m_root.string(), m_manifest, Depth::Full, m_stamps);
        QVERIFY(absl::IsCancelled(tree.status()));
        QCOMPARE(calls, 4);
    }
};

}  // namespace ifrit::tests

QTEST_GUILESS_MAIN(ifrit::tests::TreeScannerTest)
#include "tst_tree_scanner.moc"
