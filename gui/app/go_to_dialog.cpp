// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/go_to_dialog.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QTimer>
#include <QVBoxLayout>

#include "gui/widgets/data_table.h"
#include "gui/widgets/panel.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::app {
namespace {

using models::CellStyle;
using models::GoToEntry;
using Model = models::RecordTableModel<GoToEntry>;

constexpr QSize kSize(720, 440);
constexpr int kTitleWidth = 300;
constexpr int kDetailWidth = 190;
constexpr int kKindWidth = 96;

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

}  // namespace

GoToDialog::GoToDialog(const widgets::Theme& theme, const presenters::GoToPresenter& presenter,
                       QWidget* parent)
    : QDialog(parent),
      m_presenter(presenter),
      m_field(new QLineEdit(this)),
      m_model(new Model(columns(), keyOf, this)),
      m_table(new widgets::DataTable(theme, this)),
      m_nothing(widgets::mutedLabel(tr("Nothing is called that"), this)) {
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
    const int widths[] = {kTitleWidth, kDetailWidth, kKindWidth};
    for (int i = 0; i < 3; ++i)
        m_table->setColumnWidth(i, widths[i]);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* panel = new widgets::Panel(theme, this);
    panel->body()->setContentsMargins(4, 4, 4, 4);
    panel->body()->addWidget(m_table);
    m_nothing->setAlignment(Qt::AlignCenter);
    panel->body()->addWidget(m_nothing);
    column->addWidget(panel, 1);
    m_field->installEventFilter(this);
    connect(m_field, &QLineEdit::textChanged, this, &GoToDialog::update);
    connect(m_table, &QTableView::clicked, this, &GoToDialog::take);
    update();
    m_field->setFocus();
}

void GoToDialog::update() {
    m_model->setRecords(m_presenter.find(m_field->text()));
    const bool found = m_model->rowCount() > 0;
    m_table->setVisible(found);
    m_nothing->setVisible(!found);
    if (found) m_table->selectRow(0);
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
