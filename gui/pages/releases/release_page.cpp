// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/releases/release_page.h"

#include <QTimer>

#include <algorithm>
#include <functional>

#include "gui/pages/picture_export.h"
#include "gui/pages/ring/ring_panel.h"
#include "gui/widgets/batch_lanes.h"
#include "gui/widgets/command_target.h"
#include "gui/widgets/danger_sheet.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/figure_strip.h"
#include "gui/widgets/status_badge.h"
#include "gui/widgets/wrapped_label.h"

namespace ifrit::gui::pages {

using domain::ReleaseVerb;
using presenters::ReleasePresenter;

namespace {

constexpr int kRingWidth = 330;
/// Of its table: what the batches are, and how many machines of each.
constexpr int kRingTableWidth = 430;
/// A few lanes; the others are scrolled.
constexpr int kLeastLanesHigh = 96;
/// As the operator finds it: eleven lanes and their legend, and of the tabs a chart.
constexpr int kStagesHigh = 348;
constexpr int kTabsHigh = 312;
constexpr int kEveryMs = 1'000;

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

/// Lanes, and the ring beside them. By itself as high as both need; where somebody has moved the
/// handle up, as high as the lanes need, and the ring goes where it has no room.
class StageRow : public TakesWhatThereIs<QWidget> {
public:
    StageRow(const QWidget& lanes, widgets::Splitter* parent)
        : TakesWhatThereIs(parent), m_lanes(lanes), m_splitter(*parent) {
        connect(parent, &widgets::Splitter::tightChanged, this, [this] { updateGeometry(); });
    }

    QSize minimumSizeHint() const override {
        QSize out = TakesWhatThereIs::minimumSizeHint();
        if (m_splitter.isTight()) out.setHeight(m_lanes.minimumSizeHint().height());
        return out;
    }
    std::function<void()> resized;

protected:
    void resizeEvent(QResizeEvent* event) override {
        TakesWhatThereIs::resizeEvent(event);
        if (resized) resized();
    }

private:
    const QWidget& m_lanes;
    const widgets::Splitter& m_splitter;
};

ReleasePage::ReleasePage(const widgets::Theme& theme, const ReleasePageParts& parts,
                         QWidget* parent)
    : Page(theme, parent),
      m_presenter(parts.release),
      m_ring(parts.ring),
      m_badge(new widgets::StatusBadge(theme, this)),
      m_line(new widgets::WrappedLabel(this)),
      m_answer(new widgets::WrappedLabel(this)),
      m_strip(new widgets::FigureStrip(theme, this)),
      m_splitter(new widgets::Splitter(theme, Qt::Vertical, this)),
      m_stagePanel(new widgets::Panel(theme, this)),
      m_laneArea(new QScrollArea(this)),
      m_lanes(new widgets::BatchLanes(theme, this)),
      m_stageTable(new widgets::DataTable(theme, this)),
      m_export(addExport(*m_stagePanel)),
      m_ringPanel(new RingPanel(theme, parts.ring, this)),
      m_ringNeeds(kStagesHigh),
      m_tabs(new ReleaseTabs(theme, {parts.release, parts.charts, parts.times}, this)),
      m_seconds(new QTimer(this)) {
    build();
    buildStages();
    buildTabs();
    connectParts();
    retranslate();
}

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
    m_laneArea->setMinimumHeight(kLeastLanesHigh);
    m_laneArea->viewport()->setAutoFillBackground(false);
    m_lanes->setAutoFillBackground(false);
    m_stagePanel->body()->addWidget(m_laneArea, 1);
    m_stageTable->setModel(&m_presenter.stageModel());
    // Beside the ring's table there is no room for all.
    constexpr int kReverted = 5;
    constexpr int kOffline = 7;
    constexpr int kOpened = 8;
    m_stageTable->leaveOut({kOffline, kReverted, kOpened});
    m_stageTable->fitColumns();
    m_stageTable->setMinimumHeight(120);
    m_stageTable->hide();
    m_stagePanel->body()->addWidget(m_stageTable, 1);
    m_stagePanel->body()->addStretch(0);
    m_stages = new StageRow(*m_stagePanel, m_splitter);
    auto* row = new QHBoxLayout(m_stages);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    row->addWidget(m_stagePanel, 1);
    m_ringPanel->setFixedWidth(kRingWidth);
    row->addWidget(m_ringPanel);
    m_splitter->addWidget(m_stages);
    m_splitter->setObjectName(QStringLiteral("release-splitter"));
    body()->addWidget(m_splitter, 1);
    connect(m_splitter, &widgets::Splitter::taken, this, [this] {
        m_isMoving = true;
        if (wantsRing()) m_splitter->setTight(true);
    });
    connect(m_splitter, &widgets::Splitter::released, this, [this] {
        m_isMoving = false;
        stagesResized();
    });
    connect(m_splitter, &widgets::Splitter::tightChanged, this, &ReleasePage::showRing);
    m_stages->resized = [this] { stagesResized(); };
    connect(m_export, &QPushButton::clicked, this,
            [this] { exportPicture(*m_lanes, this->theme(), QStringLiteral("stages"), this); });
    connect(m_ringPanel, &RingPanel::machineWanted, this, &ReleasePage::machineWanted);
    connect(m_ringPanel, &RingPanel::filterWanted, this, &ReleasePage::filterWanted);
}

void ReleasePage::buildTabs() {
    auto* panel = new TakesWhatThereIs<widgets::Panel>(theme(), m_splitter);
    panel->body()->addWidget(m_tabs);
    m_splitter->addWidget(panel);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({kStagesHigh, kTabsHigh});
}

void ReleasePage::connectParts() {
    for (const auto& [verb, button] : m_verbs)
        connect(button, &QPushButton::clicked, &m_presenter,
                [this, v = verb] { m_presenter.prepare(v); });
    connect(m_tabs, &ReleaseTabs::machineWanted, this, &ReleasePage::machineWanted);
    connect(&m_presenter, &ReleasePresenter::changed, this, &ReleasePage::update);
    connect(&m_presenter, &ReleasePresenter::prepared, this, &ReleasePage::ask);
    connect(&m_presenter, &ReleasePresenter::acted, this, [this](const QString& sentence) {
        m_answer->setText(sentence);
        m_answer->setVisible(!sentence.isEmpty());
    });
    // How long it runs and what is left of soak goes on while the master has nothing to say.
    m_seconds->setObjectName(QStringLiteral("release-seconds"));
    m_seconds->setInterval(kEveryMs);
    connect(m_seconds, &QTimer::timeout, this, &ReleasePage::tell);
    answerNotice();
}

void ReleasePage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    tell();
    count();
}

