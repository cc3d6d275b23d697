// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QBuffer>
#include <QClipboard>
#include <QElapsedTimer>
#include <QFile>
#include <QGuiApplication>
#include <QItemSelectionModel>
#include <QProgressDialog>
#include <QRadioButton>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QTranslator>

#include "gui/models/record_models.h"
#include "gui/pages/export_job.h"
#include "gui/presenters/audit_presenter.h"
#include "gui/presenters/table_writer.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/hub_fixture.h"

using namespace ifrit;
using namespace gui::presenters;
using gui::pages::ExportJob;
using gui::pages::ExportScope;
using gui::pages::ExportTable;
using gui::pages::ExportTarget;
namespace services = gui::services;

namespace {

/// Every text in a language that is none.
class Backwards : public QTranslator {
public:
    bool isEmpty() const override { return false; }
    QString translate(const char*, const char*, const char*, int) const override {
        return QStringLiteral("??");
    }
};

/// Any number of rows that are made when they are asked for.
class Endless : public QAbstractTableModel {
public:
    explicit Endless(int rows) : m_rows(rows) {}
    int rowCount(const QModelIndex& = {}) const override { return m_rows; }
    int columnCount(const QModelIndex& = {}) const override { return 2; }
    QVariant data(const QModelIndex& index, int) const override {
        return QStringLiteral("%1/%2").arg(index.row() + m_shift).arg(index.column());
    }
    QVariant headerData(int section, Qt::Orientation, int role) const override {
        return role == gui::models::ExportKeyRole ? QStringLiteral("c%1").arg(section) : QString();
    }
    void orderAnew() {
        beginResetModel();
        m_shift = 1'000'000;
        endResetModel();
    }
    void append() {
        beginInsertRows({}, m_rows, m_rows);
        ++m_rows;
        endInsertRows();
    }

private:
    int m_rows;
    int m_shift = 0;
};

services::AuditRow row(std::uint64_t id) {
    services::AuditRow out;
    out.id = id;
    out.verb = "release.pause";
    return out;
}

}  // namespace

class TestTableExport : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void quotesWhatWouldBreakTheLine();
    void writesOneObjectALine();
    void numbersAreNumbersInJson();
    void columnsAreCalledTheSameInEveryLanguage();
    void aLargeTableBlocksNobody();
    void whatChangesPlacesIsWrittenAnew();
    void onlyWhatIsSelected();
    void aPagedListIsReadToItsEnd();
    void whatCannotBeReadLeavesNoFile();
    void cancelLeavesNoFile();
    void theClipboardTakesItToo();
    void whoeverClosesTheProgressCancels();

private:
    static QByteArray written(const QAbstractItemModel& model, TableFormat format) {
        QByteArray out = headLine(model, format);
        for (int i = 0; i < model.rowCount(); ++i)
            out += rowLine(model, i, format);
        return out;
    }
    static QByteArray contents(const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    tests::FixedClock m_clock;
    gui::models::TimeText m_times{m_clock};
};

void TestTableExport::quotesWhatWouldBreakTheLine() {
    gui::models::TimelineModel model(m_times);
    services::TimelineEntry entry;
    entry.what = "halted, \"twice\"";
    entry.actor = "=HYPERLINK(1)";
    model.setRecords({entry});
    QCOMPARE(
        QString::fromUtf8(written(model, TableFormat::Csv)),
        QStringLiteral("time,what,who,message\r\n,\"halted, \"\"twice\"\"\",'=HYPERLINK(1),\r\n"));
}

void TestTableExport::writesOneObjectALine() {
    gui::models::TimelineModel model(m_times);
    services::TimelineEntry first;
    first.what = "a\nb";
    services::TimelineEntry second;
    second.what = "c";
    model.setRecords({first, second});
    const auto lines = written(model, TableFormat::JsonLines).trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    QVERIFY(lines[0].contains("\"what\":\"a\\nb\""));
}

void TestTableExport::numbersAreNumbersInJson() {
    services::PackageInfo info;
    info.agent = "logd";
    info.archiveSizeBytes = 18'000'000;
    info.runningOn = 12'000;
    info.manifestDigest = std::string(64, 'a');
    gui::models::PackageModel model(m_times);
    model.setRecords({info});
    const QByteArray line = written(model, TableFormat::JsonLines);
    QVERIFY2(line.contains("\"running_on\":12000,"), line.constData());
    QVERIFY2(line.contains("\"size\":18000000,"), line.constData());
    QVERIFY2(line.contains("\"published\":null"), line.constData());
    const QByteArray csv = written(model, TableFormat::Csv);
    QVERIFY2(csv.contains(",12000,18000000," + QByteArray(64, 'a')), csv.constData());
}

