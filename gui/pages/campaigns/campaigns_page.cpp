// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/campaigns/campaigns_page.h"

#include <QItemSelectionModel>

#include "gui/models/selection_keeper.h"
#include "gui/pages/campaigns/abort_sheet.h"
#include "gui/pages/campaigns/new_campaign_dialog.h"
#include "gui/widgets/danger_sheet.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/figure_strip.h"
#include "gui/widgets/filter_line.h"
#include "gui/widgets/identifier_words.h"
#include "gui/widgets/panel.h"
#include "gui/widgets/status_badge.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {

using presenters::CampaignsPresenter;

CampaignsPage::CampaignsPage(const widgets::Theme& theme, CampaignsPresenter& presenter,
                             presenters::NewCampaignPresenter& newCampaign, QWidget* parent)
    : Page(theme, parent),
      m_presenter(presenter),
      m_newCampaign(newCampaign),
      m_new(primaryButton({}, this)),
      m_strip(new widgets::FigureStrip(theme, this)),
      m_filter(new widgets::FilterLine(this)),
      m_table(new widgets::DataTable(theme, this)),
      m_detail(new widgets::Panel(theme, this)),
      m_badge(new widgets::StatusBadge(theme, this)),
      m_facts(new QLabel(this)),
      m_carried(new QLabel(this)),
      m_answer(new QLabel(this)),
      m_seats(new widgets::DataTable(theme, this)),
      m_start(primaryButton({}, this)),
      m_abort(dangerButton({}, this)) {
    actions()->addWidget(m_new);
    tools()->addWidget(m_filter);
    body()->addWidget(m_strip);
    buildList();
    buildDetail();
    connectParts();
    retranslate();
}

void CampaignsPage::buildList() {
    auto* panel = new widgets::Panel(theme(), this);
    panel->body()->setContentsMargins(6, 6, 6, 6);
    m_table->setModel(&m_presenter.model());
    m_table->setObjectName(QStringLiteral("campaigns"));
    m_table->makeSortable();
    m_table->fitColumns();
    panel->body()->addWidget(m_table);
    body()->addWidget(panel, 2);
    new models::SelectionKeeper(m_table->selectionModel(), [this](const QString& key) {
        return m_presenter.model().rowOfKey(key);
    });
}

void CampaignsPage::buildDetail() {
    auto* row = new QHBoxLayout;
    m_facts->setWordWrap(true);
    m_facts->setProperty("look", QLatin1String("muted"));
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse);
    row->addWidget(m_badge);
    row->addWidget(m_facts, 1);
    row->addWidget(m_start);
    row->addWidget(m_abort);
    m_detail->body()->addLayout(row);
    for (QLabel* label : {m_answer, m_carried}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->hide();
        m_detail->body()->addWidget(label);
    }
    m_answer->setProperty("look", QLatin1String("fail"));
    m_seats->setModel(&m_presenter.seatModel());
    m_seats->setObjectName(QStringLiteral("campaign-clusters"));
    m_seats->fitColumns();
    m_seats->keepWhole(1);
    m_detail->body()->addWidget(m_seats, 1);
    body()->addWidget(m_detail, 3);
}

void CampaignsPage::connectParts() {
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& index) {
                m_answer->hide();
                m_presenter.choose(index.data(models::KeyRole).toString());
            });
    offer({m_new});
    offer({m_start, m_abort}, [this] { return m_presenter.title(); });
    connectFilter(*m_filter, *m_table);
    connect(m_filter, &widgets::FilterLine::filtered, &m_presenter, &CampaignsPresenter::setFilter);
    connect(m_table, &widgets::DataTable::detailsWanted, this,
            [this] { m_detail->setVisible(m_detail->isHidden()); });
    connect(m_seats, &widgets::DataTable::opened, this,
            [this](const QModelIndex& index) { m_presenter.openRelease(index.row()); });
    connect(&m_presenter, &CampaignsPresenter::releaseWanted, this, &CampaignsPage::releaseWanted);
    connect(m_new, &QPushButton::clicked, this, &CampaignsPage::create);
    connect(m_start, &QPushButton::clicked, &m_presenter, &CampaignsPresenter::prepareStart);
    connect(m_abort, &QPushButton::clicked, this, &CampaignsPage::askAbort);
    connect(&m_presenter, &CampaignsPresenter::changed, this, &CampaignsPage::update);
    connect(&m_presenter, &CampaignsPresenter::startPrepared, this, &CampaignsPage::askStart);
    connect(&m_presenter, &CampaignsPresenter::acted, this, [this](const QString& sentence) {
        m_answer->setText(sentence);
        m_answer->setVisible(!sentence.isEmpty());
    });
    answerNotice({[this] { m_filter->clear(); }, [this] { create(); }});
}

