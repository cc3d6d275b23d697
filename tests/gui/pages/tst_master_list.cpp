// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QDragEnterEvent>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QTest>
#include <QUrl>

#include "gui/pages/connections/connections_page.h"
#include "gui/pages/connections/master_list.h"
#include "gui/pages/connections/master_tree_model.h"
#include "gui/presenters/table_writer.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/data_tree.h"
#include "tests/gui/pages/other_clusters.h"

using namespace ifrit;
using gui::app::MainWindow;
using gui::pages::MasterList;
using gui::pages::MasterTreeModel;
using gui::widgets::DataTable;
using gui::widgets::DataTree;
using tests::WindowFixture;

namespace {

const QString kAsia = QStringLiteral("Asia");
const QString kEurope = QStringLiteral("Europe");

/// The clusters of a window, two of them in a group, with the page of connections in front.
struct Connections : WindowFixture {
    Connections() {
        tests::importBundle(*this, tests::ScriptedMaster::profile().bundle.cluster);
        others = std::make_unique<tests::OtherClusters>(*this, true);
        list().setGroup(0, kEurope);
        list().setGroup(1, kEurope);
        window->resize(1440, 900);
        window->showPage(QStringLiteral("connections"));
        settle();
    }
    ~Connections() { window.reset(); }
    gui::presenters::ConnectionsPresenter& list() { return desktop->connections; }
    MasterList& view() const { return *window->findChild<MasterList*>(); }
    DataTree& tree() const { return *window->findChild<DataTree*>(); }
    MasterTreeModel& model() const { return *window->findChild<MasterTreeModel*>(); }
    DataTable& table() const { return *view().findChild<DataTable*>(); }
    /// Into the filter.
    void type(const QString& filter) {
        view().focusFilter();
        auto* field = qobject_cast<QLineEdit*>(window->focusWidget());
        field->setText(filter);
    }
    QString facts() const { return view().countLine(); }
    QModelIndex group(const QString& name) const {
        return model().indexOfKey(QStringLiteral("group:") + name);
    }
    /// The names that stand under it.
    QStringList in(const QString& name) const {
        QStringList out;
        for (const int row : model().mastersOf(group(name)))
            out << desktop->connections.masters()[static_cast<std::size_t>(row)].cluster;
        return out;
    }
    QString word(const QModelIndex& row, int column) const {
        return row.siblingAtColumn(column).data().toString();
    }
    /// An entry of the menu, or of one that it opens.
    static QAction* entry(const QMenu& menu, const QString& text) {
        for (QAction* action : menu.actions()) {
            if (action->text() == text) return action;
            if (action->menu() == nullptr) continue;
            if (QAction* found = entry(*action->menu(), text)) return found;
        }
        return nullptr;
    }
    /// As the menu of the row at the keyboard does.
    void choose(const QString& text) {
        QMenu menu;
        view().fillMenu(menu);
        QAction* action = entry(menu, text);
        QVERIFY2(action != nullptr, qPrintable(text));
        action->trigger();
    }

    std::unique_ptr<tests::OtherClusters> others;
};

}  // namespace

class TestMasterList : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theTableSaysThatNothingMatches();
    void groupsHoldTheirMasters();
    void aGroupSaysWhatIsInIt();
    void keysOpenAndClose();
    void aMasterGoesToAnotherGroupByMenu();
    void aMasterIsDragged();
    void aBundleFileIsStillTaken();
    void aGroupIsRenamedWhileItsLineChanges();
    void aRenamedGroupStaysAsItWas();
    void aGroupIsTakenApart();
    void whatIsClosedIsRemembered();
    void theLayoutIsResetWithTheOthers();
    void aMenuHoldsItsMaster();
    void theTableFormIsFlat();
    void exportsNameTheGroup();
    void aFilterFindsByNameAddressAndGroup();
    void aFilterOpensWhatIsClosedAndEscLeavesIt();
    void aFilterHoldsInTheTableAndInExports();
    void whatIsAddedIsSeenUnderAFilter();
};

