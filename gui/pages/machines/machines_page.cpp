// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/machines/machines_page.h"

#include <QHeaderView>

#include "gui/models/selection_keeper.h"
#include "gui/pages/table_export.h"
#include "gui/widgets/chip.h"
#include "gui/widgets/column_chooser.h"
#include "gui/widgets/danger_sheet.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/filter_line.h"
#include "gui/widgets/flow_layout.h"
#include "gui/widgets/splitter.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {
namespace {

/// Facets count every row shown; ten times a second would be a waste at a million.
constexpr int kFacetsEveryMs = 500;
constexpr int kChipGap = 8;

}  // namespace

MachinesPage::MachinesPage(const widgets::Theme& theme, presenters::MachinesPresenter& presenter,
                           QWidget* parent)
    : Page(theme, parent),
      m_presenter(presenter),
      m_revoke(dangerButton({}, this)),
      m_remove(dangerButton({}, this)),
      m_columns(new QPushButton(this)),
      m_export(new QPushButton(this)),
      m_filter(new widgets::FilterField(this)),
      m_clear(new QPushButton(this)),
      m_hint(new QLabel(this)),
      m_answer(new QLabel(this)),
      m_facets(new widgets::FlowLayout(kChipGap)),
      m_order(new QPushButton(this)),
      m_splitter(new widgets::Splitter(theme, Qt::Horizontal, this)),
      m_table(new widgets::DataTable(theme, this)),
      m_detail(new MachineDetailView(
          theme, {presenter.detail(), presenter.log(), presenter.usage(), presenter.times()},
          this)) {
    build();
    connectParts();
    retranslate();
}

void MachinesPage::build() {
    actions()->addWidget(m_revoke);
    actions()->addWidget(m_remove);
    actions()->addWidget(m_columns);
    actions()->addWidget(m_export);
    auto* bar = new QHBoxLayout;
    bar->setSpacing(10);
    m_filter->setFont(theme().monospaceFont());
    bar->addWidget(m_filter, 1);
    bar->addWidget(m_clear);
    tools()->addLayout(bar);
    m_hint->setProperty("look", QLatin1String("fail"));
    m_hint->setWordWrap(true);
    tools()->addWidget(m_hint);
    m_answer->setObjectName(QStringLiteral("answer"));
    m_answer->setProperty("look", QLatin1String("fail"));
    m_answer->setWordWrap(true);
    m_answer->setTextFormat(Qt::PlainText);
    m_answer->hide();
    tools()->addWidget(m_answer);
    auto* facets = new QHBoxLayout;
    facets->setSpacing(kChipGap);
    facets->addLayout(m_facets, 1);
    m_order->setProperty("look", QLatin1String("link"));
    facets->addWidget(m_order, 0, Qt::AlignTop);
    tools()->addLayout(facets);
    auto* panel = new widgets::Panel(theme(), m_splitter);
    panel->body()->setContentsMargins(6, 6, 6, 6);
    m_table->setModel(&m_presenter.model());
    m_table->setObjectName(QStringLiteral("machines"));
    // What wants attention comes first.
    m_table->makeSortable(static_cast<int>(models::MachineColumn::State));
    using models::MachineColumn;
    const auto column = [](MachineColumn one) { return static_cast<int>(one); };
    m_table->keepWhole(column(MachineColumn::Uuid));
    m_table->keepWhole(column(MachineColumn::Address));
    // Name and version of one agent; what it does now, as far as it says anything.
    m_table->keepAtLeast(column(MachineColumn::Agents), 190);
    m_table->keepAtLeast(column(MachineColumn::Now), 130);
    // The panel beside it has all of these.
    m_table->leaveOut({column(MachineColumn::Labels), column(MachineColumn::Rss),
                       column(MachineColumn::Cpu), column(MachineColumn::Batch),
                       column(MachineColumn::Address), column(MachineColumn::Pin),
                       column(MachineColumn::Now), column(MachineColumn::LastSeen)});
    m_table->fitColumns();
    panel->body()->addWidget(m_table);
    new models::SelectionKeeper(m_table->selectionModel(), [this](const QString& key) {
        return m_presenter.model().rowOfUuid(key);
    });
    m_splitter->addWidget(panel);
    m_splitter->addWidget(m_detail);
    m_splitter->setObjectName(QStringLiteral("machines-splitter"));
    m_splitter->setStretchFactor(0, 1);
    m_detail->setMinimumWidth(300);
    // Room for what the rows say; the tabs beside them stand in one line at this width.
    m_splitter->shareOut({760, 452});
    body()->addWidget(m_splitter, 1);
}