void CampaignsPage::retranslate() {
    setTitle(viewName());
    m_new->setText(tr("New campaign…"));
    m_start->setText(tr("Start the next cluster…"));
    m_abort->setText(tr("Abort…"));
    m_filter->setWords(tr("Filter by name, agent, version, state, maker…"),
                       tr("Filter of the campaigns"));
    m_table->setAccessibleName(tr("Campaigns"));
    m_seats->setAccessibleName(tr("Clusters of the campaign, in their order"));
    update();
}

void CampaignsPage::update() {
    show(m_presenter.notice());
    setFacts(m_presenter.countLine());
    m_strip->setFigures(m_presenter.figures());
    m_table->setEmptyText(m_presenter.emptyLine());
    apply(m_new, m_presenter.createAction());
    apply(m_start, m_presenter.startAction());
    apply(m_abort, m_presenter.abortAction());
    const bool has = m_presenter.board() != nullptr;
    m_detail->setHeading(has ? m_presenter.title() : tr("No campaign is chosen."), {});
    m_badge->setVisible(has);
    m_badge->setLook(m_presenter.look());
    widgets::showSentence(*m_facts, theme(), m_presenter.factsLine());
    const QString carried = m_presenter.carryLine();
    m_carried->setText(carried);
    m_carried->setVisible(!carried.isEmpty());
    widgets::setLook(m_carried, m_presenter.carryFailed() ? "fail" : "muted");
    const int row = m_presenter.model().rowOfKey(m_presenter.chosen());
    if (row >= 0 && m_table->currentIndex().row() != row) m_table->selectRow(row);
}

ExportTable CampaignsPage::exportOf(const widgets::DataTable& table) const {
    ExportTable out = Page::exportOf(table);
    if (&table == m_table && m_filter->filters()) out.all = [this] { return m_presenter.rows(); };
    return out;
}

QList<models::CtlCommand> CampaignsPage::commands() const {
    return {m_presenter.command()};
}

void CampaignsPage::focusFilter() {
    m_filter->focusLine();
}

bool CampaignsPage::escape() {
    const bool filters = m_filter->filters();
    m_filter->clear();
    return filters;
}

void CampaignsPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    m_presenter.setShown(true);
}

void CampaignsPage::hideEvent(QHideEvent* event) {
    Page::hideEvent(event);
    m_presenter.setShown(false);
}

void CampaignsPage::create() {
    if (!m_presenter.createAction().enabled()) return;
    NewCampaignDialog dialog(theme(), m_newCampaign, this);
    dialog.exec();
}

void CampaignsPage::showCampaign(const QString& id) {
    // It would not be seen.
    m_filter->clear();
    m_presenter.choose(id);
    m_presenter.refresh();
}

void CampaignsPage::askStart() {
    const auto follow = [this](widgets::DangerSheet& sheet) {
        sheet.follow(m_presenter, &CampaignsPresenter::changed, [this] {
            return m_presenter.whyNotPrepared().value_or(widgets::DangerSheet::gone());
        });
    };
    if (const auto said =
            widgets::DangerSheet::ask(theme(), m_presenter.startFacts(), this, follow))
        m_presenter.start(said->reason);
}

void CampaignsPage::askAbort() {
    if (!m_presenter.abortAction().enabled()) return;
    AbortSheet sheet(theme(), m_presenter, this);
    if (sheet.exec() == QDialog::Accepted) m_presenter.abort(sheet.target(), sheet.reason());
}

}  // namespace ifrit::gui::pages
