// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/releases/new_release_dialog.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>

#include "gui/pages/campaigns/new_campaign_dialog.h"
#include "gui/pages/page.h"
#include "gui/widgets/command_target.h"
#include "gui/widgets/danger_sheet.h"
#include "gui/widgets/fact_list.h"
#include "gui/widgets/panel.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {

using presenters::NewReleasePresenter;
using Step = NewReleasePresenter::Step;

NewReleaseDialog::NewReleaseDialog(const widgets::Theme& theme, NewReleasePresenter& presenter,
                                   QWidget* parent, presenters::NewCampaignPresenter* campaigns)
    : QDialog(parent),
      m_theme(theme),
      m_presenter(presenter),
      m_stack(new QStackedWidget(this)),
      m_form(new NewReleaseForm(theme, presenter, m_stack)),
      m_hint(new QLabel(this)),
      m_back(new QPushButton(tr("Back"), this)),
      m_copy(new QPushButton(tr("Copy as ifritctl command"), this)),
      m_save(new QPushButton(tr("Save draft"), this)),
      m_forward(primaryButton({}, this)),
      m_campaigns(campaigns) {
    setWindowTitle(tr("New release"));
    const QSize wanted(1040, 860);
    resize(wanted.boundedTo(screen()->availableSize() * 9 / 10));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 16, 20, 16);
    layout->setSpacing(12);
    auto* title = new QLabel(tr("New release"), this);
    title->setFont(theme.titleFont());
    layout->addWidget(title);
    m_form->offerCampaign(campaigns);
    m_stack->addWidget(scrolled(m_form));
    m_stack->addWidget(buildReview());
    layout->addWidget(m_stack, 1);
    m_hint->setWordWrap(true);
    m_hint->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(m_hint);
    buildButtons();
    presenter.begin();
    // Before anybody follows the form: empty fields would be taken for what was typed.
    m_form->takeProposal();
    connectParts();
    m_form->edit();
}

/// On a small screen, or with large letters.
QScrollArea* NewReleaseDialog::scrolled(QWidget* page) {
    auto* scroll = new QScrollArea(m_stack);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(page);
    page->setAutoFillBackground(false);
    scroll->viewport()->setAutoFillBackground(false);
    scroll->setMinimumWidth(std::max(page->minimumSizeHint().width(), page->minimumWidth()) +
                            scroll->verticalScrollBar()->sizeHint().width());
    return scroll;
}

QWidget* NewReleaseDialog::buildReview() {
    auto* page = new QWidget(m_stack);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(widgets::headingLabel(tr("The master's plan"), page));
    m_plan = new widgets::FactList(m_theme, page);
    column->addWidget(m_plan);
    m_conflicts = new QLabel(page);
    m_conflicts->setProperty("look", QLatin1String("fail"));
    m_refusals = widgets::mutedLabel({}, page);
    for (QLabel* label : {m_conflicts, m_refusals}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        column->addWidget(label);
    }
    column->addStretch(1);
    return scrolled(page);
}

void NewReleaseDialog::buildButtons() {
    auto* row = new QHBoxLayout;
    row->addWidget(m_back);
    row->addWidget(m_copy);
    row->addStretch(1);
    auto* cancel = new QPushButton(tr("Close"), this);
    for (QPushButton* button : {cancel, m_back, m_copy, m_save, m_forward})
        button->setAutoDefault(false);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    row->addWidget(cancel);
    row->addWidget(m_save);
    row->addWidget(m_forward);
    static_cast<QVBoxLayout*>(layout())->addLayout(row);
}

void NewReleaseDialog::connectParts() {
    connect(m_back, &QPushButton::clicked, &m_presenter, &NewReleasePresenter::back);
    connect(m_forward, &QPushButton::clicked, this, &NewReleaseDialog::forward);
    connect(m_save, &QPushButton::clicked, &m_presenter, &NewReleasePresenter::save);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(widgets::CommandTarget::textOf(
            *this, {m_presenter.command()}, m_presenter.form().reason.trimmed()));
    });
    connect(this, &QDialog::rejected, &m_presenter, &NewReleasePresenter::dismiss);
    connect(&m_presenter, &NewReleasePresenter::saved, this, &QDialog::accept);
    connect(&m_presenter, &NewReleasePresenter::changed, this, &NewReleaseDialog::update);
    connect(&m_presenter, &NewReleasePresenter::started, this, &QDialog::accept);
}

void NewReleaseDialog::update() {
    const Step step = m_presenter.step();
    if (!m_form->show(m_presenter.form())) return;
    m_stack->setCurrentIndex(step == Step::Review || step == Step::Starting ? 1 : 0);
    m_plan->setFacts(m_presenter.planFacts());
    m_conflicts->setText(m_presenter.conflicts().join(QLatin1Char('\n')));
    m_refusals->setText(m_presenter.refusals().join(QLatin1Char('\n')));
    m_conflicts->setVisible(!m_conflicts->text().isEmpty());
    m_refusals->setVisible(!m_refusals->text().isEmpty());
    m_back->setVisible(step == Step::Review);
    updateForward();
}

void NewReleaseDialog::updateForward() {
    const Step step = m_presenter.step();
    const bool reviewing = step == Step::Review || step == Step::Starting;
    const bool campaign = m_form->asCampaign();
    m_forward->setText(!reviewing ? tr("Review plan") : campaign ? tr("Clusters…") : tr("Start…"));
    QString problem = m_presenter.problem();
    if (problem.isEmpty() && campaign && m_form->clusters().size() < 2)
        problem = tr("Choose two clusters or more; for one cluster make a release.");
    QString why = problem;
    // A campaign starts nothing yet: each cluster is started with a plan of its own.
    if (reviewing) why = campaign ? QString() : m_presenter.startAction().whyNot;
    if (step == Step::Planning) why = tr("The master plans.");
    if (step == Step::Saving) why = tr("The draft is being made.");
    apply(m_forward, {why});
    apply(m_save, m_presenter.saveAction(),
          tr("Leaves it on the master as a draft, which changes nothing until it is started"));
    apply(m_copy, {problem});
    const bool failed = !m_presenter.error().isEmpty();
    m_hint->setText(failed ? m_presenter.error() : why);
    widgets::setLook(m_hint, failed ? "fail" : "muted");
}

void NewReleaseDialog::forward() {
    if (m_presenter.step() == Step::Form) {
        m_presenter.plan();
        return;
    }
    if (m_form->asCampaign()) {
        chooseClusters();
        return;
    }
    widgets::DangerSheet sheet(m_theme, m_presenter.startFacts(), this);
    if (sheet.exec() == QDialog::Accepted) m_presenter.start(sheet.reason());
}

// The campaign has the spec of the draft, and drafts of its own: this one is not wanted any more.
void NewReleaseDialog::chooseClusters() {
    NewCampaignDialog dialog(m_theme, *m_campaigns, this, m_presenter.draftId(),
                             m_form->clusters());
    if (dialog.exec() != QDialog::Accepted) return;
    m_madeCampaign = true;
    m_presenter.dismiss();
    accept();
}

}  // namespace ifrit::gui::pages