void MachinesPage::connectParts() {
    offer({m_revoke},
          [this] { return chosen().value_or(QStringList()).join(QStringLiteral(", ")); });
    offer({m_remove});
    offer(m_detail->verbs(), [this] { return m_presenter.detail().uuid(); });
    m_filter->setChoices([this](const QString& text, int cursor) {
        return m_presenter.filterChoices(text, cursor);
    });
    m_filter->keepClear([this] {
        QList<QRect> out = {noticeWords()};
        for (const QLabel* said : {m_hint, m_answer}) {
            if (said->isVisible()) out << QRect(said->mapTo(this, QPoint()), said->size());
        }
        return out;
    });
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
        if (m_filter->isBeingTyped())
            m_presenter.typeFilter(text, m_filter->cursorPosition());
        else
            m_presenter.setFilter(text);
    });
    connect(m_filter, &QLineEdit::editingFinished, &m_presenter,
            &presenters::MachinesPresenter::finishFilter);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
        widgets::FilterLine::allowClear(*m_clear, !text.isEmpty());
    });
    connect(m_clear, &QPushButton::clicked, this, [this] {
        m_filter->clear();
        // The button goes off: the next key is meant for here.
        m_filter->setFocus();
    });
    connect(m_order, &QPushButton::clicked, this, &MachinesPage::resort);
    connect(m_export, &QPushButton::clicked, this,
            [this] { exportTable(exportOf(*m_table), this); });
    connect(m_columns, &QPushButton::clicked, this, [this] {
        widgets::ColumnChooser::openAt(*m_table,
                                       m_columns->mapToGlobal(QPoint(0, m_columns->height())));
    });
    connect(m_revoke, &QPushButton::clicked, this, &MachinesPage::revoke);
    connect(m_remove, &QPushButton::clicked, this, &MachinesPage::remove);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &MachinesPage::updateVerbs);
    auto& removal = m_presenter.removal();
    connect(&removal, &presenters::MachineRemovalPresenter::changed, this,
            &MachinesPage::updateVerbs);
    const auto told = [this](const QString& sentence) {
        m_answerOf = m_presenter.detail().uuid();
        m_answer->setText(sentence);
        m_answer->setVisible(!sentence.isEmpty());
    };
    connect(&removal, &presenters::MachineRemovalPresenter::acted, this, told);
    connect(&removal, &presenters::MachineRemovalPresenter::removed, this,
            &MachinesPage::chooseNone);
    auto& revocation = m_presenter.revocation();
    connect(&revocation, &presenters::MachineRevocationPresenter::changed, this,
            &MachinesPage::updateVerbs);
    connect(&revocation, &presenters::MachineRevocationPresenter::acted, this, told);
    connect(&revocation, &presenters::MachineRevocationPresenter::revoked, this, &Page::told);
    connect(&m_presenter, &presenters::MachinesPresenter::answersOver, this,
            &MachinesPage::forgetAnswer);
    connect(m_table, &widgets::DataTable::detailsWanted, this,
            [this] { m_detail->setVisible(m_detail->isHidden()); });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &MachinesPage::choose);
    answerNotice({[this] { m_filter->clear(); }, {}});
    connect(&m_presenter, &presenters::MachinesPresenter::changed, this, [this] {
        if (isVisible()) update();
    });
    m_facetTimer.setSingleShot(true);
    m_facetTimer.setInterval(kFacetsEveryMs);
    connect(&m_facetTimer, &QTimer::timeout, this, &MachinesPage::updateFacets);
}

