// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/releases/new_release_dialog.h"

#include <QClipboard>
#include <QCloseEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMessageBox>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>

#include "gui/pages/campaigns/new_campaign_dialog.h"
#include "gui/pages/page.h"
#include "gui/pages/releases/plan_review.h"
#include "gui/widgets/command_target.h"
#include "gui/widgets/danger_sheet.h"
#include "gui/widgets/panel.h"
#include "gui/widgets/scrolled.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {

using presenters::NewReleasePresenter;
using Step = NewReleasePresenter::Step;

NewReleaseDialog::NewReleaseDialog(const widgets::Theme& theme, NewReleasePresenter& presenter,
                                   QWidget* parent, presenters::NewCampaignPresenter* campaigns)
    : QDialog(parent),
      m_theme(theme),
      m_presenter(presenter),
      m_title(new QLabel(tr("New release"), this)),
      m_place(new QLabel(this)),
      m_stack(new QStackedWidget(this)),
      m_form(new NewReleaseForm(theme, presenter, m_stack)),
      m_plan(new PlanReview(theme, presenter, m_stack)),
      m_hint(new QLabel(this)),
      m_back(new QPushButton(tr("Back"), this)),
      m_copy(new QPushButton(tr("Copy as ifritctl command"), this)),
      m_save(new QPushButton(tr("Save draft"), this)),
      m_forward(primaryButton({}, this)),
      m_campaigns(campaigns) {
    setWindowTitle(tr("New release"));
    // Beside the screen's own bars: nothing is to be scrolled for on a laptop.
    constexpr QSize kWanted(1040, 860);
    constexpr QSize kAround(24, 48);
    resize(kWanted.boundedTo(screen()->availableSize() - kAround));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 16, 20, 16);
    layout->setSpacing(12);
    m_title->setFont(theme.titleFont());
    m_title->setWordWrap(true);
    auto* head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    // Over the window's line, which the dialog covers.
    m_place->setObjectName(QStringLiteral("place"));
    head->addWidget(m_place, 0, Qt::AlignTop);
    layout->addLayout(head);
    m_form->offerCampaign(campaigns);
    m_stack->addWidget(scrolled(m_form));
    m_stack->addWidget(scrolled(m_plan));
    layout->addWidget(m_stack, 1);
    buildReason();
    m_hint->setWordWrap(true);
    m_hint->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(m_hint);
    buildButtons();
    presenter.begin();
    // Before anybody follows the form: empty fields would be taken for what was typed.
    m_form->takeProposal();
    connectParts();
    m_form->edit();
    m_proposed = presenter.form();
}

/// On a small screen, or with large letters.
QScrollArea* NewReleaseDialog::scrolled(QWidget* page) {
    QScrollArea* scroll = widgets::scrolled(page, m_stack);
    scroll->setFrameShape(QFrame::StyledPanel);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setMinimumWidth(std::max(page->minimumSizeHint().width(), page->minimumWidth()) +
                            scroll->verticalScrollBar()->sizeHint().width());
    return scroll;
}

/// Below what scrolls: on a small screen nobody would see that a reason can be given.
void NewReleaseDialog::buildReason() {
    m_reason = new QWidget(this);
    auto* row = new QHBoxLayout(m_reason);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(16);
    auto* label = new QLabel(tr("Reason"), m_reason);
    label->setMinimumWidth(m_form->labelWidth());
    row->addWidget(label);
    row->addWidget(m_form->reasonField(), 1);
    layout()->addWidget(m_reason);
}

void NewReleaseDialog::buildButtons() {
    auto* row = new QHBoxLayout;
    row->addWidget(m_back);
    row->addWidget(m_copy);
    row->addStretch(1);
    auto* cancel = new QPushButton(tr("Close"), this);
    for (QPushButton* button : {cancel, m_back, m_copy, m_save, m_forward})
        button->setAutoDefault(false);
    connect(cancel, &QPushButton::clicked, this, &NewReleaseDialog::leave);
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
    const bool reviewing = step == Step::Review || step == Step::Starting;
    m_stack->setCurrentIndex(reviewing ? 1 : 0);
    showPlace();
    m_title->setText(reviewing ? m_presenter.reviewTitle() : tr("New release"));
    // The draft has been made with it.
    m_reason->setVisible(!reviewing);
    m_plan->update();
    m_back->setVisible(step == Step::Review);
    updateForward();
}

void NewReleaseDialog::showPlace() {
    const models::ClusterPlace place = m_presenter.place();
    if (m_place->text() == place.text()) return;
    m_place->setText(place.text());
    widgets::setLook(m_place, place.isProduction() ? "production" : "muted");
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
    const auto follow = [this](widgets::DangerSheet& sheet) {
        sheet.follow(m_presenter, &NewReleasePresenter::changed,
                     [this] { return m_presenter.startAction().whyNot; });
    };
    if (const auto said =
            widgets::DangerSheet::ask(m_theme, m_presenter.startFacts(), this, follow))
        m_presenter.start(said->reason);
}

void NewReleaseDialog::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) return leave();
    QDialog::keyPressEvent(event);
}

void NewReleaseDialog::closeEvent(QCloseEvent* event) {
    event->ignore();
    leave();
}

void NewReleaseDialog::leave() {
    if (!m_presenter.form().isFilled(m_proposed) && !m_form->asCampaign()) return reject();
    QMessageBox question(QMessageBox::Question, tr("New release"),
                         tr("Close the form? What you have typed is thrown away."),
                         QMessageBox::NoButton, this);
    question.setInformativeText(
        tr("\"Save draft\" keeps it on the master, where it can be started later."));
    auto* discard = question.addButton(tr("Throw away"), QMessageBox::DestructiveRole);
    auto* stay = question.addButton(tr("Go on with the form"), QMessageBox::RejectRole);
    question.setDefaultButton(stay);
    question.setEscapeButton(stay);
    question.exec();
    if (question.clickedButton() == discard) reject();
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
