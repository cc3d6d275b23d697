// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/releases/release_page.h"

#include <algorithm>

#include "gui/models/detail_columns.h"
#include "gui/models/selection_keeper.h"
#include "gui/pages/charts/chart_pane.h"
#include "gui/pages/more_rows.h"
#include "gui/pages/picture_export.h"
#include "gui/pages/ring/ring_panel.h"
#include "gui/widgets/batch_lanes.h"
#include "gui/widgets/command_target.h"
#include "gui/widgets/danger_sheet.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/fact_list.h"
#include "gui/widgets/figure_strip.h"
#include "gui/widgets/status_badge.h"
#include "gui/widgets/wrapped_label.h"

namespace ifrit::gui::pages {

using domain::ReleaseVerb;
using presenters::ReleasePresenter;

namespace {

constexpr int kRingWidth = 330;
/// Eleven lanes and their legend; more are scrolled.
constexpr int kMostLanesHigh = 352;

/// Has as much height as there is, and never less than its parts need. By itself a part in which a
/// label wraps wants the height that it would like to have at its width; where a page has less than
/// all would like, it takes that from those that have no more than they need.
template <typename Widget>
class TakesWhatThereIs : public Widget {
public:
    using Widget::Widget;
    bool hasHeightForWidth() const override { return false; }
};

}  // namespace

ReleasePage::ReleasePage(const widgets::Theme& theme, const ReleasePageParts& parts,
                         QWidget* parent)
    : Page(theme, parent),
      m_presenter(parts.release),
      m_ring(parts.ring),
      m_charts(parts.charts),
      m_badge(new widgets::StatusBadge(theme, this)),
      m_line(new widgets::WrappedLabel(this)),
      m_answer(new widgets::WrappedLabel(this)),
      m_strip(new widgets::FigureStrip(theme, this)),
      m_stagePanel(new widgets::Panel(theme, this)),
      m_laneArea(new QScrollArea(this)),
      m_lanes(new widgets::BatchLanes(theme, this)),
      m_stageTable(new widgets::DataTable(theme, this)),
      m_export(addExport(*m_stagePanel)),
      m_ringPanel(new RingPanel(theme, parts.ring, this)),
      m_cost(new QWidget(this)),
      m_memory(new ChartPane(theme, parts.times, this)),
      m_processor(new ChartPane(theme, parts.times, this)),
      m_convergence(new ChartPane(theme, parts.times, this)),
      m_tabs(new TakesWhatThereIs<QTabWidget>(this)),
      m_failures(new widgets::DataTable(theme, this)),
      m_failuresNote(new QLabel(this)),
      m_machines(new widgets::DataTable(theme, this)),
      m_timeline(new widgets::DataTable(theme, this)),
      m_plan(new widgets::FactList(theme, this)),
      m_planMore(new widgets::FactList(theme, this)),
      m_audit(new widgets::DataTable(theme, this)),
      m_moreMachines(new MoreRows(
          *m_machines, [this] { m_presenter.moreMachines(); }, this)),
      m_moreTimeline(new MoreRows(
          *m_timeline, [this] { m_presenter.moreTimeline(); }, this)),
      m_moreAudit(new MoreRows(
          *m_audit, [this] { m_presenter.moreAudit(); }, this)) {
    build();
    buildStages();
    buildTabs();
    connectParts();
    retranslate();
}

namespace {

/// Verbs that this state and stage will never offer would only be noise; the others are shown,
/// those that are refused now with why.
bool isOffered(ReleaseVerb verb, const services::ReleaseInfo& info) {
    using domain::ReleaseState;
    const ReleaseState state = info.release.state;
    const bool stopped = state == ReleaseState::Paused || state == ReleaseState::Halted;
    if (verb == ReleaseVerb::Rollback && info.allows(verb)) return true;
    if (info.ended()) return false;
    if (state == ReleaseState::Draft)
        return verb == ReleaseVerb::Start || verb == ReleaseVerb::Abort ||
               (verb == ReleaseVerb::Approve && info.approvalRequired);
    const auto closed = std::count_if(info.stages.begin(), info.stages.end(),
                                      [](const auto& stage) { return !stage.counts.opened; });
    switch (verb) {
        case ReleaseVerb::Start:
        case ReleaseVerb::Approve:
            return false;
        case ReleaseVerb::Verify:
            return closed > 0 && info.release.stage != domain::StageKind::Batch;
        case ReleaseVerb::Promote:
            return closed > 0;
        case ReleaseVerb::PromoteAll:
            return closed > 1;  // else promote does the same
        case ReleaseVerb::Pause:
            return !stopped;
        case ReleaseVerb::Resume:
            return stopped;
        default:
            return true;
    }
}

}  // namespace

void ReleasePage::build() {
    // Beside so many verbs the facts have no room.
    stackHeading();
    actions()->addWidget(m_badge);
    for (const ReleaseVerb verb : ReleasePresenter::verbs()) {
        const bool danger = verb == ReleaseVerb::Abort || verb == ReleaseVerb::Rollback ||
                            verb == ReleaseVerb::PromoteAll;
        QPushButton* button = danger ? dangerButton({}, this) : new QPushButton(this);
        if (verb == ReleaseVerb::Verify || verb == ReleaseVerb::Start ||
            verb == ReleaseVerb::Approve) {
            button->setProperty("look", QLatin1String("primary"));
        }
        m_verbs[verb] = button;
        actions()->addWidget(button);
    }
    m_line->setWordWrap(true);
    m_line->setProperty("look", QLatin1String("wait"));
    body()->addWidget(m_line);
    m_answer->setWordWrap(true);
    m_answer->setProperty("look", QLatin1String("fail"));
    m_answer->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_answer->hide();
    body()->addWidget(m_answer);
    body()->addWidget(m_strip);
}

void ReleasePage::buildStages() {
    // A release of twenty batches has more lanes than the page has room.
    m_laneArea->setWidget(m_lanes);
    m_laneArea->setWidgetResizable(true);
    m_laneArea->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_laneArea->viewport()->setAutoFillBackground(false);
    m_lanes->setAutoFillBackground(false);
    m_stagePanel->body()->addWidget(m_laneArea);
    m_stageTable->setModel(&m_presenter.stageModel());
    m_stageTable->fitColumns();
    m_stageTable->setMinimumHeight(120);
    m_stageTable->hide();
    m_stagePanel->body()->addWidget(m_stageTable);
    m_stagePanel->body()->addStretch(0);
    auto* stages = new TakesWhatThereIs<QWidget>(this);
    auto* row = new QHBoxLayout(stages);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    row->addWidget(m_stagePanel, 1);
    m_ringPanel->setFixedWidth(kRingWidth);
    row->addWidget(m_ringPanel);
    body()->addWidget(stages);
    connect(m_export, &QPushButton::clicked, this,
            [this] { exportPicture(*m_lanes, this->theme(), QStringLiteral("stages"), this); });
    connect(m_ringPanel, &RingPanel::machineWanted, this, &ReleasePage::machineWanted);
    connect(m_ringPanel, &RingPanel::filterWanted, this, &ReleasePage::filterWanted);
}

void ReleasePage::buildTabs() {
    auto* panel = new TakesWhatThereIs<widgets::Panel>(theme(), this);
    m_failures->setModel(&m_presenter.failureModel());
    m_timeline->setModel(&m_presenter.timelineModel());
    m_machines->setModel(&m_presenter.machineModel());
    m_machines->setObjectName(QStringLiteral("release-machines"));
    m_machines->makeSortable();
    m_audit->setModel(&m_presenter.auditModel());
    m_audit->setObjectName(QStringLiteral("release-audit"));
    // Always this release.
    constexpr int kObject = 4;
    m_audit->leaveOutAlways(kObject);
    for (const int column : models::kAuditDetails)
        m_audit->leaveOutAlways(column);
    for (const int column : models::kReleaseMachineDetails)
        m_machines->leaveOutAlways(column);
    for (widgets::DataTable* table : {m_failures, m_machines, m_timeline, m_audit})
        table->fitColumns();
    auto* failures = new QWidget(m_tabs);
    auto* failureColumn = new QVBoxLayout(failures);
    failureColumn->setContentsMargins(0, 0, 0, 0);
    failureColumn->addWidget(m_failures);
    failureColumn->addWidget(m_failuresNote);
    m_tabs->addTab(failures, {});
    m_tabs->addTab(m_moreMachines, {});
    m_tabs->addTab(m_moreTimeline, {});
    buildCharts();
    m_tabs->addTab(buildPlan(), {});
    m_tabs->addTab(m_moreAudit, {});
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setDrawBase(false);
    m_tabs->tabBar()->setExpanding(false);
    panel->body()->addWidget(m_tabs);
    body()->addWidget(panel, 1);
    new models::SelectionKeeper(m_machines->selectionModel(), [this](const QString& key) {
        return m_presenter.machineModel().rowOfKey(key);
    });
}

QWidget* ReleasePage::buildPlan() {
    auto* scroll = new QScrollArea(m_tabs);
    auto* page = new QWidget(scroll);
    auto* row = new QHBoxLayout(page);
    row->setContentsMargins(2, 8, 4, 0);
    row->setSpacing(32);
    row->addWidget(m_plan, 1, Qt::AlignTop);
    row->addWidget(m_planMore, 1, Qt::AlignTop);
    scroll->setWidget(page);
    scroll->setWidgetResizable(true);
    scroll->viewport()->setAutoFillBackground(false);
    page->setAutoFillBackground(false);
    return scroll;
}

void ReleasePage::buildCharts() {
    auto* row = new QHBoxLayout(m_cost);
    row->setContentsMargins(0, 8, 0, 0);
    row->setSpacing(24);
    row->addWidget(m_memory, 1);
    row->addWidget(m_processor, 1);
    m_convergence->setContentsMargins(0, 8, 0, 0);
    m_tabs->addTab(m_cost, {});
    m_tabs->addTab(m_convergence, {});
    connect(m_tabs, &QTabWidget::currentChanged, this, &ReleasePage::updateCharts);
    connect(&m_charts, &presenters::ReleaseCharts::changed, this, &ReleasePage::updateCharts);
}

/// Of the tab that is shown: nothing is asked for the sake of the others.
void ReleasePage::updateCharts() {
    const QWidget* shown = m_tabs->currentWidget();
    m_charts.setShown(isVisible() && (shown == m_cost || shown == m_convergence));
    if (shown == m_cost) {
        m_memory->setContent(m_charts.memory(), QStringLiteral("memory"));
        m_processor->setContent(m_charts.processor(), QStringLiteral("processor"));
    } else if (shown == m_convergence) {
        m_convergence->setContent(m_charts.convergence(), QStringLiteral("convergence"));
    }
}

void ReleasePage::connectParts() {
    for (const auto& [verb, button] : m_verbs)
        connect(button, &QPushButton::clicked, &m_presenter,
                [this, v = verb] { m_presenter.prepare(v); });
    connect(m_machines, &widgets::DataTable::opened, this, [this](const QModelIndex& index) {
        Q_EMIT machineWanted(index.data(models::KeyRole).toString());
    });
    connect(m_failures, &widgets::DataTable::opened, this, [this](const QModelIndex& index) {
        const auto* group = m_presenter.failureModel().at(index.row());
        if (group != nullptr) Q_EMIT machineWanted(group->example);
    });
    connect(&m_presenter, &ReleasePresenter::changed, this, &ReleasePage::update);
    connect(&m_presenter, &ReleasePresenter::prepared, this, &ReleasePage::ask);
    connect(&m_presenter, &ReleasePresenter::acted, this, [this](const QString& sentence) {
        m_answer->setText(sentence);
        m_answer->setVisible(!sentence.isEmpty());
    });
    connect(this, &PageFrame::noticeActed, &m_presenter, &ReleasePresenter::refresh);
}

ExportTable ReleasePage::exportOf(const widgets::DataTable& table) const {
    ExportTable out = Page::exportOf(table);
    // The tables hold the first pages at most.
    if (&table == m_machines) out.shown = [this] { return m_presenter.machineRows(); };
    if (&table == m_timeline) out.shown = [this] { return m_presenter.timelineRows(); };
    if (&table == m_audit) out.shown = [this] { return m_presenter.auditRows(); };
    return out;
}

void ReleasePage::retranslate() {
    m_stagePanel->setHeading(tr("Stages"),
                             withKey(tr("as a table:"), QStringLiteral("table-form")));
    m_export->setText(tr("Export…"));
    m_export->setAccessibleName(tr("Export the stages as a picture"));
    m_ringPanel->retranslate();
    m_failures->setAccessibleName(tr("Failures by reason"));
    m_machines->setAccessibleName(tr("Machines of the release"));
    m_timeline->setAccessibleName(tr("Timeline of the release"));
    m_audit->setAccessibleName(tr("Audit rows of the release"));
    m_stageTable->setAccessibleName(tr("Stages"));
    update();
}

void ReleasePage::update() {
    show(m_presenter.notice());
    const QString before = title();
    setTitle(m_presenter.title());
    if (title() != before) Q_EMIT placeChanged();
    setFacts(m_presenter.factsLine());
    m_badge->setVisible(m_presenter.info().has_value());
    m_badge->setLook(m_presenter.look());
    m_line->setText(m_presenter.waitLine());
    m_line->setVisible(!m_presenter.waitLine().isEmpty());
    const bool failed = m_presenter.look().kind == models::StatusKind::Fail;
    widgets::setLook(m_line, failed ? "fail" : "wait");
    m_strip->setFigures(m_presenter.figures());
    const auto empty = m_presenter.emptyLines();
    m_failures->setEmptyText(empty.failures);
    m_machines->setEmptyText(empty.machines);
    m_timeline->setEmptyText(empty.timeline);
    m_audit->setEmptyText(empty.audit);
    updateLanes();
    m_failuresNote->setText(m_presenter.failuresNote());
    m_failuresNote->setVisible(!m_presenter.failuresNote().isEmpty());
    const auto failures = static_cast<qint64>(m_presenter.failures());
    m_tabs->setTabText(
        0, failures > 0 ? tr("Failures %1").arg(models::grouped(failures)) : tr("Failures"));
    m_tabs->setTabText(1, tr("Machines"));
    m_tabs->setTabText(2, tr("Timeline"));
    m_tabs->setTabText(3, tr("Cost"));
    m_tabs->setTabText(4, tr("Convergence"));
    m_tabs->setTabText(5, tr("Plan"));
    m_tabs->setTabText(6, tr("Audit"));
    const auto facts = m_presenter.specFacts();
    const qsizetype half = (facts.size() + 1) / 2;
    m_plan->setFacts(facts.first(half));
    m_planMore->setFacts(facts.sliced(half));
    m_charts.setRelease(m_presenter.info());
    updateCharts();
    m_moreMachines->setMore(m_presenter.hasMoreMachines());
    m_moreTimeline->setMore(m_presenter.hasMoreTimeline());
    m_moreAudit->setMore(m_presenter.hasMoreAudit());
    updateVerbs();
}

void ReleasePage::updateLanes() {
    m_lanes->setLanes(m_presenter.lanes());
    m_laneArea->setFixedHeight(std::min(m_lanes->sizeHint().height(), kMostLanesHigh));
    m_ring.setRelease(m_presenter.info());
    m_ringPanel->setVisible(m_presenter.info() && m_ring.isWanted());
}

void ReleasePage::updateVerbs() {
    const auto& info = m_presenter.info();
    for (const auto& [verb, button] : m_verbs) {
        apply(button, m_presenter.action(verb),
              widgets::CommandTarget::textOf(*this, {m_presenter.command(verb)}));
        const auto danger = m_presenter.facts(verb).danger;
        const bool asks = danger >= models::DangerClass::ChangesMachines;
        button->setText(m_presenter.nameOf(verb) + (asks ? QStringLiteral("…") : QString()));
        button->setVisible(info && isOffered(verb, *info));
    }
}

void ReleasePage::ask(ReleaseVerb verb) {
    if (!m_presenter.action(verb).enabled()) return;
    const models::DangerFacts facts = m_presenter.facts(verb);
    const services::ReleaseAct shown = m_presenter.request(verb);
    if (facts.danger < models::DangerClass::ChangesMachines) {
        m_presenter.act(shown, {});
        return;
    }
    widgets::DangerSheet sheet(theme(), facts, this);
    if (sheet.exec() == QDialog::Accepted) m_presenter.act(shown, sheet.reason());
}

// The painted views have a table form.
void ReleasePage::toggleTableForm() {
    const bool tables = m_stageTable->isHidden();
    m_stageTable->setVisible(tables);
    m_laneArea->setVisible(!tables);
    m_export->setVisible(!tables);
    m_ringPanel->showTable(tables);
    for (ChartPane* chart : {m_memory, m_processor, m_convergence})
        chart->showTable(tables);
}

QList<models::CtlCommand> ReleasePage::commands() const {
    if (!m_presenter.info()) return {};
    return {models::showReleaseCommand(m_presenter.info()->release.number)};
}

QString ReleasePage::place() const {
    return tr("Releases ▸ %1").arg(title());
}

bool ReleasePage::escape() {
    if (m_ringPanel->isVisible() && m_ringPanel->escape()) return true;
    Q_EMIT backWanted();
    return true;
}

}  // namespace ifrit::gui::pages