void TestTableExport::columnsAreCalledTheSameInEveryLanguage() {
    gui::models::AuditModel model(m_times);
    model.setRecords({row(1)});
    const QByteArray head = headLine(model, TableFormat::Csv);
    Backwards translator;
    QCoreApplication::installTranslator(&translator);
    QCOMPARE(model.headerData(0, Qt::Horizontal).toString(), QStringLiteral("??"));
    QCOMPARE(headLine(model, TableFormat::Csv), head);
    QVERIFY(!rowLine(model, 0, TableFormat::JsonLines).contains("\"??\":"));
    QCoreApplication::removeTranslator(&translator);
}

void TestTableExport::aLargeTableBlocksNobody() {
    const Endless model(200'000);
    QBuffer out;
    QVERIFY(out.open(QIODevice::WriteOnly));
    TableWriter writer(model, TableFormat::JsonLines, out, {});
    QSignalSpy finished(&writer, &TableWriter::finished);
    QSignalSpy progress(&writer, &TableWriter::progress);
    writer.start();
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
    QCOMPARE(finished[0][0].toLongLong(), 200'000LL);
    QCOMPARE(finished[0][1].toString(), QString());
    // In slices, between which the event loop ran.
    QVERIFY2(progress.size() > 5, qPrintable(QString::number(progress.size())));
    QCOMPARE(out.data().count('\n'), 200'000);
    QVERIFY(out.data().endsWith("{\"c0\":\"199999/0\",\"c1\":\"199999/1\"}\n"));
}

void TestTableExport::whatChangesPlacesIsWrittenAnew() {
    Endless model(50'000);
    QBuffer out;
    QVERIFY(out.open(QIODevice::WriteOnly));
    TableWriter writer(model, TableFormat::Csv, out, {});
    bool changed = false;
    connect(&writer, &TableWriter::progress, &model, [&](qint64 done) {
        if (std::exchange(changed, true) || done >= 50'000) return;
        model.orderAnew();
        model.append();
    });
    QSignalSpy finished(&writer, &TableWriter::finished);
    writer.start();
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
    QCOMPARE(out.data().count('\n'), 50'002);
    QVERIFY(out.data().startsWith("c0,c1\r\n1000000/0,1000000/1\r\n"));
    QVERIFY(!out.data().contains("\r\n1/0,"));
}

void TestTableExport::onlyWhatIsSelected() {
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("rows.csv"));
    Endless model(10);
    QItemSelectionModel selection(&model);
    for (const int chosen : {7, 2})
        selection.select(model.index(chosen, 0),
                         QItemSelectionModel::Select | QItemSelectionModel::Rows);
    auto* job = new ExportJob({&model, &selection, QStringLiteral("rows"), {}, {}},
                              ExportScope::Selected, ExportTarget::CsvFile, this);
    QSignalSpy finished(job, &ExportJob::finished);
    job->start(path);
    QTRY_COMPARE(finished.size(), 1);
    QCOMPARE(contents(path), QByteArray("c0,c1\r\n2/0,2/1\r\n7/0,7/1\r\n"));
    QVERIFY(finished[0][0].toString().contains(QStringLiteral("10 that are shown")));
}

void TestTableExport::aPagedListIsReadToItsEnd() {
    tests::HubFixture fixture;
    fixture.connect({});
    AuditPresenter audit(fixture.hub, fixture.feed, fixture.heads);
    audit.setFilter({QStringLiteral("wang"), {}, {}, {}});
    auto& calls = fixture.master.audit.listCalls;
    calls.deliver(services::Page<services::AuditRow>{{row(3)}, "more"});
    QVERIFY(audit.hasMore());
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("audit.jsonl"));
    const ExportTable table{&audit.model(), nullptr, QStringLiteral("audit"),
                            [&audit] { return audit.rows(audit.filter()); },
                            [&audit] { return audit.rows({}); }};
    auto* job = new ExportJob(table, ExportScope::Shown, ExportTarget::JsonLinesFile, this);
    QSignalSpy finished(job, &ExportJob::finished);
    job->start(path);
    QCOMPARE(calls.last().actor, std::string("wang"));
    calls.deliver(services::Page<services::AuditRow>{{row(3), row(2)}, "next"});
    QCOMPARE(calls.last().page.token, std::string("next"));
    calls.deliver(services::Page<services::AuditRow>{{row(1)}, {}});
    QTRY_COMPARE(finished.size(), 1);
    QCOMPARE(contents(path).count('\n'), 3);
    QVERIFY(finished[0][0].toString().startsWith(QStringLiteral("3 ")));
    // What the table shows is not touched.
    QCOMPARE(audit.model().rowCount(), 1);
    job = new ExportJob(table, ExportScope::All, ExportTarget::JsonLinesFile, this);
    job->start(path);
    QCOMPARE(calls.last().actor, std::string());
    job->cancel();
}

void TestTableExport::whatCannotBeReadLeavesNoFile() {
    tests::HubFixture fixture;
    fixture.connect({});
    AuditPresenter audit(fixture.hub, fixture.feed, fixture.heads);
    auto& calls = fixture.master.audit.listCalls;
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("audit.csv"));
    const auto start = [&] {
        return new ExportJob({&audit.model(),
                              nullptr,
                              QStringLiteral("audit"),
                              [&audit] { return audit.rows({}); },
                              {}},
                             ExportScope::Shown, ExportTarget::CsvFile, this);
    };
    auto* job = start();
    QSignalSpy finished(job, &ExportJob::finished);
    job->start(path);
    calls.deliver(services::Page<services::AuditRow>{{row(3)}, "next"});
    calls.deliver(base::notFound("X", "x", "the page is gone"));
    QTRY_COMPARE(finished.size(), 1);
    QVERIFY(!finished[0][1].toBool());
    const QString sentence = finished[0][0].toString();
    QVERIFY2(sentence.contains(QStringLiteral("page is gone")), qPrintable(sentence));
    QVERIFY(!QFile::exists(path));
    auto* other = start();
    QSignalSpy closed(other, &ExportJob::finished);
    other->start(path);
    fixture.hub.close();
    QTRY_COMPARE(closed.size(), 1);
    QVERIFY(!QFile::exists(path));
}

void TestTableExport::cancelLeavesNoFile() {
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("rows.csv"));
    const Endless model(500'000);
    auto* job = new ExportJob({&model, nullptr, QStringLiteral("rows"), {}, {}}, ExportScope::Shown,
                              ExportTarget::CsvFile, this);
    QSignalSpy finished(job, &ExportJob::finished);
    QSignalSpy gone(job, &QObject::destroyed);
    connect(job, &ExportJob::progress, job, &ExportJob::cancel, Qt::QueuedConnection);
    job->start(path);
    QTRY_COMPARE(gone.size(), 1);
    QCOMPARE(finished.size(), 1);
    QCOMPARE(finished[0][0].toString(), QString());
    QVERIFY(!QFile::exists(path));
}

void TestTableExport::theClipboardTakesItToo() {
    const Endless model(2);
    auto* job = new ExportJob({&model, nullptr, QStringLiteral("rows"), {}, {}}, ExportScope::Shown,
                              ExportTarget::Clipboard, this);
    QSignalSpy finished(job, &ExportJob::finished);
    job->start({});
    QTRY_COMPARE(finished.size(), 1);
    QCOMPARE(QGuiApplication::clipboard()->text(),
             QStringLiteral("c0,c1\r\n0/0,0/1\r\n1/0,1/1\r\n"));
}

void TestTableExport::whoeverClosesTheProgressCancels() {
    QGuiApplication::clipboard()->setText(QStringLiteral("of before"));
    const Endless model(2'000);
    QWidget parent;
    QTimer hand;
    connect(&hand, &QTimer::timeout, &parent, [&hand] {
        auto* dialog = qobject_cast<gui::pages::ExportDialog*>(QApplication::activeModalWidget());
        if (dialog == nullptr) return;
        hand.stop();
        for (auto* choice : dialog->findChildren<QRadioButton*>()) {
            if (choice->text().contains(QStringLiteral("clipboard"))) choice->click();
        }
        dialog->accept();
    });
    hand.start(5);
    gui::pages::exportTable(model, QStringLiteral("rows"), &parent);
    const auto* job = parent.findChild<ExportJob*>();
    QVERIFY(job != nullptr);
    QSignalSpy gone(job, &QObject::destroyed);
    parent.findChild<QProgressDialog*>()->reject();
    QTRY_COMPARE(gone.size(), 1);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("of before"));
}

QTEST_MAIN(TestTableExport)
#include "tst_table_export.moc"
