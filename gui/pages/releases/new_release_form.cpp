// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/releases/new_release_form.h"

#include <QFormLayout>
#include <QHBoxLayout>

#include <algorithm>
#include <functional>
#include <utility>

#include "gui/pages/campaigns/cluster_order.h"
#include "gui/pages/page.h"
#include "gui/pages/releases/new_release_gates.h"
#include "gui/pages/releases/new_release_rules.h"
#include "gui/widgets/panel.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {

using presenters::NewCampaignPresenter;
using presenters::NewReleasePresenter;

namespace {

constexpr int kLeastWidth = 900;
constexpr int kClustersHeight = 104;  ///< four of them

/// " minute", " minutes": what stands behind a number follows it.
void follow(QSpinBox* box, std::function<QString(int)> suffixOf) {
    const auto say = [box, suffix = std::move(suffixOf)](int value) {
        box->setSuffix(suffix(value));
    };
    say(box->value());
    QObject::connect(box, &QSpinBox::valueChanged, box, say);
}

void allow(std::initializer_list<QWidget*> fields, bool on, const QString& whyNot) {
    for (QWidget* field : fields)
        apply(field, {on ? QString() : whyNot});
}

}  // namespace

NewReleaseForm::NewReleaseForm(const widgets::Theme& theme, NewReleasePresenter& presenter,
                               QWidget* parent)
    : QWidget(parent), m_theme(theme), m_presenter(presenter) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(32);
    // Two numbers stand beside each other in one row, with their words.
    setMinimumWidth(kLeastWidth);
    // Beside each other: a laptop's screen is not high enough for one below the other.
    QFormLayout* left = addColumn(row);
    m_left = left;
    QFormLayout* right = addColumn(row);
    addWhat(left);
    addWhere(left);
    addHow(left);
    addStages(right);
    addHeading(right, tr("Gates: what halts it"));
    m_gates = new NewReleaseGates(theme, right, this);
    addHeading(right, tr("Rules"));
    m_rules = new NewReleaseRules(right, this);
    m_reason = new QLineEdit(this);
    m_reason->setPlaceholderText(tr("For the audit: a ticket, or why now"));
    m_reason->setAccessibleName(tr("Reason"));
    connectParts();
}

QFormLayout* NewReleaseForm::addColumn(QHBoxLayout* row) {
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(6);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    auto* column = new QVBoxLayout;
    column->addLayout(form);
    column->addStretch(1);
    row->addLayout(column, 1);
    return form;
}

int NewReleaseForm::labelWidth() const {
    int width = 0;
    for (int row = 0; row < m_left->rowCount(); ++row) {
        const QLayoutItem* label = m_left->itemAt(row, QFormLayout::LabelRole);
        if (label != nullptr) width = std::max(width, label->sizeHint().width());
    }
    return width;
}

/// Of a group below another one.
void NewReleaseForm::addHeading(QFormLayout* form, const QString& text) {
    QLabel* heading = widgets::headingLabel(text, this);
    heading->setContentsMargins(0, 10, 0, 0);
    form->addRow(heading);
}

void NewReleaseForm::addWhat(QFormLayout* form) {
    form->addRow(widgets::headingLabel(tr("What"), this));
    m_kind = new QComboBox(this);
    m_kind->addItems({tr("Install a version"), tr("Uninstall, keep its data"),
                      tr("Uninstall, remove its data too")});
    form->addRow(tr("Action"), m_kind);
    m_agent = new QComboBox(this);
    form->addRow(tr("Agent"), m_agent);
    m_version = new QComboBox(this);
    form->addRow(tr("Version"), m_version);
    m_types = new QWidget(this);
    auto* types = new QHBoxLayout(m_types);
    types->setContentsMargins(0, 0, 0, 0);
    types->setSpacing(14);
    types->addStretch(1);
    form->addRow(tr("Machine types"), m_types);
    m_runsNow = widgets::mutedLabel({}, this);
    m_runsNow->setWordWrap(true);
    m_runsNow->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_runsNow->setObjectName(QStringLiteral("runs-now"));
    form->addRow(tr("Runs now"), m_runsNow);
}