void ReleasePage::hideEvent(QHideEvent* event) {
    Page::hideEvent(event);
    count();
}

void ReleasePage::count() {
    const bool counts = isVisible() && m_presenter.counts();
    if (counts == m_seconds->isActive()) return;
    counts ? m_seconds->start() : m_seconds->stop();
}

/// What counts; strip and lanes take only what has changed.
void ReleasePage::tell() {
    m_strip->setFigures(m_presenter.figures());
    m_lanes->setLanes(m_presenter.lanes());
}

ExportTable ReleasePage::exportOf(const widgets::DataTable& table) const {
    ExportTable out = Page::exportOf(table);
    // The tables hold the first pages at most.
    if (const auto source = m_tabs->sourceOf(table)) out.shown = source;
    return out;
}

void ReleasePage::retranslate() {
    m_stagePanel->setHeading(tr("Stages"),
                             withKey(tr("as a table:"), QStringLiteral("table-form")));
    m_export->setText(tr("Export…"));
    m_export->setAccessibleName(tr("Export the stages as a picture"));
    m_ringPanel->retranslate();
    m_tabs->retranslate();
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
    const bool ended = m_presenter.info() && m_presenter.info()->ended();
    widgets::setLook(m_line, failed ? "fail" : ended ? "muted" : "wait");
    m_strip->setFigures(m_presenter.figures());
    updateLanes();
    m_tabs->update();
    updateVerbs();
    count();
}

void ReleasePage::updateLanes() {
    m_lanes->setLanes(m_presenter.lanes());
    m_laneArea->setMaximumHeight(m_lanes->sizeHint().height());
    m_ring.setRelease(m_presenter.info());
    const bool ring = wantsRing();
    showRing();
    // Two lanes and no ring: what they do not need is for the tabs, until there is a ring again.
    const int frame = m_stagePanel->sizeHint().height() - m_laneArea->sizeHint().height();
    m_stages->setMaximumHeight(ring || m_stageTable->isVisibleTo(m_stagePanel)
                                   ? QWIDGETSIZE_MAX
                                   : frame +
                                         std::max(kLeastLanesHigh, m_laneArea->maximumHeight()));
}

bool ReleasePage::wantsRing() const {
    return m_presenter.info() && m_ring.isWanted();
}

void ReleasePage::showRing() {
    if (m_ringPanel->isVisibleTo(m_stages)) m_ringNeeds = m_ringPanel->minimumSizeHint().height();
    const bool fits = m_stages->height() >= m_ringNeeds;
    m_ringPanel->setVisible(wantsRing() && (fits || !m_splitter->isTight()));
}

void ReleasePage::stagesResized() {
    showRing();
    // Not while the handle is on its way: it may go up again.
    const bool fits = m_stages->height() >= m_ringNeeds;
    if (fits && !m_isMoving && wantsRing()) m_splitter->setTight(false);
}

void ReleasePage::updateVerbs() {
    for (const auto& [verb, button] : m_verbs) {
        apply(button, m_presenter.action(verb),
              widgets::CommandTarget::textOf(*this, {m_presenter.command(verb)}));
        const auto danger = m_presenter.facts(verb).danger;
        const bool asks = danger >= models::DangerClass::ChangesMachines;
        button->setText(m_presenter.nameOf(verb) + (asks ? QStringLiteral("…") : QString()));
        button->setVisible(m_presenter.isOffered(verb));
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
    sheet.follow(m_presenter, &ReleasePresenter::changed,
                 [this, &shown] { return m_presenter.whyNotAnyMore(shown); });
    if (sheet.exec() == QDialog::Accepted) m_presenter.act(shown, sheet.reason());
}

// The painted views have a table form.
void ReleasePage::toggleTableForm() {
    const bool tables = m_stageTable->isHidden();
    m_stageTable->setVisible(tables);
    m_laneArea->setVisible(!tables);
    m_export->setVisible(!tables);
    updateLanes();
    m_ringPanel->showTable(tables);
    m_ringPanel->setFixedWidth(tables ? kRingTableWidth : kRingWidth);
    m_tabs->showTables(tables);
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
