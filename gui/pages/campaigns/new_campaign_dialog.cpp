// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/campaigns/new_campaign_dialog.h"

#include <QClipboard>
#include <QFormLayout>
#include <QGuiApplication>
#include <QVBoxLayout>

#include "gui/pages/page.h"
#include "gui/widgets/command_target.h"
#include "gui/widgets/panel.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {

using presenters::NewCampaignPresenter;

namespace {

constexpr int kMaxSettleMinutes = 7 * 24 * 60;
constexpr int kMaxDays = 365;

}  // namespace

NewCampaignDialog::NewCampaignDialog(const widgets::Theme& theme, NewCampaignPresenter& presenter,
                                     QWidget* parent, const QString& releaseId,
                                     const QStringList& clusters)
    : QDialog(parent),
      m_presenter(presenter),
      m_release(new QComboBox(this)),
      m_name(new QLineEdit(this)),
      m_clusters(new ClusterOrder(this)),
      m_settle(new QSpinBox(this)),
      m_expires(new QSpinBox(this)),
      m_reason(new QLineEdit(this)),
      m_note(widgets::mutedLabel({}, this)),
      m_hint(new QLabel(this)),
      m_copy(new QPushButton(tr("Copy as ifritctl command"), this)),
      m_create(primaryButton(tr("Make the campaign"), this)) {
    setWindowTitle(tr("New campaign"));
    resize(600, 560);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 16, 20, 16);
    layout->setSpacing(12);
    auto* title = new QLabel(tr("New campaign"), this);
    title->setFont(theme.titleFont());
    layout->addWidget(title);
    buildForm(layout);
    for (QLabel* label : {m_note, m_hint}) {
        label->setWordWrap(true);
        layout->addWidget(label);
    }
    m_hint->setTextInteractionFlags(Qt::TextSelectableByMouse);
    buildButtons(layout);
    connectParts();
    presenter.begin(releaseId, clusters);
    update();
}

void NewCampaignDialog::buildForm(QVBoxLayout* layout) {
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    m_release->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    form->addRow(tr("From release"), m_release);
    form->addRow(tr("Name"), m_name);
    form->addRow(tr("Clusters, in order"), m_clusters);
    for (QSpinBox* box : {m_settle, m_expires})
        box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_settle->setRange(0, kMaxSettleMinutes);
    m_settle->setSuffix(tr(" min"));
    form->addRow(tr("Must stand for"), m_settle);
    m_expires->setRange(1, kMaxDays);
    const auto sayDays = [this](int days) { m_expires->setSuffix(tr(" day(s)", "", days)); };
    sayDays(m_expires->value());
    connect(m_expires, &QSpinBox::valueChanged, this, sayDays);
    form->addRow(tr("Expires in"), m_expires);
    m_reason->setPlaceholderText(tr("For the audit: a ticket, or why now"));
    form->addRow(tr("Reason"), m_reason);
    layout->addLayout(form, 1);
    m_release->setAccessibleName(tr("From release"));
    m_name->setAccessibleName(tr("Name"));
    m_settle->setAccessibleName(tr("Must stand for"));
    m_expires->setAccessibleName(tr("Expires in"));
    m_reason->setAccessibleName(tr("Reason"));
}

void NewCampaignDialog::buildButtons(QVBoxLayout* layout) {
    auto* row = new QHBoxLayout;
    m_copy->setAutoDefault(false);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(widgets::CommandTarget::textOf(
            *this, {m_presenter.command()}, m_reason->text().trimmed()));
    });
    row->addWidget(m_copy);
    row->addStretch(1);
    auto* close = new QPushButton(tr("Close"), this);
    close->setAutoDefault(false);
    m_create->setAutoDefault(false);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    row->addWidget(close);
    row->addWidget(m_create);
    // Made before the other, and beside it.
    setTabOrder(close, m_create);
    layout->addLayout(row);
}

void NewCampaignDialog::connectParts() {
    const auto edited = [this] {
        if (!m_filling) m_presenter.setForm(typed());
    };
    connect(m_release, &QComboBox::currentIndexChanged, this, edited);
    connect(m_name, &QLineEdit::textEdited, this, edited);
    connect(m_clusters, &ClusterOrder::edited, this, edited);
    connect(m_settle, &QSpinBox::valueChanged, this, edited);
    connect(m_expires, &QSpinBox::valueChanged, this, edited);
    connect(m_create, &QPushButton::clicked, this,
            [this] { m_presenter.create(m_reason->text().trimmed()); });
    connect(&m_presenter, &NewCampaignPresenter::changed, this, &NewCampaignDialog::update);
    connect(&m_presenter, &NewCampaignPresenter::created, this, [this] {
        // What a cluster did not take stays to be read.
        if (m_presenter.error().isEmpty()) accept();
    });
}

void NewCampaignDialog::fillReleases() {
    const auto choices = m_presenter.releases();
    if (m_release->count() != static_cast<int>(choices.size())) {
        m_release->clear();
        for (const auto& choice : choices)
            m_release->addItem(choice.text, choice.id);
    }
    m_release->setCurrentIndex(m_release->findData(m_presenter.form().releaseId));
}

NewCampaignPresenter::Form NewCampaignDialog::typed() const {
    NewCampaignPresenter::Form out;
    out.name = m_name->text();
    out.releaseId = m_release->currentData().toString();
    out.clusters = m_clusters->chosen();
    out.settleMinutes = m_settle->value();
    out.expiresDays = m_expires->value();
    return out;
}

void NewCampaignDialog::update() {
    m_filling = true;
    const auto& form = m_presenter.form();
    fillReleases();
    m_clusters->offer(m_presenter.places(), form.clusters);
    if (m_name->text() != form.name) m_name->setText(form.name);
    m_settle->setValue(form.settleMinutes);
    m_expires->setValue(form.expiresDays);
    m_filling = false;
    const QString warning = m_presenter.warning();
    widgets::setLook(m_note, warning.isEmpty() ? "muted" : "wait");
    m_note->setText(!warning.isEmpty() ? warning
                    : m_presenter.dropsGrayList()
                        ? tr("The machines of the release's gray list are of this cluster: the "
                             "other clusters have none. Each cluster is started by a person, with "
                             "its own plan.")
                        : tr("It changes no machine: each cluster is started by a person, with its "
                             "own plan."));
    const QString problem = m_presenter.problem();
    const bool failed = !m_presenter.error().isEmpty();
    m_hint->setText(failed ? m_presenter.error() : problem);
    widgets::setLook(m_hint, failed ? "fail" : "muted");
    apply(m_create, {problem});
    apply(m_copy, {problem});
}

}  // namespace ifrit::gui::pages
