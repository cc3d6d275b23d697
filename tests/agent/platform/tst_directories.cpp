// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "agent/platform/posix/posix_directories.h"

using namespace ifrit;
using agent::platform::PosixDirectories;

class DirectoriesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_temp = std::make_unique<QTemporaryDir>(); }
    void createsWithParents();
    void removesTreesAndKeepsWhatLinksPointTo();
    void renames();
    void switchesALink();
    void leftoverOfAKilledSwitchIsReplaced();
    void listsSorted();
    void tellsAndSetsTheOwnerOfADirectoryAlone();

private:
    std::string path(const std::string& name) const {
        return m_temp->path().toStdString() + '/' + name;
    }
    void write(const std::string& name) const {
        QFile file(QString::fromStdString(path(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("x");
    }
    bool exists(const std::string& name) const {
        struct stat found {};
        return ::lstat(path(name).c_str(), &found) == 0;
    }

    std::unique_ptr<QTemporaryDir> m_temp;
    PosixDirectories m_directories;
};

void DirectoriesTest::createsWithParents() {
    QVERIFY(m_directories.create(path("a/b/c"), 0750).ok());
    struct stat found {};
    QCOMPARE(::stat(path("a/b").c_str(), &found), 0);
    QCOMPARE(found.st_mode & 0777, mode_t{0750});
    QVERIFY(m_directories.create(path("a/b/c"), 0700).ok());
    write("file");
    QVERIFY(!m_directories.create(path("file"), 0700).ok());
    QVERIFY(!m_directories.create(path("file/below"), 0700).ok());
}

void DirectoriesTest::removesTreesAndKeepsWhatLinksPointTo() {
    QVERIFY(m_directories.create(path("kept"), 0700).ok());
    write("kept/file");
    QVERIFY(m_directories.create(path("tree/deep"), 0700).ok());
    QCOMPARE(::symlink(path("kept").c_str(), path("tree/deep/link").c_str()), 0);
    QVERIFY(m_directories.removeTree(path("tree")).ok());
    QVERIFY(!exists("tree"));
    QVERIFY(exists("kept/file"));
    QVERIFY(m_directories.removeTree(path("tree")).ok());
}

void DirectoriesTest::renames() {
    write("from");
    QVERIFY(m_directories.create(path("other"), 0700).ok());
    QVERIFY(m_directories.rename(path("from"), path("other/to")).ok());
    QVERIFY(exists("other/to") && !exists("from"));
    const absl::Status failed = m_directories.rename(path("from"), path("to"));
    QVERIFY(absl::IsNotFound(failed));
    QVERIFY(base::messageOf(failed).find(path("from")) != std::string::npos);
}

void DirectoriesTest::switchesALink() {
    QVERIFY(absl::IsNotFound(m_directories.readLink(path("current")).status()));
    QVERIFY(m_directories.switchLink("versions/1", path("current")).ok());
    QVERIFY(m_directories.switchLink("versions/2", path("current")).ok());
    QCOMPARE(*m_directories.readLink(path("current")), std::string("versions/2"));
    // A directory in the way is not replaced, and nothing is lost.
    QVERIFY(m_directories.create(path("busy/file"), 0700).ok());
    QVERIFY(!m_directories.switchLink("versions/2", path("busy")).ok());
    QVERIFY(exists("busy/file"));
}

void DirectoriesTest::leftoverOfAKilledSwitchIsReplaced() {
    QCOMPARE(::symlink("versions/9", path("current.new").c_str()), 0);
    QVERIFY(m_directories.switchLink("versions/1", path("current")).ok());
    QCOMPARE(*m_directories.readLink(path("current")), std::string("versions/1"));
    QVERIFY(!exists("current.new"));
}

void DirectoriesTest::listsSorted() {
    for (const char* name : {"c", ".a", "b"})
        write(name);
    QVERIFY(*m_directories.list(path("")) == (std::vector<std::string>{".a", "b", "c"}));
    QVERIFY(absl::IsNotFound(m_directories.list(path("absent")).status()));
}

void DirectoriesTest::tellsAndSetsTheOwnerOfADirectoryAlone() {
    using agent::platform::Owner;
    QVERIFY(m_directories.create(path("d/in"), 0700).ok());
    write("file");
    QCOMPARE(::symlink("d", path("link").c_str()), 0);
    const Owner ours = m_directories.ourselves();
    QCOMPARE(m_directories.owner(path("d"))->userId, ours.userId);
    const Owner other{4'000'001, 4'000'002};
    for (const char* name : {"file", "link", "absent"}) {
        QVERIFY(!m_directories.owner(path(name)).ok());
        QVERIFY(!m_directories.setOwner(path(name), other).ok());
    }
    const absl::Status given = m_directories.setOwner(path("d"), other);
    QCOMPARE(given.ok(), ::geteuid() == 0);
    QVERIFY(*m_directories.owner(path("d")) == (given.ok() ? other : ours));
    QCOMPARE(m_directories.owner(path("d/in"))->userId, ours.userId);
}

QTEST_GUILESS_MAIN(DirectoriesTest)
#include "tst_directories.moc"
