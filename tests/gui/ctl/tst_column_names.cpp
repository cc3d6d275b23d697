// SPDX-License-Identifier: GPL-3.0-or-later
// ifritctl and the desktop call a column by one name, in tables and in CSV.
#include <QTest>

#include "gui/ctl/campaign_views.h"
#include "gui/ctl/views.h"
#include "gui/ctl/views_access.h"
#include "gui/models/access_models.h"
#include "gui/models/campaign_models.h"
#include "gui/models/record_models.h"
#include "gui/models/table_role.h"
#include "tests/gui/support/fixed_clock.h"

using namespace ifrit;
using namespace gui;

namespace {

template <typename T>
QStringList titlesOf(const ctl::View<T>& view) {
    QStringList out;
    for (const auto& column : view.columns)
        out << QString::fromStdString(column.title);
    return out;
}

QStringList titlesOf(const QAbstractItemModel& model) {
    QStringList out;
    for (int column = 0; column < model.columnCount(); ++column)
        out << model.headerData(column, Qt::Horizontal).toString().toUpper();
    return out;
}

/// As ifritctl writes a title into a file.
QString keyOf(const QString& title) {
    return QString(title.toLower())
        .remove(QLatin1Char('.'))
        .replace(QLatin1Char(' '), QLatin1Char('_'));
}

/// "TITLE: key" of each column that has another name in the desktop's files.
QStringList otherwiseCalled(const QAbstractItemModel& model) {
    QStringList out;
    for (int column = 0; column < model.columnCount(); ++column) {
        const QString title = model.headerData(column, Qt::Horizontal).toString().toUpper();
        const QString key =
            model.headerData(column, Qt::Horizontal, models::ExportKeyRole).toString();
        if (key != keyOf(title)) out << title + QStringLiteral(": ") + key;
    }
    return out;
}

QStringList without(const QStringList& all, const QStringList& others) {
    QStringList out;
    for (const QString& one : all)
        if (!others.contains(one)) out << one;
    out.sort();
    return out;
}

QStringList listed(const char* text) {
    return QString::fromLatin1(text).split(QStringLiteral(", "), Qt::SkipEmptyParts);
}

}  // namespace

class TestColumnNames : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void areTheSame_data();
    void areTheSame();
    void areTheSameInFiles();

private:
    tests::FixedClock m_clock;
    models::TimeText m_times{m_clock};
};

void TestColumnNames::areTheSame_data() {
    QTest::addColumn<QStringList>("commandLine");
    QTest::addColumn<QStringList>("desktop");
    QTest::addColumn<QStringList>("onlyThere");
    QTest::addColumn<QStringList>("onlyHere");
    // What only one of the two has is listed here, in the order of the alphabet: a column that is
    // called by two names would be in both lists.
    const auto row = [](const char* name, const QStringList& commandLine,
                        const QStringList& desktop, const char* onlyThere, const char* onlyHere) {
        QTest::newRow(name) << commandLine << desktop << listed(onlyThere) << listed(onlyHere);
    };
    row("users", titlesOf(ctl::userView()), titlesOf(models::UserModel(m_times)), "ADDED, PASSWORD",
        "");
    row("grants", titlesOf(ctl::grantView()), titlesOf(models::GrantModel(m_times)),
        "GIVEN, ID, TO", "");
    row("tokens", titlesOf(ctl::tokenView()), titlesOf(models::TokenModel(m_times)),
        "THIS ONE, USER", "");
    row("certificates", titlesOf(ctl::certificateView()),
        titlesOf(models::CertificateModel(m_times)), "USER", "STATE");
    row("packages", titlesOf(ctl::packageView()), titlesOf(models::PackageModel(m_times)),
        "DESCRIPTION, FILES, FULL DIGEST, IN USE, UNPACKED", "");
    row("releases", titlesOf(ctl::releaseView()), titlesOf(models::ReleaseModel(m_times)),
        "APPROVED BY, BEFORE, DOWNLOAD, ENDED, GRAY, HALTED FOR, ID, SOAK, STARTED, TAKES NOW, "
        "WAITS FOR, WINDOWS",
        "");
    row("stages", titlesOf(ctl::stageView()), titlesOf(models::StageModel(m_times)),
        "BAD, OUTCOMES", "FAILED, OK, REVERTED, SILENT");
    row("machines of a release", titlesOf(ctl::releaseMachineView()),
        titlesOf(models::ReleaseMachineModel(m_times)), "MESSAGE, STATE, STEP", "LATE, NOW");
    row("timeline", titlesOf(ctl::timelineView()), titlesOf(models::TimelineModel(m_times)), "",
        "");
    row("audit", titlesOf(ctl::auditView()), titlesOf(models::AuditModel(m_times)), "", "");
    row("explain", titlesOf(ctl::explainView()), titlesOf(models::ExplainModel(m_times)),
        "ACTION, DIGEST, RELEASE", "");
    row("events of a machine", titlesOf(ctl::eventView()),
        titlesOf(models::MachineEventModel(m_times)), "", "");
    row("agents of a machine", titlesOf(ctl::agentReportView()),
        titlesOf(models::AgentReportModel(m_times)), "CPU, LAST ERROR, PID, RSS", "");
    row("campaigns", titlesOf(ctl::campaignView()), titlesOf(models::CampaignModel(m_times)),
        "DIGEST, ID", "");
    row("clusters of a campaign", titlesOf(ctl::seatView()), titlesOf(models::SeatModel(m_times)),
        "CA SHA-256", "");
}

void TestColumnNames::areTheSame() {
    QFETCH(const QStringList, commandLine);
    QFETCH(const QStringList, desktop);
    QFETCH(const QStringList, onlyThere);
    QFETCH(const QStringList, onlyHere);
    QCOMPARE(without(commandLine, desktop), onlyThere);
    QCOMPARE(without(desktop, commandLine), onlyHere);
}

// `request` of the one was `request_id` of the other.
void TestColumnNames::areTheSameInFiles() {
    QCOMPARE(otherwiseCalled(models::UserModel(m_times)), QStringList());
    QCOMPARE(otherwiseCalled(models::GrantModel(m_times)), QStringList());
    QCOMPARE(otherwiseCalled(models::TokenModel(m_times)), QStringList());
    QCOMPARE(otherwiseCalled(models::CertificateModel(m_times)), QStringList());
    QCOMPARE(otherwiseCalled(models::PackageModel(m_times)), QStringList());
    QCOMPARE(otherwiseCalled(models::ReleaseModel(m_times)), QStringList());
    QCOMPARE(otherwiseCalled(models::StageModel(m_times)), QStringList());
    QCOMPARE(otherwiseCalled(models::ReleaseMachineModel(m_times)), QStringList());
    QCOMPARE(otherwiseCalled(models::TimelineModel(m_times)), QStringList());
    QCOMPARE(otherwiseCalled(models::AuditModel(m_times)), QStringList());
    QCOMPARE(otherwiseCalled(models::ExplainModel(m_times)), QStringList());
    QCOMPARE(otherwiseCalled(models::MachineEventModel(m_times)), QStringList());
    QCOMPARE(otherwiseCalled(models::AgentReportModel(m_times)), QStringList());
    QCOMPARE(otherwiseCalled(models::CampaignModel(m_times)), QStringList());
    QCOMPARE(otherwiseCalled(models::SeatModel(m_times)), QStringList());
}

QTEST_GUILESS_MAIN(TestColumnNames)
#include "tst_column_names.moc"