void NewReleaseForm::addWhere(QFormLayout* form) {
    addHeading(form, tr("Where it is tried first"));
    m_gray = new QCheckBox(tr("Gray stage: try it on named machines, then verify"), this);
    m_gray->setChecked(true);
    form->addRow(m_gray);
    m_uuids = new QPlainTextEdit(this);
    m_uuids->setFont(m_theme.monospaceFont());
    m_uuids->setPlaceholderText(tr("uuids, one a line"));
    m_uuids->setTabChangesFocus(true);
    m_uuids->setFixedHeight(64);
    form->addRow(tr("Machines"), m_uuids);
    m_pin = new QLineEdit(this);
    form->addRow(tr("or pin"), m_pin);
    m_labels = new QLineEdit(this);
    m_labels->setPlaceholderText(tr("key=value key=value, all must match"));
    form->addRow(tr("or labels"), m_labels);
    m_grayCount = widgets::mutedLabel({}, this);
    form->addRow(QString(), m_grayCount);
    m_campaign = new QCheckBox(tr("In further clusters too, one after another: a campaign"), this);
    m_campaign->setObjectName(QStringLiteral("campaign"));
    form->addRow(m_campaign);
    m_clusters = new ClusterOrder(this);
    m_clusters->setFixedHeight(kClustersHeight);
    m_clusters->setVisible(false);
    form->addRow(m_clusters);
}

void NewReleaseForm::offerCampaign(presenters::NewCampaignPresenter* campaigns) {
    m_campaigns = campaigns;
    m_campaign->setVisible(campaigns != nullptr);
    if (campaigns == nullptr) return;
    connect(campaigns, &NewCampaignPresenter::reopened, this, &NewReleaseForm::showClusters);
    connect(campaigns, &NewCampaignPresenter::changed, this, &NewReleaseForm::offerClusters);
}

QStringList NewReleaseForm::clusters() const {
    return m_clusters->chosen();
}

/// Which there are is asked for once somebody wants them.
void NewReleaseForm::showClusters() {
    const bool wanted = m_campaigns != nullptr && m_campaign->isChecked();
    m_clusters->setVisible(wanted);
    if (!wanted) return;
    m_campaigns->openClusters();
    offerClusters();
}

/// What is new is ticked; what the operator left out stays so.
void NewReleaseForm::offerClusters() {
    if (!m_campaign->isChecked()) return;
    const QStringList before = clusters();
    const QStringList all = m_campaigns->clusters();
    QStringList fresh = all;
    fresh.removeIf([this](const QString& cluster) { return m_offered.contains(cluster); });
    m_offered = all;
    m_clusters->offer(m_campaigns->places(), before + fresh);
    if (clusters() != before) edit();
}

void NewReleaseForm::addPilot(QFormLayout* form) {
    m_pilot = new QSpinBox(this);
    m_pilot->setRange(0, 100);
    m_pilot->setSuffix(tr(" % of each machine type"));
    m_pilotCount = new QSpinBox(this);
    m_pilotCount->setRange(0, 1'000'000);
    m_pilotCount->setPrefix(tr("at least ", "machines of a pilot"));
    m_pilotCount->setSpecialValueText(tr("no minimum"));
    for (QSpinBox* box : {m_pilot, m_pilotCount}) {
        box->setButtonSymbols(QAbstractSpinBox::NoButtons);
        box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    }
    m_pilot->setSpecialValueText(tr("no share"));
    m_pilot->setAccessibleName(tr("Pilot"));
    m_pilotCount->setAccessibleName(tr("Least machines of each type in the pilot"));
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_pilot, 1);
    row->addWidget(m_pilotCount, 1);
    form->addRow(tr("Pilot"), row);
}

