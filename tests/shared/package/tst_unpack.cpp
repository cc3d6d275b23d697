// SPDX-License-Identifier: Apache-2.0
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>

#include "shared/base/atomic_file.h"
#include "shared/base/status.h"
#include "shared/crypto/sha256.h"
#include "shared/package/archive_reader.h"
#include "shared/package/unpack.h"
#include "tests/shared/package/a_manifest.h"
#include "tests/support/fault_row.h"

namespace ifrit::package {
namespace {

namespace fs = std::filesystem;

struct Member {
    std::string path;
    std::string content;
    unsigned type = AE_IFREG;
    std::string target = {};
    bool hardlink = false;
    unsigned mode = 0644;
};

/// Writes whatever it is told to, as an attacker's tool would.
void writeHostile(const fs::path& path, const std::vector<Member>& members) {
    archive* out = archive_write_new();
    archive_write_set_format_pax_restricted(out);
    archive_write_add_filter_zstd(out);
    archive_write_open_filename(out, path.c_str());
    for (const Member& member : members) {
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, member.path.c_str());
        archive_entry_set_filetype(entry, member.type);
        archive_entry_set_perm(entry, static_cast<mode_t>(member.mode));
        archive_entry_set_size(entry, static_cast<la_int64_t>(member.content.size()));
        if (member.type == AE_IFLNK) archive_entry_set_symlink(entry, member.target.c_str());
        if (member.hardlink) archive_entry_set_hardlink(entry, member.target.c_str());
        archive_write_header(out, entry);
        archive_write_data(out, member.content.data(), member.content.size());
        archive_entry_free(entry);
    }
    archive_write_close(out);
    archive_write_free(out);
}

class Nothing final : public EntrySink {
public:
    absl::Status begin(const domain::FileEntry&) override { return absl::OkStatus(); }
    absl::Status data(std::string_view) override { return absl::OkStatus(); }
    absl::Status end(const domain::FileEntry&) override { return absl::OkStatus(); }
};

domain::FileEntry regular(const std::string& path, const std::string& content) {
    return {path,           domain::FileEntry::Kind::Regular,
            content.size(), crypto::sha256Hex(content),
            0644,           ""};
}

}  // namespace

