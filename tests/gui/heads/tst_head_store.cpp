// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QFile>
#include <QIODevice>
#include <QTemporaryDir>
#include <QTest>

#include "gui/heads/head_store.h"
#include "shared/base/status.h"
#include "tests/support/signed_heads.h"

using namespace ifrit;
using gui::heads::HeadStore;
using tests::SigningCluster;

class TestHeadStore : public QObject {
    Q_OBJECT

    std::string folder() const { return m_dir->filePath(QStringLiteral("heads")).toStdString(); }
    QString file() const {
        return QString::fromStdString(HeadStore(folder()).pathOf(m_cluster.bundle()));
    }
    QByteArray content() const {
        QFile in(file());
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
    }
    void write(const QByteArray& bytes) const {
        QFile out(file());
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(bytes);
    }

    const SigningCluster m_cluster;
    std::unique_ptr<QTemporaryDir> m_dir;

private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void keepsForTheNextProgram() {
        HeadStore store(folder());
        QVERIFY(store.load(m_cluster.bundle())->all().empty());
        QVERIFY(store.keep(m_cluster.bundle(), m_cluster.head(3)).ok());
        HeadStore other(folder());
        QVERIFY(other.keep(m_cluster.bundle(), m_cluster.head(7)).ok());
        const auto kept = store.load(m_cluster.bundle());
        QVERIFY(kept.ok());
        QCOMPARE(kept->all().size(), std::size_t{2});
        QVERIFY(kept->all()[0].head == m_cluster.head(3).head);
        QCOMPARE(kept->all()[1].signer, std::string("m1"));
        QCOMPARE(QFile::permissions(file()) & (QFileDevice::ReadGroup | QFileDevice::ReadOther),
                 QFileDevice::Permissions());
    }

    void clustersOfOneNameDoNotMix() {
        const SigningCluster twin;
        HeadStore store(folder());
        QVERIFY(store.keep(m_cluster.bundle(), m_cluster.head(3)).ok());
        QVERIFY(store.load(twin.bundle())->all().empty());
        QVERIFY(store.pathOf(twin.bundle()) != store.pathOf(m_cluster.bundle()));
        bundle::Bundle climbing = m_cluster.bundle();
        climbing.cluster = "../../etc/passwd";
        QVERIFY(store.pathOf(climbing).find("..") == std::string::npos);
    }

    void forgets() {
        HeadStore store(folder());
        for (const std::uint64_t row : {3, 7, 9})
            QVERIFY(store.keep(m_cluster.bundle(), m_cluster.head(row)).ok());
        QCOMPARE(store.forgetFrom(m_cluster.bundle(), 7).value(), std::size_t{2});
        QCOMPARE(store.load(m_cluster.bundle())->rows(), (std::vector<std::uint64_t>{3}));
    }

    void aDamagedFileIsToldAndStays_data() {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::newRow("cut off") << QByteArray("\"signature\"") << QByteArray();
        QTest::newRow("another row") << QByteArray("\"row\": 3") << QByteArray("\"row\": 4");
        QTest::newRow("another cluster") << QByteArray("\"demo\"") << QByteArray("\"dem\"");
        QTest::newRow("newer") << QByteArray("\"format\": 1") << QByteArray("\"format\": 2");
        QTest::newRow("no hash") << QByteArray("\"hash\": \"") << QByteArray("\"hash\": \"zz");
    }
    void aDamagedFileIsToldAndStays() {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        HeadStore store(folder());
        QVERIFY(store.keep(m_cluster.bundle(), m_cluster.head(3)).ok());
        QByteArray damaged = content();
        const qsizetype at = damaged.indexOf(from);
        QVERIFY(at >= 0);
        damaged = to.isEmpty() ? damaged.left(at) : damaged.replace(at, from.size(), to);
        write(damaged);
        const auto loaded = store.load(m_cluster.bundle());
        QCOMPARE(base::errorInfo(loaded.status()).reason, std::string("HEADS_UNREADABLE"));
        QVERIFY(base::messageOf(loaded.status()).find(file().toStdString()) != std::string::npos);
        // What proves something is not written over.
        QVERIFY(!store.keep(m_cluster.bundle(), m_cluster.head(9)).ok());
        QCOMPARE(content(), damaged);
    }

    void aDirectoryThatCannotBeMadeIsAnError() {
        QFile blocker(m_dir->filePath(QStringLiteral("heads")));
        QVERIFY(blocker.open(QIODevice::WriteOnly));
        HeadStore store(folder() + "/deeper");
        const absl::Status status = store.keep(m_cluster.bundle(), m_cluster.head(3));
        QCOMPARE(status.code(), absl::StatusCode::kInternal);
    }
};

QTEST_GUILESS_MAIN(TestHeadStore)
#include "tst_head_store.moc"