void NewReleaseForm::addStages(QFormLayout* form) {
    form->addRow(widgets::headingLabel(tr("Then, stage by stage"), this));
    addPilot(form);
    m_batches = new QCheckBox(tr("Hash batches of the cluster's ring, one at a time"), this);
    form->addRow(tr("Batches"), m_batches);
    m_interval = new QSpinBox(this);
    m_interval->setRange(0, 10'080);
    follow(m_interval, [](int n) { return tr(" minute(s) from one batch to the next", "", n); });
    form->addRow(tr("Interval"), m_interval);
    m_promote = new QCheckBox(tr("Each batch waits for promote"), this);
    form->addRow(QString(), m_promote);
    m_order = new QLineEdit(this);
    m_order->setPlaceholderText(tr("rotated by release; or every batch once: 3 1 2"));
    form->addRow(tr("Order"), m_order);
    m_maxInFlight = new QSpinBox(this);
    m_maxInFlight->setRange(0, 1'000'000);
    m_maxInFlight->setSpecialValueText(tr("no limit"));
    follow(m_maxInFlight, [](int n) { return tr(" machine(s) at the same time", "", n); });
    form->addRow(tr("In flight"), m_maxInFlight);
    for (QSpinBox* box : {m_interval, m_maxInFlight}) {
        box->setButtonSymbols(QAbstractSpinBox::NoButtons);
        box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    }
    m_batches->setAccessibleName(tr("Batches"));
    m_interval->setAccessibleName(tr("Batch interval"));
    m_order->setAccessibleName(tr("Batch order"));
    m_maxInFlight->setAccessibleName(tr("Machines in flight"));
}

void NewReleaseForm::takeProposal() {
    m_filling = true;
    const auto& form = m_presenter.form();
    m_pilot->setValue(form.pilotPercent);
    m_pilotCount->setValue(form.pilotCount);
    m_batches->setChecked(form.batches);
    m_interval->setValue(form.intervalMinutes);
    m_promote->setChecked(form.promote);
    m_maxInFlight->setValue(form.maxInFlight);
    m_filling = false;
}

void NewReleaseForm::addHow(QFormLayout* form) {
    addHeading(form, tr("How"));
    m_soak = new QSpinBox(this);
    m_soak->setRange(0, 10'080);
    m_soak->setValue(10);
    follow(m_soak, [](int n) { return tr(" minute(s) before verify", "", n); });
    form->addRow(tr("Soak"), m_soak);
    m_deadline = new QSpinBox(this);
    m_deadline->setRange(1, 10'080);
    m_deadline->setValue(10);
    follow(m_deadline, [](int n) { return tr(" minute(s) for each machine", "", n); });
    form->addRow(tr("Deadline"), m_deadline);
    m_downloadRate = new QLineEdit(this);
    m_downloadRate->setPlaceholderText(tr("as each machine is configured; or 2MB/s"));
    m_downloadRate->setToolTip(
        tr("The most that each machine downloads with: MB or MiB, KB or KiB a second. Where the "
           "machine's own configuration says less, that holds."));
    form->addRow(tr("Download rate"), m_downloadRate);
    m_auto = new QCheckBox(tr("Go on by itself once soak is over and the gates pass"), this);
    form->addRow(QString(), m_auto);
    for (QComboBox* box : {m_kind, m_agent, m_version})
        box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    for (QSpinBox* box : {m_soak, m_deadline}) {
        box->setButtonSymbols(QAbstractSpinBox::NoButtons);
        box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    }
    const QList<QPair<QWidget*, QString>> names = {{m_kind, tr("Action")},
                                                   {m_agent, tr("Agent")},
                                                   {m_version, tr("Version")},
                                                   {m_uuids, tr("Gray machines by uuid")},
                                                   {m_pin, tr("Gray pin")},
                                                   {m_labels, tr("Gray labels")},
                                                   {m_soak, tr("Soak")},
                                                   {m_deadline, tr("Deadline")},
                                                   {m_downloadRate, tr("Download rate")}};
    for (const auto& [widget, name] : names)
        widget->setAccessibleName(name);
}

QStringList NewReleaseForm::chosenTypes() const {
    QStringList out;
    for (const QCheckBox* box : m_typeBoxes) {
        if (box->isChecked() && !box->isHidden()) out << box->text();
    }
    return out;
}

void NewReleaseForm::refill() {
    // Filling is not editing: what was chosen stays where it still exists.
    m_filling = true;
    const auto fill = [](QComboBox* box, const QStringList& texts) {
        const QString chosen = box->currentText();
        QStringList now;
        for (int i = 0; i < box->count(); ++i)
            now << box->itemText(i);
        if (now == texts) return;
        box->clear();
        box->addItems(texts);
        box->setCurrentIndex(std::max(0, static_cast<int>(texts.indexOf(chosen))));
    };
    fill(m_agent, m_presenter.agents());
    fill(m_version, m_presenter.versions(m_agent->currentText()));
    refillTypes(m_presenter.types(m_agent->currentText(), m_version->currentText(),
                                  static_cast<NewReleasePresenter::Kind>(m_kind->currentIndex())));
    m_filling = false;
}

void NewReleaseForm::refillTypes(const QStringList& types) {
    while (m_typeBoxes.size() < types.size()) {
        auto* box = new QCheckBox(m_types);
        static_cast<QHBoxLayout*>(m_types->layout())->insertWidget(int(m_typeBoxes.size()), box);
        setTabOrder(m_typeBoxes.isEmpty() ? m_version : static_cast<QWidget*>(m_typeBoxes.last()),
                    box);
        connect(box, &QCheckBox::clicked, this, [this, box](bool on) {
            m_leftOut[box->text()] = !on;
            edit();
        });
        m_typeBoxes.append(box);
    }
    for (qsizetype i = 0; i < m_typeBoxes.size(); ++i) {
        m_typeBoxes[i]->setVisible(i < types.size());
        if (i >= types.size()) continue;
        m_typeBoxes[i]->setText(types[i]);
        m_typeBoxes[i]->setChecked(!m_leftOut.value(types[i]));
    }
}

void NewReleaseForm::connectParts() {
    for (QComboBox* box : {m_kind, m_agent, m_version})
        connect(box, &QComboBox::activated, this, &NewReleaseForm::edit);
    connect(m_gates, &NewReleaseGates::edited, this, &NewReleaseForm::edit);
    connect(m_rules, &NewReleaseRules::edited, this, &NewReleaseForm::edit);
    for (QLineEdit* field : {m_pin, m_labels, m_order, m_reason, m_downloadRate})
        connect(field, &QLineEdit::textChanged, this, &NewReleaseForm::edit);
    for (QSpinBox* field : {m_soak, m_deadline, m_pilot, m_pilotCount, m_interval, m_maxInFlight})
        connect(field, &QSpinBox::valueChanged, this, &NewReleaseForm::edit);
    // Before the form is judged by them.
    connect(m_campaign, &QCheckBox::toggled, this, &NewReleaseForm::showClusters);
    for (QCheckBox* box : {m_gray, m_auto, m_batches, m_promote, m_campaign})
        connect(box, &QCheckBox::toggled, this, &NewReleaseForm::edit);
    connect(m_uuids, &QPlainTextEdit::textChanged, this, &NewReleaseForm::edit);
    connect(m_clusters, &ClusterOrder::edited, this, &NewReleaseForm::edit);
}

void NewReleaseForm::edit() {
    if (!m_filling) m_presenter.setForm(typed());
}

NewReleasePresenter::Form NewReleaseForm::typed() const {
    NewReleasePresenter::Form form;
    form.kind = static_cast<NewReleasePresenter::Kind>(m_kind->currentIndex());
    form.agent = m_agent->currentText();
    form.version = m_version->currentText();
    form.types = chosenTypes();
    form.gray = m_gray->isChecked();
    form.uuids = m_uuids->toPlainText();
    form.pin = m_pin->text();
    form.labels = m_labels->text();
    form.pilotPercent = m_pilot->value();
    form.pilotCount = m_pilotCount->value();
    form.batches = m_batches->isChecked();
    form.intervalMinutes = m_interval->value();
    form.promote = m_promote->isChecked();
    form.order = m_order->text();
    form.maxInFlight = m_maxInFlight->value();
    form.soakMinutes = m_soak->value();
    form.deadlineMinutes = m_deadline->value();
    form.downloadRate = m_downloadRate->text();
    form.autoVerify = m_auto->isChecked();
    m_gates->fill(form);
    m_rules->fill(form);
    form.reason = m_reason->text();
    return form;
}

bool NewReleaseForm::show(const NewReleasePresenter::Form& form) {
    refill();
    if (form.agent != m_agent->currentText() || form.version != m_version->currentText() ||
        form.types != chosenTypes()) {
        edit();
        return false;
    }
    allow({m_version}, form.kind == NewReleasePresenter::Kind::Install,
          tr("All versions are uninstalled."));
    allow({m_uuids, m_pin, m_labels}, form.gray, tr("There is no gray stage."));
    allow({m_soak, m_auto}, form.gray || form.hasPilot(),
          tr("There is neither a gray stage nor a pilot."));
    allow({m_interval, m_promote, m_order}, form.batches, tr("There are no batches."));
    m_runsNow->setText(m_presenter.runsNow());
    const int gray = m_presenter.grayMachines();
    m_grayCount->setText(gray < 0 ? QString() : tr("%n machine(s) known here", "", gray));
    return true;
}

}  // namespace ifrit::gui::pages