class TestUnpack : public QObject {
    Q_OBJECT
    int m_refused = 0;

private Q_SLOTS:
    void init() {
        m_directory = std::make_unique<QTemporaryDir>();
        m_root = m_directory->path().toStdString();
        m_manifest = aManifest();
        m_manifest.files = {regular("a/b/one", "first"), regular("two", std::string(200'000, '2'))};
        m_good = {{"a/b/one", "first"}, {"two", std::string(200'000, '2')}};
    }

    void unpacksExactlyWhatIsListed() {
        QVERIFY2(unpack(m_good).ok(), "good archive");
        QCOMPARE(*base::readFile((m_root / "out/a/b/one").string(), 100), std::string("first"));
        struct stat info {};
        QCOMPARE(stat((m_root / "out/two").c_str(), &info), 0);
        QCOMPARE(info.st_mode & 07777U, 0644U);
        QCOMPARE(*crypto::sha256File(m_root / "out/two"), m_manifest.files[1].sha256);
    }

    void someFilesCanBeUnpackedAlone() {
        writeHostile(m_root / "p.tar.zst", m_good);
        describe();
        QVERIFY(unpackFiles(m_root / "p.tar.zst", m_manifest, {"two"}, m_root / "out").ok());
        QVERIFY(fs::exists(m_root / "out/two") && !fs::exists(m_root / "out/a"));
    }

    void whatIsNotWantedIsCheckedToo() {
        std::vector<Member> members = m_good;
        members[0].content = "FIRST";
        writeHostile(m_root / "p.tar.zst", members);
        describe();
        const absl::Status status =
            unpackFiles(m_root / "p.tar.zst", m_manifest, {"two"}, m_root / "out");
        QCOMPARE(base::errorInfo(status).reason, std::string("PACKAGE_ARCHIVE"));
        QVERIFY(!fs::exists(m_root / "out"));
    }

    void linksAreMadeAsListed() {
        m_manifest.files.push_back({"a/link", domain::FileEntry::Kind::Symlink, 0, "", 0, "b/one"});
        m_good.push_back({"a/link", "", AE_IFLNK, "b/one"});
        QVERIFY(unpack(m_good).ok());
        QCOMPARE(fs::read_symlink(m_root / "out/a/link").string(), std::string("b/one"));
    }

    void foldersCanBeEnteredWhateverTheUmask() {
        const mode_t before = umask(0077);
        const absl::Status status = unpack(m_good);
        umask(before);
        QVERIFY(status.ok());
        // The agent may run as another user than the one who unpacked it.
        for (const char* folder : {"out", "out/a", "out/a/b"}) {
            struct stat info {};
            QCOMPARE(stat((m_root / folder).c_str(), &info), 0);
            QCOMPARE(info.st_mode & 07777U, 0755U);
        }
    }

    void hostileArchivesAreRefused_data() {
        QTest::addColumn<int>("index");
        for (int i = 0; i < static_cast<int>(std::size(kHostile)); ++i) {
            QTest::addRow("%s", kHostile[i].name) << i;
        }
    }
    void hostileArchivesAreRefused() {
        QFETCH(int, index);
        std::vector<Member> members = m_good;
        kHostile[index].change(members);
        const absl::Status status = unpack(members);
        QVERIFY2(!status.ok(), kHostile[index].name);
        QCOMPARE(base::errorInfo(status).reason, std::string("PACKAGE_ARCHIVE"));
        QVERIFY2(!fs::exists(m_root / "out"), "something was left behind");
        QVERIFY2(!fs::exists(m_root / "evil") && !fs::exists("/tmp/ifrit-evil"), "it climbed out");
        ++m_refused;
    }
    void hostileArchivesAreCounted() {
        const int all = static_cast<int>(std::size(kHostile));
        tests::printFaultRow("C1", "hostile archives", m_refused, all, "refused");
        QCOMPARE(m_refused, all);
    }

    void aBombStopsAtTheDeclaredSize() {
        // 64 MiB of zeros behind a manifest that says 10 bytes: refused by the header, unread.
        m_manifest.files = {regular("zeros", "0123456789")};
        const std::string zeros(64U << 20, '\0');
        const absl::Status status = unpack({{"zeros", zeros}});
        QCOMPARE(base::errorInfo(status).reason, std::string("PACKAGE_ARCHIVE"));
    }

    void anArchiveWithAnotherDigestIsRefused() {
        writeHostile(m_root / "p.tar.zst", m_good);
        describe();
        m_manifest.archiveSha256 = std::string(64, '0');
        const absl::Status status = unpackArchive(m_root / "p.tar.zst", m_manifest, m_root / "out");
        QCOMPARE(base::errorInfo(status).reason, std::string("PACKAGE_DIGEST"));
        QVERIFY(!fs::exists(m_root / "out"));
    }

    void aDiskThatCannotBeReadIsNotABadPackage() {
        // The archive lies in memory before a page that cannot be read: pread() gives EIO there,
        // as a failing disk does, once while files are read and once behind the last of them.
        // The second file makes the tar a whole number of libarchive's 128 KiB blocks, so that it
        // does not read ahead and what is behind the last file is read for the digest alone.
        const std::string filling(640 * 1024 - 2560, '2');
        m_manifest.files[1] = regular("two", filling);
        writeHostile(m_root / "p.tar.zst", {m_good[0], {"two", filling}});
        const std::string bytes = *base::readFile((m_root / "p.tar.zst").string(), 1U << 20);
        const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        const std::size_t readable = 128 * 1024;
        QVERIFY(readable % page == 0 && bytes.size() < readable);
        void* memory = mmap(nullptr, readable + page, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        QVERIFY(memory != MAP_FAILED);
        QCOMPARE(munmap(static_cast<char*>(memory) + readable, page), 0);
        const int fd = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
        QVERIFY(fd >= 0);
        m_manifest.archiveSizeBytes = readable + 100;
        for (const std::size_t at : {std::size_t{0}, readable - bytes.size() / 2}) {
            std::memset(memory, 0, readable);
            std::memcpy(static_cast<char*>(memory) + at, bytes.data(),
                        std::min(bytes.size(), readable - at));
            FileRange range{fd, reinterpret_cast<std::uintptr_t>(memory) + at, readable + 100 - at,
                            "p"};
            m_manifest.archiveSizeBytes = range.size;
            Nothing sink;
            const absl::Status status = walkPayload(range, m_manifest, sink);
            QVERIFY2(base::errorInfo(status).reason == "SYSTEM", status.ToString().c_str());
        }
        close(fd);
        munmap(memory, readable);
    }

    void anExistingDestinationIsNotTouched() {
        fs::create_directory(m_root / "out");
        std::ofstream(m_root / "out/mine") << "kept";
        QVERIFY(!unpack(m_good).ok());
        QVERIFY(fs::exists(m_root / "out/mine"));
    }

private:
    struct Hostile {
        const char* name;
        std::function<void(std::vector<Member>&)> change;
    };
    static const Hostile kHostile[20];

    void describe() {
        m_manifest.archiveSizeBytes = fs::file_size(m_root / "p.tar.zst");
        m_manifest.archiveSha256 = *crypto::sha256File(m_root / "p.tar.zst");
    }
    absl::Status unpack(const std::vector<Member>& members) {
        writeHostile(m_root / "p.tar.zst", members);
        describe();
        return unpackArchive(m_root / "p.tar.zst", m_manifest, m_root / "out");
    }

    std::unique_ptr<QTemporaryDir> m_directory;
    fs::path m_root;
    domain::Manifest m_manifest;
    std::vector<Member> m_good;
};

const TestUnpack::Hostile TestUnpack::kHostile[20] = {
    {"absolute path", [](auto& m) { m[0].path = "/tmp/ifrit-evil"; }},
    {"climbs out", [](auto& m) { m[0].path = "../evil"; }},
    {"climbs out inside", [](auto& m) { m[0].path = "a/../../evil"; }},
    {"same file by another spelling", [](auto& m) { m[0].path = "./a/b/one"; }},
    {"symlink in place of a file",
     [](auto& m) {
         m[1] = {"two", "", AE_IFLNK, "/etc/passwd"};
     }},
    {"symlink, then a file below it",
     [](auto& m) {
         m.insert(m.begin(), {"a", "", AE_IFLNK, "/tmp"});
     }},
    {"hard link",
     [](auto& m) {
         m[1] = {"two", "", AE_IFREG, "/etc/passwd", true};
     }},
    {"character device",
     [](auto& m) {
         m[1] = {"two", "", AE_IFCHR};
     }},
    {"block device",
     [](auto& m) {
         m[1] = {"two", "", AE_IFBLK};
     }},
    {"fifo",
     [](auto& m) {
         m[1] = {"two", "", AE_IFIFO};
     }},
    {"directory in place of a file",
     [](auto& m) {
         m[1] = {"two", "", AE_IFDIR};
     }},
    {"not listed",
     [](auto& m) {
         m.push_back({"evil", "x"});
     }},
    {"listed twice", [](auto& m) { m.push_back(m[0]); }},
    {"missing", [](auto& m) { m.pop_back(); }},
    {"other content of the same size", [](auto& m) { m[0].content = "FIRST"; }},
    {"longer", [](auto& m) { m[0].content += "x"; }},
    {"shorter", [](auto& m) { m[0].content.pop_back(); }},
    {"setuid", [](auto& m) { m[0].mode = 04644; }},
    {"other mode than listed", [](auto& m) { m[0].mode = 0755; }},
    {"case-colliding twin",
     [](auto& m) {
         m.push_back({"TWO", "x"});
     }},
};

}  // namespace ifrit::package

QTEST_GUILESS_MAIN(ifrit::package::TestUnpack)
#include "tst_unpack.moc"
