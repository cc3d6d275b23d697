// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/go_to_dialog.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

#include "gui/widgets/data_table.h"
#include "gui/widgets/panel.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::app {
namespace {

using models::CellStyle;
using models::GoToEntry;
using Model = models::RecordTableModel<GoToEntry>;

constexpr QSize kSize(720, 440);
/// Of what is too long for the dialog: it is known by its beginning.
constexpr int kLeastWidth = 120;
enum Column { Title, Detail, Id, KindOf, Keys };

QString keyOf(const GoToEntry& entry) {
    return QString::number(static_cast<int>(entry.kind)) + QLatin1Char('/') + entry.title +
           QLatin1Char('/') + entry.detail;
}

std::vector<Model::Column> columns() {
    return {{{"name", [] { return GoToDialog::tr("Name"); }},
             [](const GoToEntry& entry) { return entry.title; },
             CellStyle::Plain,
             {},
             {}},
            {{"detail", [] { return QString(); }},
             [](const GoToEntry& entry) { return entry.detail; },
             CellStyle::Muted,
             {},
             {}},
            {{"id", [] { return QString(); }},
             [](const GoToEntry& entry) { return entry.id; },
             CellStyle::MonospaceMuted,
             {},
             {}},
            {{"kind", [] { return QString(); }},
             [](const GoToEntry& entry) { return models::GoToWords::nameOf(entry.kind); },
             CellStyle::Muted,
             {},
             {}},
            {{"keys", [] { return QString(); }},
             [](const GoToEntry& entry) { return entry.keys; },
             CellStyle::Muted,
             {},
             {}}};
}

/// The name of a machine is its uuid.
class GoToModel : public Model {
public:
    explicit GoToModel(QObject* parent) : Model(columns(), keyOf, parent) {}
    QVariant data(const QModelIndex& index, int role) const override {
        const GoToEntry* entry = at(index.row());
        if (role == models::MonospaceRole && index.column() == Title && entry != nullptr)
            return entry->kind == GoToEntry::Kind::Machine;
        return Model::data(index, role);
    }
};

}  // namespace

GoToDialog::GoToDialog(const widgets::Theme& theme, const presenters::GoToPresenter& presenter,
                       QWidget* parent)
    : QDialog(parent),
      m_presenter(presenter),
      m_field(new QLineEdit(this)),
      m_model(new GoToModel(this)),
      m_table(new widgets::DataTable(theme, this)),
      m_nothing(widgets::mutedLabel(tr("Nothing is called that"), this)),
      m_leftOut(widgets::mutedLabel({}, this)) {
    setWindowTitle(tr("Go to anything"));
    resize(kSize);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 14, 14, 12);
    column->setSpacing(10);
    m_field->setPlaceholderText(tr("A view, a uuid, a release, an agent, a verb…"));
    m_field->setAccessibleName(tr("Go to anything"));
    column->addWidget(m_field);
    m_table->setModel(m_model);
    m_table->horizontalHeader()->hide();
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setAccessibleName(tr("What was found"));
    m_table->setFocusPolicy(Qt::NoFocus);
    m_table->horizontalHeader()->setStretchLastSection(false);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* panel = new widgets::Panel(theme, this);
    panel->body()->setContentsMargins(4, 4, 4, 4);
    panel->body()->addWidget(m_table);
    m_nothing->setAlignment(Qt::AlignCenter);
    panel->body()->addWidget(m_nothing);
    column->addWidget(panel, 1);
    column->addWidget(m_leftOut);
    m_field->installEventFilter(this);
    connect(m_field, &QLineEdit::textChanged, this, &GoToDialog::update);
    connect(m_table, &QTableView::clicked, this, &GoToDialog::take);
    update();
    m_field->setFocus();
}

void GoToDialog::update() {
    const auto answer = m_presenter.find(m_field->text());
    m_model->setRecords(answer.entries);
    m_leftOut->setText(answer.leftOut);
    m_leftOut->setVisible(!answer.leftOut.isEmpty());
    const bool found = m_model->rowCount() > 0;
    fitColumns();
    m_table->setVisible(found);
    m_nothing->setVisible(!found);
    if (found) m_table->selectRow(0);
}

// As wide as what they hold; where that is too much, the longest texts give way.
void GoToDialog::fitColumns() {
    int widths[Keys + 1];
    int excess = -m_table->viewport()->width();
    for (int column = Title; column <= Keys; ++column) {
        m_table->resizeColumnToContents(column);
        widths[column] = m_table->columnWidth(column);
        excess += widths[column];
    }
    while (excess > 0) {
        int& widest = widths[Title] >= widths[Detail] ? widths[Title] : widths[Detail];
        if (widest <= kLeastWidth) break;
        --widest;
        --excess;
    }
    widths[Keys] += std::max(0, -excess);  // the list has no end but its frame
    for (int column = Title; column <= Keys; ++column)
        m_table->setColumnWidth(column, widths[column]);
}

void GoToDialog::resizeEvent(QResizeEvent* event) {
    QDialog::resizeEvent(event);
    // The list has its width with the dialog's layout.
    layout()->activate();
    fitColumns();
}

void GoToDialog::step(int rows) {
    const int last = m_model->rowCount() - 1;
    if (last < 0) return;
    m_table->selectRow(std::clamp(m_table->currentIndex().row() + rows, 0, last));
}

// The field keeps the keyboard; the keys that move go to the list.
bool GoToDialog::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_field || event->type() != QEvent::KeyPress)
        return QDialog::eventFilter(watched, event);
    constexpr int kPage = 10;
    switch (static_cast<QKeyEvent*>(event)->key()) {
        case Qt::Key_Down:
            step(1);
            return true;
        case Qt::Key_Up:
            step(-1);
            return true;
        case Qt::Key_PageDown:
            step(kPage);
            return true;
        case Qt::Key_PageUp:
            step(-kPage);
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            take();
            return true;
        default:
            return QDialog::eventFilter(watched, event);
    }
}

void GoToDialog::take() {
    const GoToEntry* entry = m_model->at(m_table->currentIndex().row());
    if (entry == nullptr) return;
    // From the event loop, when this one is closed: what is chosen may open a dialog of its own.
    QTimer::singleShot(0, parent(), entry->go);
    accept();
}

}  // namespace ifrit::gui::app
