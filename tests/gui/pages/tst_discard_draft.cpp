// SPDX-License-Identifier: GPL-3.0-or-later
// A draft on the page of releases is discarded, or not, by its button.
#include <QApplication>
#include <QLabel>
#include <QPushButton>
#include <QTest>
#include <QTimer>

#include <algorithm>

#include "gui/pages/page.h"
#include "gui/widgets/danger_sheet.h"
#include "gui/widgets/data_table.h"
#include "tests/gui/pages/window_fixture.h"

using namespace ifrit;
using gui::widgets::DangerSheet;
using gui::widgets::DataTable;
using tests::WindowFixture;

namespace {

/// Presses this button of the next sheet, once.
class SheetAnswer : public QObject {
public:
    explicit SheetAnswer(QString wanted) : m_button(std::move(wanted)) {
        connect(&m_poll, &QTimer::timeout, this, [this] {
            auto* sheet = qobject_cast<DangerSheet*>(QApplication::activeModalWidget());
            if (sheet == nullptr) return;
            m_asked = true;
            for (auto* button : sheet->findChildren<QPushButton*>()) {
                if (button->text() != m_button) continue;
                m_poll.stop();
                return button->click();
            }
        });
        m_poll.start(5);
    }
    bool asked() const { return m_asked; }

private:
    QTimer m_poll;
    QString m_button;
    bool m_asked = false;
};

}  // namespace

class TestDiscardDraft : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void asksAndDoesExactlyThat_data();
    void asksAndDoesExactlyThat();
};

void TestDiscardDraft::asksAndDoesExactlyThat_data() {
    QTest::addColumn<QString>("answer");
    QTest::addColumn<bool>("done");
    QTest::newRow("yes") << QStringLiteral("Discard") << true;
    QTest::newRow("no") << QStringLiteral("Cancel") << false;
}

void TestDiscardDraft::asksAndDoesExactlyThat() {
    QFETCH(QString, answer);
    QFETCH(bool, done);
    WindowFixture fixture;
    auto draft = fixture.master.releases.front();
    draft.release.id = "a-draft";
    draft.release.state = domain::ReleaseState::Draft;
    draft.stages.clear();
    fixture.master.releases.insert(fixture.master.releases.begin(), draft);
    fixture.connect();
    fixture.window->showPage(QStringLiteral("releases"));
    WindowFixture::settle();
    auto* page = fixture.window->page();
    auto* table = page->findChild<DataTable*>(QStringLiteral("releases"));
    QPushButton* discard = nullptr;
    for (auto* button : page->findChildren<QPushButton*>()) {
        if (button->text() == QStringLiteral("Discard draft…")) discard = button;
    }
    QVERIFY(table != nullptr && discard != nullptr);
    QVERIFY(!discard->isEnabled() && !discard->toolTip().isEmpty());
    const auto choose = [&](const std::string& id) {
        for (int row = 0; row < table->model()->rowCount(); ++row) {
            const QModelIndex index = table->model()->index(row, 0);
            if (index.data(gui::models::KeyRole) == QString::fromStdString(id))
                table->setCurrentIndex(index);
        }
    };
    choose(fixture.master.releases[1].release.id);
    QVERIFY2(!discard->isEnabled(), "a release that was started is no draft");
    choose("a-draft");
    QVERIFY2(discard->isEnabled(), qPrintable(discard->toolTip()));
    auto& calls = fixture.master.fakes().releases.actCalls;
    const std::size_t before = calls.made();
    const SheetAnswer person(answer);
    discard->click();
    WindowFixture::settle();
    QVERIFY(person.asked());
    QCOMPARE(calls.made() - before, std::size_t(done ? 1 : 0));
}

QTEST_MAIN(TestDiscardDraft)
#include "tst_discard_draft.moc"