void MachinesPage::retranslate() {
    setTitle(viewName());
    m_revoke->setText(tr("Revoke…"));
    m_remove->setText(tr("Remove…"));
    m_columns->setText(tr("Columns"));
    m_export->setText(withKey(tr("Export…"), QStringLiteral("export")));
    m_filter->setPlaceholderText(
        tr("state:failed  type:LINUX  pin:acme  agent:name  version<4.2  batch:3  label:zone=b  "
           "-uuid:/^test/"));
    m_filter->setAccessibleName(tr("Filter machines"));
    m_filter->setToolTip(
        tr("Terms are joined by and; - before one turns it round. Ctrl+Space shows "
           "what can be written at the cursor."));
    m_clear->setText(tr("Clear"));
    widgets::FilterLine::allowClear(*m_clear, !m_filter->text().isEmpty());
    m_order->setText(withKey(tr("order is out of date: sort again"), QStringLiteral("resort")));
    m_table->setAccessibleName(tr("Machines"));
    m_detail->retranslate();
    update();
    updateFacets();
}

void MachinesPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    update();
    updateFacets();
}

void MachinesPage::update() {
    // Without content there is no table to filter; the filter stays where it is the reason.
    show(m_presenter.notice());
    setFacts(m_presenter.countLine());
    m_hint->setText(m_presenter.filterHint());
    m_hint->setVisible(m_presenter.filterError().has_value());
    // Once it has its place.
    if (m_filter->offers()) QTimer::singleShot(0, m_filter, &widgets::FilterField::placeAgain);
    // An empty field is neither right nor wrong.
    const char* verdict = m_presenter.filterError()    ? "bad"
                          : m_filter->text().isEmpty() ? ""
                                                       : "good";
    if (m_filter->property("verdict").toString() != QLatin1String(verdict)) {
        m_filter->setProperty("verdict", QLatin1String(verdict));
        widgets::setLook(m_filter, "filter");
    }
    m_order->setVisible(m_presenter.orderOutOfDate());
    updateVerbs();
    if (!m_facetTimer.isActive()) m_facetTimer.start();
}

void MachinesPage::updateFacets() {
    const auto facets = m_presenter.facets();
    while (m_facetButtons.size() < static_cast<qsizetype>(facets.size())) {
        auto* button = new widgets::Chip(this);
        button->setCheckable(true);
        button->setOld(models::isOld(shownState()));
        m_facets->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, button] {
            m_presenter.toggleTerm(button->property("term").toString());
            m_filter->setText(m_presenter.filterText());
        });
        m_facetButtons.append(button);
    }
    const QStringList terms = m_presenter.filterText().split(QLatin1Char(' '));
    for (qsizetype i = 0; i < m_facetButtons.size(); ++i) {
        QPushButton* button = m_facetButtons[i];
        button->setVisible(i < static_cast<qsizetype>(facets.size()));
        if (button->isHidden()) continue;
        const auto& facet = facets[static_cast<std::size_t>(i)];
        // A chip's text is the fleet's own: '&' in it is no shortcut.
        QString text = facet.text;
        text.replace(QLatin1Char('&'), QStringLiteral("&&"));
        if (!facet.isFurther) text += QLatin1Char(' ') + models::grouped(facet.machines);
        button->setText(text);
        button->setEnabled(facet.isTerm());
        button->setToolTip(facet.hint);
        button->setAccessibleDescription(facet.hint);
        button->setProperty("term", facet.term);
        button->setChecked(facet.isTerm() && terms.contains(facet.term));
    }
}

void MachinesPage::choose(const QModelIndex& index) {
    if (!index.isValid()) return;
    const QString uuid = m_presenter.model().uuidAt(index.row());
    if (uuid != m_answerOf) forgetAnswer();
    m_presenter.detail().show(uuid);
}

void MachinesPage::forgetAnswer() {
    m_answer->clear();
    m_answer->hide();
}

std::optional<QStringList> MachinesPage::chosen() const {
    // By ranges: all of a million rows can be chosen.
    QStringList out;
    for (const QItemSelectionRange& range : m_table->selectionModel()->selection()) {
        if (out.size() + range.height() > static_cast<qsizetype>(services::kMachinesAtOnce))
            return std::nullopt;
        for (int row = range.top(); row <= range.bottom(); ++row)
            out << m_presenter.model().uuidAt(row);
    }
    return out;
}