void TestMasterList::groupsHoldTheirMasters() {
    Connections page;
    const QAbstractItemModelTester tester(&page.model(),
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    const auto all = static_cast<int>(page.list().masters().size());
    QVERIFY(all >= 3);
    QCOMPARE(page.model().rowCount(), 2);
    QCOMPARE(page.in(kEurope).size(), 2);
    QCOMPARE(page.in({}).size(), all - 2);
    // Without a group comes last, and says so.
    QCOMPARE(page.word(page.model().index(1, 0), 0), QStringLiteral("No group"));
    // Names are put in order; a name of blanks is none.
    page.list().setGroup(all - 1, kAsia);
    QCOMPARE(page.word(page.model().index(0, 0), 0), kAsia);
    page.list().setGroup(0, QStringLiteral("   "));
    QCOMPARE(page.model().rowCount(), 2);
    page.list().remove(0);
    page.list().undoRemove();
    QCOMPARE(page.in(kEurope).size() + page.in({}).size(), all);
    while (!page.list().masters().empty())
        page.list().remove(0);
    QCOMPARE(page.model().rowCount(), 0);
}

void TestMasterList::aGroupSaysWhatIsInIt() {
    Connections page;
    const QModelIndex group = page.group(kEurope);
    QCOMPARE(page.word(group, 1), QStringLiteral("0 of 2 connected"));
    page.list().connectTo(0);
    WindowFixture::settle();
    page.master.connect();
    WindowFixture::settle();
    QCOMPARE(page.word(page.group(kEurope), 1), QStringLiteral("1 of 2 connected"));
    // A card on the map has a line, too.
    page.others->masters.front()->connect();
    WindowFixture::settle();
    QCOMPARE(page.word(page.group(kEurope), 1), QStringLiteral("2 of 2 connected"));
    page.master.breakLine();
    WindowFixture::settle();
    const QModelIndex state = page.group(kEurope).siblingAtColumn(1);
    QCOMPARE(state.data().toString(), QStringLiteral("1 of 2 connected, reconnecting"));
    QCOMPARE(state.data(gui::models::StatusKindRole).toInt(),
             static_cast<int>(gui::models::StatusKind::Fail));
    // Closed, it does not hide that production is in it.
    QVERIFY(page.group(kEurope).siblingAtColumn(2).data(gui::models::FramedRole).toBool());
    QVERIFY(!page.word(page.group(kEurope), 4).isEmpty());
}

void TestMasterList::keysOpenAndClose() {
    Connections page;
    DataTree& tree = page.tree();
    QVERIFY(tree.hasFocus());
    tree.setCurrentIndex(page.group(kEurope));
    QVERIFY(tree.isExpanded(page.group(kEurope)));
    QCOMPARE(page.view().chosenGroup(), std::optional<QString>(kEurope));
    QCOMPARE(page.view().chosen(), -1);
    QTest::keyClick(&tree, Qt::Key_Left);
    QVERIFY(!tree.isExpanded(page.group(kEurope)));
    QTest::keyClick(&tree, Qt::Key_Right);
    QVERIFY(tree.isExpanded(page.group(kEurope)));
    QTest::keyClick(&tree, Qt::Key_Return);
    QVERIFY(!tree.isExpanded(page.group(kEurope)));
    QTest::keyClick(&tree, Qt::Key_Return);
    QVERIFY(!page.desktop->hub.hasSession());
    QTest::keyClick(&tree, Qt::Key_Down);
    QCOMPARE(page.view().chosen(), 0);
    QTest::keyClick(&tree, Qt::Key_Return);
    QCOMPARE(page.list().current(), 0);
    // What is chosen is seen: its group has the mark once it is closed by the mouse.
    tree.collapse(page.group(kEurope));
    QCOMPARE(tree.currentIndex(), page.group(kEurope));
}

void TestMasterList::aMasterGoesToAnotherGroupByMenu() {
    Connections page;
    const QString moved = page.in({}).first();
    page.tree().collapse(page.group(kEurope));
    page.tree().setCurrentIndex(page.model().index(0, 0, page.group({})));
    page.choose(kEurope);
    QVERIFY(page.in(kEurope).contains(moved));
    // Where it has gone it is seen, and still chosen.
    QVERIFY(page.tree().isExpanded(page.group(kEurope)));
    QCOMPARE(page.word(page.tree().currentIndex(), 0), moved);
    page.choose(QStringLiteral("No group"));
    QVERIFY(page.in({}).contains(moved));
    page.choose(QStringLiteral("New group…"));
    auto* field = qobject_cast<QLineEdit*>(page.window->focusWidget());
    QVERIFY(field);
    QTest::keyClicks(field, kAsia);
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(page.in(kAsia), QStringList{moved});
}

void TestMasterList::aMasterIsDragged() {
    Connections page;
    MasterTreeModel& model = page.model();
    const QModelIndex from = model.index(0, 0, page.group({}));
    const QString moved = page.word(from, 0);
    QVERIFY(model.flags(from).testFlag(Qt::ItemIsDragEnabled));
    QVERIFY(!model.flags(page.group(kEurope)).testFlag(Qt::ItemIsDragEnabled));
    const std::unique_ptr<QMimeData> data(model.mimeData({from}));
    // Between two groups is in neither.
    QVERIFY(!model.dropMimeData(data.get(), Qt::MoveAction, 1, 0, {}));
    QVERIFY(model.dropMimeData(data.get(), Qt::MoveAction, -1, -1,
                               model.index(0, 0, page.group(kEurope))));
    WindowFixture::settle();
    QVERIFY(page.in(kEurope).contains(moved));
    // Below all rows: out of its group.
    QVERIFY(model.dropMimeData(data.get(), Qt::MoveAction, -1, -1, {}));
    WindowFixture::settle();
    QVERIFY(page.in({}).contains(moved));
}

void TestMasterList::aBundleFileIsStillTaken() {
    Connections page;
    QMimeData file;
    file.setUrls({QUrl::fromLocalFile(page.directory.filePath(QStringLiteral("a.bundle")))});
    QDragEnterEvent event({50, 50}, Qt::CopyAction, &file, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(page.tree().viewport(), &event);
    QVERIFY(event.isAccepted());
}

void TestMasterList::aGroupIsRenamedWhileItsLineChanges() {
    Connections page;
    DataTree& tree = page.tree();
    tree.setCurrentIndex(page.group(kEurope).siblingAtColumn(3));
    QTest::keyClick(&tree, Qt::Key_F2);
    auto* editor = qobject_cast<QLineEdit*>(tree.indexWidget(page.group(kEurope)));
    if (editor == nullptr) editor = tree.viewport()->findChild<QLineEdit*>();
    QVERIFY(editor);
    QVERIFY(!editor->accessibleName().isEmpty());
    QCOMPARE(editor->text(), kEurope);
    editor->selectAll();
    QTest::keyClicks(editor, QStringLiteral("Old "));
    page.view().touch();
    QCOMPARE(editor->text(), QStringLiteral("Old "));
    QTest::keyClicks(editor, QStringLiteral("World"));
    QTest::keyClick(editor, Qt::Key_Return);
    WindowFixture::settle();
    QCOMPARE(page.in(QStringLiteral("Old World")).size(), 2);
    QVERIFY(page.in(kEurope).isEmpty());
    // A name that another has joins both.
    page.list().setGroup(static_cast<int>(page.list().masters().size()) - 1, kAsia);
    page.list().renameGroup(QStringLiteral("Old World"), kAsia);
    QCOMPARE(page.in(kAsia).size(), 3);
}

void TestMasterList::aRenamedGroupStaysAsItWas() {
    Connections page;
    DataTree& tree = page.tree();
    const QString name = QStringLiteral("Old World");
    tree.setCurrentIndex(page.group(kEurope));
    tree.collapse(page.group(kEurope));
    page.model().setData(page.group(kEurope), QStringLiteral("  Old   World "), Qt::EditRole);
    WindowFixture::settle();
    QVERIFY(!tree.isExpanded(page.group(name)));
    QCOMPARE(tree.currentIndex(), page.group(name));
    QCOMPARE(page.view().chosenGroup(), std::optional<QString>(name));
    // A group that is not there any more is none that is closed.
    QCOMPARE(tree.closed(), QStringList{QStringLiteral("group:Old World")});
    tree.expand(page.group(name));
    page.model().setData(page.group(name), kEurope, Qt::EditRole);
    WindowFixture::settle();
    QVERIFY(tree.isExpanded(page.group(kEurope)));
    QCOMPARE(tree.currentIndex(), page.group(kEurope));
    // One that has the name already takes them in, and stays as it was.
    page.list().setGroup(static_cast<int>(page.list().masters().size()) - 1, kAsia);
    tree.collapse(page.group(kAsia));
    tree.setCurrentIndex(page.group(kEurope));
    page.model().setData(page.group(kEurope), kAsia, Qt::EditRole);
    WindowFixture::settle();
    QVERIFY(!tree.isExpanded(page.group(kAsia)));
    QCOMPARE(tree.currentIndex(), page.group(kAsia));
}

void TestMasterList::aGroupIsTakenApart() {
    Connections page;
    const auto all = page.list().masters().size();
    page.tree().setCurrentIndex(page.group(kEurope));
    page.choose(QStringLiteral("Take the group apart"));
    QCOMPARE(page.model().rowCount(), 1);
    QCOMPARE(page.in({}).size(), static_cast<qsizetype>(all));
    // Something is chosen all the same.
    QVERIFY(page.tree().currentIndex().isValid());
}

void TestMasterList::whatIsClosedIsRemembered() {
    Connections page;
    page.tree().collapse(page.group(kEurope));
    page.list().setGroup(static_cast<int>(page.list().masters().size()) - 1, kAsia);
    // A list that is made anew leaves it closed.
    QVERIFY(page.group(kEurope).isValid());
    QVERIFY(!page.tree().isExpanded(page.group(kEurope)));
    QVERIFY(page.tree().isExpanded(page.group(kAsia)));
    page.tree().setColumnWidth(0, 321);
    page.window->close();
    MainWindow again(*page.desktop, page.theme);
    again.show();
    again.showPage(QStringLiteral("connections"));
    auto* tree = again.findChild<DataTree*>();
    const auto* model = again.findChild<MasterTreeModel*>();
    QVERIFY(!tree->isExpanded(model->indexOfKey(QStringLiteral("group:Europe"))));
    QVERIFY(tree->isExpanded(model->indexOfKey(QStringLiteral("group:Asia"))));
    QCOMPARE(tree->columnWidth(0), 321);
}

void TestMasterList::theLayoutIsResetWithTheOthers() {
    Connections page;
    page.tree().collapse(page.group(kEurope));
    page.tree().setColumnWidth(0, 321);
    QVERIFY(!page.tree().columns().isEmpty());
    page.window->resetLayout();
    QVERIFY(page.tree().isExpanded(page.group(kEurope)));
    QVERIFY(page.tree().columns().isEmpty());
    QVERIFY(page.tree().closed().isEmpty());
}

void TestMasterList::aMenuHoldsItsMaster() {
    Connections page;
    page.tree().setCurrentIndex(page.model().index(1, 0, page.group(kEurope)));
    const QString wanted = page.list().masters()[1].cluster;
    QMenu menu;
    page.view().fillMenu(menu);
    page.list().remove(0);
    Connections::entry(menu, QStringLiteral("Connect"))->trigger();
    QCOMPARE(page.list().current(), 0);
    QCOMPARE(page.list().masters()[0].cluster, wanted);
    page.list().disconnect();
    page.list().remove(0);
    // It is gone.
    Connections::entry(menu, QStringLiteral("Connect"))->trigger();
    QCOMPARE(page.list().current(), -1);
}

void TestMasterList::theTableFormIsFlat() {
    Connections page;
    const QModelIndex second = page.model().index(1, 0, page.group(kEurope));
    page.tree().setCurrentIndex(second);
    const int master = page.view().chosen();
    QTest::keyClick(&page.tree(), Qt::Key_F8);
    QVERIFY(page.table().isVisible());
    QVERIFY(page.table().hasFocus());
    QCOMPARE(page.table().model()->rowCount(), static_cast<int>(page.list().masters().size()));
    QCOMPARE(page.view().chosen(), master);
    QCOMPARE(page.table().model()->index(0, 2).data().toString(), kEurope);
    QTest::keyClick(&page.table(), Qt::Key_F8);
    QVERIFY(page.tree().isVisible());
    QCOMPARE(page.view().chosen(), master);
}

void TestMasterList::exportsNameTheGroup() {
    Connections page;
    page.tree().setCurrentIndex(page.group(kEurope));
    const gui::pages::ExportTable table = page.view().exported();
    QCOMPARE(table.model->rowCount(), static_cast<int>(page.list().masters().size()));
    QCOMPARE(table.selection->selectedRows().size(), 2);
    using gui::presenters::TableFormat;
    QVERIFY(gui::presenters::headLine(*table.model, TableFormat::Csv)
                .startsWith("state,cluster,group,kind"));
    const QByteArray line = gui::presenters::rowLine(*table.model, 0, TableFormat::JsonLines);
    QVERIFY2(line.contains("\"group\":\"Europe\""), line.constData());
}

void TestMasterList::aFilterFindsByNameAddressAndGroup() {
    Connections page;
    const QAbstractItemModelTester tester(&page.model(),
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    const auto shown = [&page] {
        QStringList out;
        for (const QString& group : {kEurope, QString()})
            out << page.in(group);
        return out;
    };
    const QStringList all = shown();
    const auto found = [&](const QString& filter) {
        page.type(filter);
        return shown();
    };
    const auto& masters = page.list().masters();
    QCOMPARE(found(masters[0].cluster.toUpper()), QStringList{masters[0].cluster});
    QCOMPARE(found(QStringLiteral("europe")).size(), 2);
    // Each word has to be somewhere.
    QCOMPARE(found(QStringLiteral("europe ") + masters[1].cluster).size(), 1);
    const QString address = masters.back().address;
    for (const QString& name : found(address)) {
        const auto same = std::find_if(masters.begin(), masters.end(),
                                       [&](const auto& one) { return one.cluster == name; });
        QVERIFY(same->address.contains(address));
    }
    QVERIFY(shown().contains(masters.back().cluster));
    QCOMPARE(found(QStringLiteral("no such master")), QStringList());
    QVERIFY(page.facts().startsWith(QLatin1String("0 shown")));
    page.view().touch();
    QCOMPARE(found({}), all);
}

void TestMasterList::aFilterOpensWhatIsClosedAndEscLeavesIt() {
    Connections page;
    page.tree().collapse(page.group(kEurope));
    QTest::keyClick(&page.tree(), Qt::Key_Slash);
    auto* field = qobject_cast<QLineEdit*>(page.window->focusWidget());
    QVERIFY(field != nullptr && !field->accessibleName().isEmpty());
    const QString wanted = page.list().masters()[1].cluster;
    QTest::keyClicks(field, wanted);
    QVERIFY(page.tree().isExpanded(page.group(kEurope)));
    QTest::keyClick(field, Qt::Key_Escape);
    QCOMPARE(field->text(), QString());
    QVERIFY(!page.tree().isExpanded(page.group(kEurope)));
    QCOMPARE(page.tree().closed(), QStringList{QStringLiteral("group:Europe")});
    // Enter goes to the first that was found, which stays chosen, and seen.
    QTest::keyClicks(field, wanted);
    QTest::keyClick(field, Qt::Key_Return);
    QVERIFY(page.tree().hasFocus());
    QCOMPARE(page.view().chosen(), 1);
    QTest::keyClick(&page.tree(), Qt::Key_Escape);
    QCOMPARE(field->text(), QString());
    QVERIFY(page.window->page()->isVisible());
    QCOMPARE(page.view().chosen(), 1);
    QVERIFY(page.tree().isExpanded(page.group(kEurope)));
}

void TestMasterList::aFilterHoldsInTheTableAndInExports() {
    Connections page;
    QTest::keyClick(&page.tree(), Qt::Key_F8);
    page.table().selectRow(0);
    const QString last = page.list().masters().back().cluster;
    page.type(last);
    QVERIFY(page.table().isRowHidden(0));
    // What is not seen is not acted on.
    QCOMPARE(page.view().chosen(), -1);
    const gui::pages::ExportTable table = page.view().exported();
    QVERIFY(table.shown && table.all);
    QCOMPARE(table.shown()->model().rowCount(), 1);
    QCOMPARE(table.all()->model().rowCount(), static_cast<int>(page.list().masters().size()));
    page.type({});
    QVERIFY(!page.table().isRowHidden(0));
    QVERIFY(!page.view().exported().all);
}

void TestMasterList::whatIsAddedIsSeenUnderAFilter() {
    Connections page;
    page.type(kEurope);
    page.view().choose(static_cast<int>(page.list().masters().size()) - 1);
    QVERIFY(!page.view().filters());
    QCOMPARE(page.view().chosen(), static_cast<int>(page.list().masters().size()) - 1);
}

// F8 showed a bare frame.
void TestMasterList::theTableSaysThatNothingMatches() {
    Connections page;
    page.view().toggleTableForm();
    page.type(QStringLiteral("nothing-is-called-so"));
    WindowFixture::settle();
    DataTable& table = page.table();
    QVERIFY(table.isVisible());
    const QString sentence = QStringLiteral("No master on the list matches the filter.");
    QCOMPARE(table.accessibleDescription(), sentence);
    const QImage said = table.grab().toImage();
    table.setEmptyText({});
    QVERIFY2(table.grab().toImage() != said, "the sentence is painted");
    page.type(QStringLiteral("cn-north"));
    QCOMPARE(table.accessibleDescription(), QString());
}

QTEST_MAIN(TestMasterList)
#include "tst_master_list.moc"