void MachinesPage::updateVerbs() {
    const auto uuids = chosen();
    apply(m_remove,
          uuids ? m_presenter.removal().action(*uuids)
                : presenters::MachineRemovalPresenter::tooMany(),
          tr("Take machines that are gone out of the cluster"));
    // More than can be removed at once are more than one, too.
    apply(m_revoke,
          m_presenter.revocation().action(uuids.value_or(QStringList{QString(), QString()})),
          tr("Take its certificates from a machine that was stolen or lost its key"));
}

void MachinesPage::revoke() {
    const auto uuids = chosen();
    auto& revocation = m_presenter.revocation();
    if (!uuids || !revocation.action(*uuids).enabled()) return;
    const QString uuid = uuids->front();
    forgetAnswer();
    const auto follow = [&](widgets::DangerSheet& sheet) {
        const auto whyNot = [&] { return revocation.action({uuid}).whyNot; };
        sheet.follow(revocation, &presenters::MachineRevocationPresenter::changed, whyNot);
        sheet.follow(revocation, &presenters::MachineRevocationPresenter::machinesChanged, whyNot);
    };
    if (const auto said = widgets::DangerSheet::ask(theme(), revocation.facts(uuid), this, follow))
        revocation.revoke(uuid, said->reason);
}

void MachinesPage::remove() {
    const auto uuids = chosen();
    auto& removal = m_presenter.removal();
    if (!uuids || !removal.action(*uuids).enabled()) return;
    forgetAnswer();
    const auto follow = [&](widgets::DangerSheet& sheet) {
        const auto whyNot = [&] { return removal.action(*uuids).whyNot; };
        sheet.follow(removal, &presenters::MachineRemovalPresenter::changed, whyNot);
        sheet.follow(removal, &presenters::MachineRemovalPresenter::machinesChanged, whyNot);
    };
    if (const auto said = widgets::DangerSheet::ask(theme(), removal.facts(*uuids), this, follow))
        removal.remove(*uuids, said->reason);
}

ExportTable MachinesPage::exportOf(const widgets::DataTable& table) const {
    ExportTable out = Page::exportOf(table);
    // It holds the first pages at most.
    if (&table == m_detail->timeline() && m_presenter.detail().hasMoreEvents())
        out.shown = [this] { return m_presenter.detail().eventRows(); };
    if (&table != m_table) return out;
    out.name = tr("machines");
    out.all = [this] { return m_presenter.everyMachine(); };
    return out;
}

QList<models::CtlCommand> MachinesPage::commands() const {
    if (const QString uuid = m_presenter.detail().uuid(); !uuid.isEmpty())
        return {models::machineCommand(uuid)};
    return {models::machinesCommand(m_presenter.filterText())};
}

void MachinesPage::focusFilter() {
    m_filter->setFocus();
    m_filter->selectAll();
}

void MachinesPage::setFilter(const QString& filter) {
    m_filter->setText(filter);
}

void MachinesPage::showMachine(const QString& uuid) {
    int row = m_presenter.model().rowOfUuid(uuid);
    if (row < 0) {
        m_filter->clear();
        row = m_presenter.model().rowOfUuid(uuid);
    }
    // Nobody takes another one for it.
    if (row < 0) return chooseNone();
    const QModelIndex index = m_presenter.model().index(row, 0);
    m_table->selectionModel()->setCurrentIndex(
        index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    m_table->scrollTo(index);
}

bool MachinesPage::escape() {
    if (!m_filter->text().isEmpty()) {
        m_filter->clear();
        return true;
    }
    if (!m_presenter.detail().uuid().isEmpty()) {
        chooseNone();
        return true;
    }
    return false;
}

// Where the current row goes, Qt makes its neighbour the current one, which nobody chose.
void MachinesPage::chooseNone() {
    m_table->clearSelection();
    m_table->setCurrentIndex({});
    m_presenter.detail().show({});
}

}  // namespace ifrit::gui::pages
